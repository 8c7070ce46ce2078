"""Watching, the pure part: what changed between two looks, and what need not be asked again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from whatsrunning.facts.answers import Answer, Found, Unknown
from whatsrunning.facts.query import Query
from whatsrunning.report.container import Container
from whatsrunning.report.report import Report
from whatsrunning.text import one_line, short, utc

EVERY = 2.0
"""Seconds from the start of one look to the start of the next."""

FRESH, RETRY = 300.0, 60.0
"""Seconds after which registry, git and GitHub are asked again what they answered, or did not."""

_SHOWN = 8


@dataclass(frozen=True, slots=True)
class WatchChange:
    """Something that was not so at the look before."""

    at: datetime
    what: str


def changes(before: Report, after: Report) -> tuple[WatchChange, ...]:
    """Engines that went or came; containers new, gone, replaced or in another state."""
    then, now = _engines(before), _engines(after)
    said = [f"engine {name}: {then[name]} -> {now[name]}" for name in now if name in then]
    told = [line for line in said if len(set(line.partition(": ")[2].split(" -> "))) == 2]
    told += _containers(before, after)
    return tuple(WatchChange(after.taken_at, one_line(line)) for line in told)


def _engines(report: Report) -> dict[str, str]:
    return {engine.context: engine.status for engine in report.engines}


def _containers(before: Report, after: Report) -> list[str]:
    """Containers of engines that answered both times: of others nothing is known (section 2)."""
    both = {name for name, status in _engines(before).items() if status == "ok"}
    both &= {name for name, status in _engines(after).items() if status == "ok"}
    then = {(c.engine, c.name): c for c in before.containers if c.engine in both}
    now = {(c.engine, c.name): c for c in after.containers if c.engine in both}
    told = [f"{_named(then[key])} is gone" for key in then if key not in now]
    told += [f"{_named(now[key])} is new: {_state(now[key])}" for key in now if key not in then]
    pairs = [(then[key], now[key]) for key in now if key in then]
    return told + [line for pair in pairs if (line := _difference(*pair))]


def _difference(then: Container, now: Container) -> str:
    replaced = "replaced, " if then.id != now.id else ""
    was, is_ = (_revision(then), _state(then)), (_revision(now), _state(now))
    words = [f"{a} -> {b}" for a, b in zip(was, is_, strict=True) if a != b]
    if not replaced and not words:
        return ""
    return f"{_named(now)}: {replaced}{', '.join(words)}".removesuffix(", ")


def _named(one: Container) -> str:
    return f"{one.name} on {one.engine}"


def _state(one: Container) -> str:
    return one.state if one.health in ("none", "unknown") else f"{one.state} ({one.health})"


def _revision(one: Container) -> str:
    return short(one.revision.value.sha) if isinstance(one.revision, Found) else "no revision"


def seen(log: tuple[WatchChange, ...]) -> str:
    """The changes of this watch, newest first; empty while nothing changed."""
    lines = [f"  {utc(change.at)}  {change.what}\n" for change in log[-_SHOWN:]]
    return "\nChanged while watching\n" + "".join(reversed(lines)) if lines else ""


def frame(text: str, height: int) -> str:
    """A page drawn over the one before it, cut to the terminal's height."""
    lines = text.rstrip("\n").split("\n")
    room = max(height - 1, 1)
    if len(lines) > room:
        lines = [*lines[: room - 1], f"... {len(lines) - room + 1} more lines"]
    return "\x1b[H" + "".join(f"{line}\x1b[K\n" for line in lines) + "\x1b[J"


def one_document(text: str) -> str:
    """A JSON page on one line."""
    return json.dumps(json.loads(text), separators=(",", ":")) + "\n"


AnswerCache = dict[Query[Any], tuple[Answer[Any], float]]


def keep(kept: AnswerCache, answers: Mapping[Query[Any], Answer[Any]], at: float) -> AnswerCache:
    """Answers with the monotonic second of their arrival; engines are asked anew every time."""
    lasting = {q: answer for q, answer in answers.items() if q.source != "engine"}
    return {question: kept.get(question, (answer, at)) for question, answer in lasting.items()}


def known(kept: AnswerCache, at: float) -> AnswerCache:
    """What of it still holds."""
    return {
        question: (answer, since)
        for question, (answer, since) in kept.items()
        if at - since < (RETRY if isinstance(answer, Unknown) else FRESH)
    }
