"""Replies of the Engine API read by type: what is missing or of another type is Malformed."""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

Object = Mapping[str, Any]


class MalformedReply(ValueError):
    """A reply that is not what the Engine API describes."""


def loads(body: bytes) -> Any:
    """One JSON document."""
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        raise MalformedReply("it is not JSON") from None


def obj(value: Any, name: str = "the reply") -> Object:
    """A JSON object."""
    if not isinstance(value, dict):
        raise MalformedReply(f"{name} is no object")
    return value


def objects(value: Any) -> Iterator[Object]:
    """A JSON array of objects; null counts as empty."""
    if not isinstance(value, list | None):
        raise MalformedReply("the reply is no list")
    return (obj(item, "an item") for item in value or [])


def inner(source: Object, key: str) -> Object:
    """An object inside; absent and null are empty."""
    value = source.get(key)
    return {} if value is None else obj(value, key)


def text(source: Object, key: str, default: str | None = None) -> str:
    """A string; only one with a default may be absent or null. Lone surrogates are replaced."""
    value = source.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, str):
        raise MalformedReply(f"{key} is no text")
    return _sound(value)


def integer(source: Object, key: str, default: int | None = None) -> int:
    """A whole number; only one with a default may be absent or null."""
    value = source.get(key)
    if value is None and default is not None:
        return default
    if not isinstance(value, int) or isinstance(value, bool):
        raise MalformedReply(f"{key} is no number")
    return value


def texts(source: Object, key: str) -> tuple[str, ...]:
    """A list of strings; absent and null are empty."""
    value = source.get(key)
    if value is None:
        return ()
    if not isinstance(value, list) or not all(isinstance(item, str) for item in value):
        raise MalformedReply(f"{key} is no list of texts")
    return tuple(_sound(item) for item in value)


def labels(source: Object, key: str) -> dict[str, str]:
    """A map of strings; absent and null are empty."""
    value = inner(source, key)
    if not all(isinstance(item, str) for item in value.values()):
        raise MalformedReply(f"{key} is no map of texts")
    return {_sound(name): _sound(item) for name, item in value.items()}


def moment(source: Object, key: str) -> datetime | None:
    """An RFC 3339 time, in UTC; the engine writes year 1 (or nothing) for never."""
    value = text(source, key, "")
    if not value or value.startswith("0001-"):
        return None
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedReply(f"{key} is no time") from None


def epoch(source: Object, key: str) -> datetime:
    """Seconds since 1970, in UTC."""
    seconds = integer(source, key)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise MalformedReply(f"{key} is no time") from None


def _sound(value: str) -> str:
    return value.encode("utf-8", "replace").decode("utf-8")
