"""Facts as JSON and back, without loss; a broken or hostile file is a value, never an exception.

Every field is checked against its declared type; nothing is made that the model does not declare.
"""

import functools
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from whatsrunning.facts import queries
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.query import Query
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Snapshot

FORMAT = "whatsrunning/snapshot/v2"
LARGEST = 64 * 1024 * 1024
"""Characters that a saved look may have; a thousand containers take about a tenth of it."""

KINDS: Mapping[str, type[Query[Any]]] = {
    name: kind
    for name, kind in vars(queries).items()
    if isinstance(kind, type) and kind.__module__ == queries.__name__ and issubclass(kind, Query)
}
"""Every query by its name."""


@dataclass(frozen=True, slots=True)
class UnreadableSnapshot:
    """Text that is no saved look; `reason` says where and why, in one sentence."""

    reason: str


class _Mismatch(Exception):
    """What was read does not fit the declared type. Never leaves this module."""


def to_text(snapshot: Snapshot) -> str:
    """A look as JSON text, the same text for the same look."""
    entries = [_entry(question, answer) for question, answer in snapshot.answers.items()]
    document = {
        "format": FORMAT,
        "taken_at": _plain(snapshot.taken_at),
        "scope": _plain(snapshot.scope),
        "answers": sorted(entries, key=lambda entry: json.dumps(entry[0], sort_keys=True)),
    }
    return json.dumps(document, indent=1) + "\n"  # not sorted: GraphFacts.parents has an order


def from_text(text: str) -> Snapshot | UnreadableSnapshot:
    """The look that `to_text` wrote, or why this is none."""
    if len(text) > LARGEST:
        return UnreadableSnapshot("it is larger than any saved look")
    try:
        return _snapshot(json.loads(text))
    except _Mismatch as mismatch:
        return UnreadableSnapshot(str(mismatch))
    except RecursionError:
        return UnreadableSnapshot("it is nested too deeply")
    except ValueError:
        return UnreadableSnapshot("it is not JSON")


def _snapshot(document: object) -> Snapshot:
    if not isinstance(document, dict) or "format" not in document:
        raise _Mismatch("it is not a saved look")
    if document["format"] != FORMAT:
        raise _Mismatch("it was saved in a format that this version does not read")
    entries = document.get("answers")
    if not isinstance(entries, list):
        raise _Mismatch("answers is not a list")
    return Snapshot(
        _made(datetime, document.get("taken_at"), "taken_at"),
        _made(Scope, document.get("scope"), "scope"),
        dict(_pair(entry, f"answers[{number}]") for number, entry in enumerate(entries)),
    )


def _entry(question: Any, answer: Any) -> list[object]:
    named = {"ask": type(question).__name__, **_plain(question)}
    match answer:
        case Found(value):
            return [named, {"found": _plain(value)}]
        case Unknown(problem):
            return [named, {"unknown": _plain(problem)}]
    return [named, {"nothing": True}]


def _pair(entry: object, where: str) -> tuple[Query[Any], Answer[Any]]:
    match entry:
        case [{"ask": str(name), **rest}, {**answer}] if name in KINDS and len(answer) == 1:
            kind = KINDS[name]
            question: Query[Any] = _made(kind, rest, f"{where}.{name}")
            return question, _answer(kind, answer, f"{where}.{name}")
    raise _Mismatch(f"{where} is not a question with its answer")


def _answer(kind: type, answer: dict[Any, Any], where: str) -> Answer[Any]:
    match answer:
        case {"found": value}:
            return Found(_made(answered_by(kind), value, where))
        case {"unknown": problem}:
            return Unknown(_made(Problem, problem, where))
        case {"nothing": True}:
            return Nothing()
    raise _Mismatch(f"{where} has no answer that is found, nothing or unknown")


def answered_by(kind: Any) -> Any:
    """What a found answer holds: the type that the query carries."""
    return get_args(kind.__orig_bases__[0])[0]


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if is_dataclass(value):
        return {field.name: _plain(getattr(value, field.name)) for field in fields(value)}
    if isinstance(value, Mapping):
        return {key: _plain(held) for key, held in value.items()}
    if isinstance(value, tuple):
        return [_plain(held) for held in value]
    return value


def _made(hint: Any, value: Any, where: str) -> Any:
    """The value that this JSON stands for under a type annotation."""
    hint = getattr(hint, "__supertype__", hint)  # a NewType is what it stands for
    origin = get_origin(hint)
    if is_dataclass(hint) and isinstance(hint, type):
        return _record(hint, value, where)
    if origin is Literal and isinstance(value, str) and value in get_args(hint):
        return value
    if origin in (Union, types.UnionType):
        return None if value is None else _made(_without_none(hint), value, where)
    if origin is tuple and isinstance(value, list):
        inner = get_args(hint)[0]
        return tuple(_made(inner, held, f"{where}[{n}]") for n, held in enumerate(value))
    if isinstance(origin, type) and issubclass(origin, Mapping) and isinstance(value, dict):
        inner = get_args(hint)[1]
        return {key: _made(inner, held, f"{where}.{key[:40]}") for key, held in value.items()}
    if hint is datetime:
        return _instant(value, where)
    if type(value) is hint:
        return value
    raise _Mismatch(f"{where} is not what it should be: {_readable(hint)}")


def _record(kind: type, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise _Mismatch(f"{where} is not an object")
    hints, needed = _shape(kind)
    surplus, missing = sorted(set(value) - set(hints)), sorted(needed - set(value))
    if surplus or missing:
        word = f"has an unknown field {surplus[0][:40]!r}" if surplus else f"lacks {missing[0]!r}"
        raise _Mismatch(f"{where} {word}")
    return kind(
        **{name: _made(hints[name], held, f"{where}.{name}") for name, held in value.items()}
    )


@functools.cache
def _shape(kind: Any) -> tuple[dict[str, Any], frozenset[str]]:
    optional = (MISSING, MISSING)
    needed = (f.name for f in fields(kind) if (f.default, f.default_factory) == optional)
    hints = get_type_hints(kind)
    return {f.name: hints[f.name] for f in fields(kind)}, frozenset(needed)


def _without_none(hint: Any) -> Any:
    return next(part for part in get_args(hint) if part is not types.NoneType)


def _instant(value: object, where: str) -> datetime:
    try:
        instant = datetime.fromisoformat(value) if isinstance(value, str) else None
        if instant is not None and instant.tzinfo is not None:
            return instant.astimezone(UTC)
    except (ValueError, OverflowError):
        pass
    raise _Mismatch(f"{where} is not an instant with its time zone")


def _readable(hint: Any) -> str:
    return getattr(hint, "__name__", str(hint)) if get_origin(hint) is None else str(hint)
