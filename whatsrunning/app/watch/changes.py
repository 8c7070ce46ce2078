"""Watching, the pure part: what changed between two looks, and what need not be asked again."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, TypeAlias

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.query import Answers, Query
from whatsrunning.report.container import Container
from whatsrunning.report.report import Report
from whatsrunning.text import one_line, short, utc

EVERY = 2.0
"""Seconds from the start of one look to the start of the next."""

FRESH, RETRY = 300.0, 60.0
"""Seconds after which registry, git and GitHub are asked again what they answered, or did not."""

_SHOWN = 8


@dataclass(slots=True)
class AnswerCache:
    """Answers of earlier looks, each with the second (monotonic) until which it holds."""

    entries: dict[Query[Any], tuple[Answer[Any], float]] = field(default_factory=dict)

    def keep(self, answers: Answers, at: float) -> None:
        """Take up what is new in a look's answers, but for engines': those are always asked."""
        for query, answer in answers.items():
            if query.source != "engine":
                until = at + (RETRY if answer.problem else FRESH)
                self.entries.setdefault(query, (answer, until))

    def fresh(self, at: float) -> Answers:
        """The answers that still hold; the others are forgotten."""
        self.entries = {query: entry for query, entry in self.entries.items() if at < entry[1]}
        return {query: answer for query, (answer, _) in self.entries.items()}


@dataclass(frozen=True, slots=True)
class WatchChange:
    """Something that was not so at the previous look."""

    at: datetime
    what: str


def changes(previous: Report, report: Report) -> tuple[WatchChange, ...]:
    """Engines that went or came; containers new, gone, replaced or in another state."""
    before, after = _engines(previous), _engines(report)
    lines = [
        f"engine {name}: {before[name]} -> {status}"
        for name, status in after.items()
        if before.get(name, status) != status
    ]
    # Of the containers of an engine that did not answer both times nothing is known.
    both = {name for name, status in after.items() if status == before.get(name) == "ok"}
    lines += _differences(_containers(previous, both), _containers(report, both))
    return tuple(WatchChange(report.taken_at, one_line(line)) for line in lines)


_ByName: TypeAlias = Mapping[tuple[str, str], Container]


def _engines(report: Report) -> Mapping[str, str]:
    return {engine.context: engine.status for engine in report.engines}


def _containers(report: Report, engines: set[str]) -> _ByName:
    containers = (container for container in report.containers if container.engine in engines)
    return {(container.engine, container.name): container for container in containers}


def _differences(before: _ByName, after: _ByName) -> list[str]:
    gone = [f"{name} on {engine} is gone" for engine, name in before if (engine, name) not in after]
    new = [f"{_named(it)} is new: {_state(it)}" for key, it in after.items() if key not in before]
    both = [_difference(before[key], after[key]) for key in after if key in before]
    return [*gone, *new, *filter(None, both)]


def _difference(before: Container, after: Container) -> str:
    replaced = ["replaced"] if before.id != after.id else []
    pairs = [(_revision(before), _revision(after)), (_state(before), _state(after))]
    words = [*replaced, *(f"{was} -> {now}" for was, now in pairs if was != now)]
    return f"{_named(after)}: {', '.join(words)}" if words else ""


def _named(container: Container) -> str:
    return f"{container.name} on {container.engine}"


def _state(container: Container) -> str:
    healthless = container.health in ("none", "unknown")
    return container.state if healthless else f"{container.state} ({container.health})"


def _revision(container: Container) -> str:
    sha = container.revision.then(lambda revision: Found(short(revision.sha)))
    return sha.value_or("no revision")


def log_text(log: tuple[WatchChange, ...]) -> str:
    """The changes of this watch, newest first; empty while nothing changed."""
    lines = [f"  {utc(change.at)}  {change.what}\n" for change in log[-_SHOWN:]]
    return "\nChanged while watching\n" + "".join(reversed(lines)) if lines else ""


def frame(text: str, height: int) -> str:
    """A page drawn over the previous one, cut to the terminal's height in lines."""
    lines = text.rstrip("\n").split("\n")
    room = max(height - 1, 1)
    if len(lines) > room:
        lines = [*lines[: room - 1], f"... {len(lines) - room + 1} more lines"]
    return "\x1b[H" + "".join(f"{line}\x1b[K\n" for line in lines) + "\x1b[J"


def one_document(text: str) -> str:
    """A JSON page on one line."""
    return json.dumps(json.loads(text), separators=(",", ":")) + "\n"
