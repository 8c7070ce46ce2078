"""The records of a report as JSON: fields by their own names, in their own order.

The tables below are all that differs. The schema is made from them and from the records' types.
"""

from collections.abc import Mapping
from dataclasses import fields
from datetime import UTC, datetime
from functools import cache
from typing import Any, TypeAlias

from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.report.commands import Has, History, Live, Period
from whatsrunning.report.container import Claim, Container, Image
from whatsrunning.report.report import Report
from whatsrunning.report.swarm import SwarmService

Fields: TypeAlias = Mapping[str, Any]

LEFT_OUT: Mapping[type, frozenset[str]] = {
    Claim: frozenset({"dirty", "text"}),
    Container: frozenset({"restart_policy", "pending_fixes"}),
    History: frozenset({"missing"}),
    Image: frozenset({"gone"}),
    Live: frozenset({"problem"}),
}
"""Fields that are not told."""
RENAMED: Mapping[type, Mapping[str, str]] = {
    Period: {"since": "from"},
    Report: {"change": "newest_change"},
    SwarmService: {"labels": "service_labels"},
}
"""Fields whose key has another name."""
INNER = {"repository": "name", "resolved": "shas"}
"""The key beside `status` of an answer that is no record; of all others it is `items`."""
NULL_IF_EMPTY = frozenset({"replaces"})
"""Keys whose empty text is null."""
WITH_PROBLEM = frozenset({(Has, "unknown_at")})
"""Fields whose records tell their `problem`, although it is left out elsewhere."""


@cache
def keys(record: type) -> tuple[tuple[str, str], ...]:
    """The fields of a record that are told, in order, each with its key."""
    names = [field.name for field in fields(record)]
    hidden = LEFT_OUT.get(record, frozenset())
    return tuple((name, key_of(record, name)) for name in names if name not in hidden)


def key_of(record: type, field: str) -> str:
    """The key of a record's field."""
    return RENAMED.get(record, {}).get(field, field)


def instant(at: datetime) -> str:
    """RFC 3339 in UTC, as exact as it is known."""
    return at.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"


def entry(problem: Problem) -> Fields:
    """A problem as an entry of `problems`; wherever else it stands, it is its id."""
    return {"id": problem.id, **record(problem)}


def record(of: Any) -> Fields:
    """A record as an object."""
    kind: type = type(of)
    return {key: _field(kind, name, getattr(of, name), key) for name, key in keys(kind)}


def _field(owner: type, name: str, held: Any, key: str) -> Any:
    if (owner, name) in WITH_PROBLEM:
        return [{**record(part), "problem": value(part.problem)} for part in held]
    return None if key in NULL_IF_EMPTY and not held else value(held, key)


def value(of: Any, key: str = "") -> Any:
    """What a field holds, as JSON; answers are objects with their `status`."""
    match of:
        case None | str() | int() | float():
            return of
        case datetime():
            return instant(of)
        case Problem():
            return of.id
        case Found(tuple() | str() as inner):
            return {"status": "found", INNER.get(key, "items"): value(inner)}
        case Found(inner):
            return {"status": "found", **record(inner)}
        case Nothing():
            return {"status": "none"}
        case Unknown(problem):
            return {"status": "unknown", "problem": problem.id}
        case tuple():
            return [value(part) for part in of]
        case Mapping():
            return [{"key": key, "value": of[key]} for key in sorted(of)]
        case _:
            return record(of)
