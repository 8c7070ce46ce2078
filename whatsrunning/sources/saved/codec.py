"""Facts as JSON and back without loss, each field checked against its declared type."""

import functools
import json
import types
from collections.abc import Mapping
from dataclasses import MISSING, dataclass, fields, is_dataclass
from datetime import UTC, datetime
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

from whatsrunning.facts import engine, git, github, journal, registry
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.query import Query
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Snapshot
from whatsrunning.sources.json_reader import MalformedReply, moment

FORMAT = "whatsrunning/snapshot/v3"
LARGEST = 64 * 1024 * 1024  # characters; a thousand containers take about a tenth of it
KINDS: Mapping[str, type[Query[Any]]] = {
    name: kind
    for source in (engine, registry, git, github, journal)
    for name, kind in vars(source).items()
    if isinstance(kind, type) and kind.__module__ == source.__name__ and issubclass(kind, Query)
}
"""Every query by its name."""


@dataclass(frozen=True, slots=True)
class UnreadableSnapshot:
    """Text that is no saved look; `reason` says where and why, in one sentence."""

    reason: str


def to_text(snapshot: Snapshot) -> str:
    """A look as JSON text, the same text for the same look."""
    answers = [
        ({"ask": type(query).__name__, **_plain(query)}, _outcome(answer))
        for query, answer in snapshot.answers.items()
    ]
    document = {
        "format": FORMAT,
        "taken_at": snapshot.taken_at,
        "scope": snapshot.scope,
        "answers": sorted(answers, key=lambda pair: json.dumps(pair[0], sort_keys=True)),
    }
    # Its keys are not sorted: GraphFacts.parents has an order.
    return json.dumps(document, indent=1, default=_plain) + "\n"


def _outcome(answer: Answer[Any]) -> dict[str, Any]:
    match answer:
        case Found(value):
            return {"found": value}
        case Unknown(problem):
            return {"unknown": problem}
    return {"nothing": True}


def _plain(value: Any) -> Any:
    """JSON's word for what it has no type of: an instant, a record."""
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    return {field.name: getattr(value, field.name) for field in fields(value)}


def from_text(text: str) -> Snapshot | UnreadableSnapshot:
    """The look that `to_text` wrote, or why this is none."""
    if len(text) > LARGEST:
        return UnreadableSnapshot("it is larger than any saved look")
    try:
        return _snapshot(json.loads(text))
    except MalformedReply as mismatch:
        return UnreadableSnapshot(str(mismatch))
    except RecursionError:
        return UnreadableSnapshot("it is nested too deeply")
    except ValueError:
        return UnreadableSnapshot("it is not JSON")


def _snapshot(document: object) -> Snapshot:
    if not isinstance(document, dict) or "format" not in document:
        raise MalformedReply("it is not a saved look")
    if document["format"] != FORMAT:
        raise MalformedReply("it was saved in a format that this version does not read")
    pairs = document.get("answers")
    if not isinstance(pairs, list):
        raise MalformedReply("answers is not a list")
    return Snapshot(
        _made(datetime, document.get("taken_at"), "taken_at"),
        _made(Scope, document.get("scope"), "scope"),
        dict(_pair(pair, f"answers[{place}]") for place, pair in enumerate(pairs)),
    )


def _pair(pair: object, where: str) -> tuple[Query[Any], Answer[Any]]:
    match pair:
        case [{"ask": str(name), **query}, {**outcome}] if name in KINDS and len(outcome) == 1:
            where = f"{where}.{name}"
            return _made(KINDS[name], query, where), _answer(KINDS[name], outcome, where)
    raise MalformedReply(f"{where} is not a question with its answer")


def _answer(kind: type[Query[Any]], outcome: dict[Any, Any], where: str) -> Answer[Any]:
    match outcome:
        case {"found": value}:
            return Found(_made(answered_by(kind), value, where))
        case {"unknown": problem}:
            return Unknown(_made(Problem, problem, where))
        case {"nothing": True}:
            return Nothing()
    raise MalformedReply(f"{where} has no answer that is found, nothing or unknown")


def answered_by(kind: Any) -> Any:
    """The type that the query carries."""
    return get_args(kind.__orig_bases__[0])[0]


def _made(hint: Any, value: Any, where: str) -> Any:
    """The value that this JSON stands for under a type annotation."""
    hint = getattr(hint, "__supertype__", hint)  # a NewType is what it stands for
    origin, inside = get_origin(hint), get_args(hint)
    if is_dataclass(hint):
        return _record(hint, value, where)
    if hint is datetime:
        try:
            return moment(value)
        except MalformedReply:
            raise MalformedReply(f"{where} is not an instant with its time zone") from None
    if origin in (Union, types.UnionType):
        return None if value is None else _made(inside[0], value, where)
    if origin is tuple and isinstance(value, list):
        return tuple(_made(inside[0], item, f"{where}[{n}]") for n, item in enumerate(value))
    if origin is Mapping and isinstance(value, dict):
        return {key: _made(inside[1], item, f"{where}.{key[:40]}") for key, item in value.items()}
    if type(value) is hint or (origin is Literal and value in inside):
        return value
    wanted = hint if origin else hint.__name__
    raise MalformedReply(f"{where} is not what it should be: {wanted}")


def _record(kind: Any, value: Any, where: str) -> Any:
    if not isinstance(value, dict):
        raise MalformedReply(f"{where} is not an object")
    hints, needed = _shape(kind)
    if surplus := sorted(value.keys() - hints):
        raise MalformedReply(f"{where} has an unknown field {surplus[0][:40]!r}")
    if missing := sorted(needed - value.keys()):
        raise MalformedReply(f"{where} lacks {missing[0]!r}")
    contents = {name: _made(hints[name], item, f"{where}.{name}") for name, item in value.items()}
    return kind(**contents)


@functools.cache
def _shape(kind: Any) -> tuple[dict[str, Any], frozenset[str]]:
    """The types of a record's fields, and the fields without a default."""
    hints = get_type_hints(kind)
    needed = {f.name for f in fields(kind) if MISSING is f.default is f.default_factory}
    return {f.name: hints[f.name] for f in fields(kind)}, frozenset(needed)
