"""JSON from outside, read by type: what is missing or of another type is a MalformedReply.

A reader takes a value and the path to what it reads; null or nothing on the way counts as null.
"""

import json
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any, TypeVar

Object = Mapping[str, Any]
T = TypeVar("T")


class MalformedReply(ValueError):
    """A reply that its API does not describe; the text says what is wrong with it."""


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


def field(value: Any, *path: str) -> Any:
    """What lies at the end of the path, of any type."""
    name = "the reply"
    for key in path:
        if value is None:
            return None
        value, name = obj(value, name).get(key), key
    return value


def text(value: Any, *path: str, default: str | None = None) -> str:
    """A string; only one with a default may be null. Lone surrogates are replaced."""
    return _sound(_typed(value, path, "text", str, default))


def integer(value: Any, *path: str, default: int | None = None) -> int:
    """A whole number; only one with a default may be null."""
    return _typed(value, path, "number", int, default)


def flag(value: Any, *path: str, default: bool | None = None) -> bool:
    """A boolean; only one with a default may be null."""
    return _typed(value, path, "yes or no", bool, default)


def items(value: Any, *path: str, default: list[Any] | None = None) -> list[Any]:
    """A list of anything; only one with a default may be null."""
    return _typed(value, path, "list", list, default)


def objects(value: Any, *path: str) -> Iterator[Object]:
    """A list of objects; null is empty, as Go writes a list without items."""
    return (obj(item, "an item") for item in items(value, *path, default=[]))


def texts(value: Any, *path: str) -> tuple[str, ...]:
    """A list of strings; null is empty."""
    strings = _typed(value, path, "list of texts", list, [])
    if not all(isinstance(string, str) for string in strings):
        raise MalformedReply(f"{_name(path)} is no list of texts")
    return tuple(_sound(string) for string in strings)


def labels(value: Any, *path: str) -> dict[str, str]:
    """A map of strings; null is empty."""
    mapping = _typed(value, path, "object", dict, {})
    if not all(isinstance(label, str) for label in mapping.values()):
        raise MalformedReply(f"{_name(path)} is no map of texts")
    return {_sound(key): _sound(label) for key, label in mapping.items()}


def moment(value: Any, *path: str) -> datetime:
    """An RFC 3339 time, in UTC; it always names its zone."""
    written = text(value, *path)
    try:
        at = datetime.fromisoformat(written)
        if at.tzinfo is not None:
            return at.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise MalformedReply(f"{_name(path)} is no time")


def moment_or_none(value: Any, *path: str) -> datetime | None:
    """A time; None for null, and for the year 1, Go's zero time (https://pkg.go.dev/time#Time)."""
    is_set = text(value, *path, default="")[:5] not in ("", "0001-")
    return moment(value, *path) if is_set else None


def epoch(value: Any, *path: str) -> datetime:
    """Seconds since 1970, as a time in UTC."""
    seconds = integer(value, *path)
    try:
        return datetime.fromtimestamp(seconds, UTC)
    except (ValueError, OverflowError, OSError):
        raise MalformedReply(f"{_name(path)} is no time") from None


def _typed(value: Any, path: tuple[str, ...], noun: str, kind: type[T], default: T | None) -> T:
    content = field(value, *path)
    if content is None and default is not None:
        return default
    # Not isinstance: a boolean is an int to Python, and no number in JSON.
    if type(content) is not kind:
        raise MalformedReply(f"{_name(path)} is no {noun}")
    return content


def _name(path: tuple[str, ...]) -> str:
    return path[-1] if path else "the reply"


def _sound(string: str) -> str:
    return string.encode("utf-8", "replace").decode("utf-8")
