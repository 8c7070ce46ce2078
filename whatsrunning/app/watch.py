"""A look as text; with `--watch` again and again, drawn over what was drawn, until Ctrl-C."""

import json
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from whatsrunning.app.pipeline import Request, look
from whatsrunning.config.options import Options
from whatsrunning.errors import Refused
from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.query import Answers, Query
from whatsrunning.render.formats import render
from whatsrunning.render.settings import RenderSettings
from whatsrunning.render.wrap import wrap
from whatsrunning.report.container import Container
from whatsrunning.report.report import Report
from whatsrunning.terminal.streams import Io, resized, write
from whatsrunning.text import one_line, short, utc
from whatsrunning.view.blocks import text

EVERY = 2.0
"""Seconds from the start of one look to the start of the next."""

FRESH, RETRY = 300.0, 60.0
"""Seconds after which registry, git and GitHub are asked again what they answered, or did not."""

_CLEAR = "\x1b[2J"
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


def changes(previous: Report, report: Report) -> list[str]:
    """Engines that went or came; containers new, gone, replaced or in another state; and when."""
    before, after = (
        {engine.context: engine.status for engine in look.engines} for look in (previous, report)
    )
    lines = [
        f"engine {name}: {before[name]} -> {status}"
        for name, status in after.items()
        if before.get(name, status) != status
    ]
    # Of the containers of an engine that did not answer both times nothing is known.
    both = {name for name, status in after.items() if status == before.get(name) == "ok"}
    lines += _differences(_containers(previous, both), _containers(report, both))
    return [f"{utc(report.taken_at)}  {one_line(line)}" for line in lines]


def _containers(report: Report, engines: set[str]) -> Mapping[str, Container]:
    containers = (container for container in report.containers if container.engine in engines)
    return {f"{container.name} on {container.engine}": container for container in containers}


def _differences(before: Mapping[str, Container], after: Mapping[str, Container]) -> list[str]:
    gone = [f"{name} is gone" for name in before if name not in after]
    new = [f"{name} is new: {_state(after[name])}" for name in after if name not in before]
    common = {name: _difference(before[name], after[name]) for name in after if name in before}
    return [*gone, *new, *(f"{name}: {change}" for name, change in common.items() if change)]


def _difference(before: Container, after: Container) -> str:
    replaced = ["replaced"] if before.id != after.id else []
    pairs = ((_revision(before), _revision(after)), (_state(before), _state(after)))
    return ", ".join([*replaced, *(f"{was} -> {now}" for was, now in pairs if was != now)])


def _state(container: Container) -> str:
    no_check = container.health in ("none", "unknown")
    return container.state if no_check else f"{container.state} ({container.health})"


def _revision(container: Container) -> str:
    sha = container.revision.then(lambda revision: Found(short(revision.sha)))
    return sha.value_or("no revision")


def log_text(log: Sequence[str]) -> str:
    """The newest changes of this watch, newest first; empty while nothing changed."""
    lines = [f"  {change}\n" for change in reversed(log[-_SHOWN:])]
    return "\nChanged while watching\n" + "".join(lines) if lines else ""


def frame(text: str, height: int) -> str:
    """A page drawn over the previous one, cut to the terminal's height in lines."""
    lines = text.rstrip("\n").split("\n")
    most = max(height - 1, 1)
    if len(lines) > most:
        lines = [*lines[: most - 1], f"... {len(lines) - most + 1} more lines"]
    return "\x1b[H" + "".join(f"{line}\x1b[K\n" for line in lines) + "\x1b[J"


def page(report: Report, options: Options, io: Io, previous: Report | None = None) -> str:
    """The answer in the chosen format; what changed since the previous look is marked."""
    settings = RenderSettings(
        width=io.width,
        colour=io.colour,
        links=io.links,
        utf8=io.unicode,
        every=options.flags.all_containers,
        before=previous,
    )
    return render(options.output.value, report, report.taken_at, settings)


def run_watch(request: Request, options: Options, io: Io) -> int:
    """Watch until Ctrl-C (which is the caller's to see) or until nobody reads. Raises Refused."""
    if request.replay is not None:
        raise Refused("usage", "a saved look cannot be watched", "leave --watch out")
    watch = _Watch(request, options, io)
    is_read = write(_CLEAR, io) if watch.draws else True
    while is_read:
        began = time.monotonic()
        report = watch.look()
        is_read = write(watch.shown(report), io)
        watch.remember(report)
        time.sleep(max(0.0, began + EVERY - time.monotonic()))
    return 0


@dataclass(slots=True)
class _Watch:
    """What one look hands on to the next."""

    request: Request
    options: Options
    io: Io
    cache: AnswerCache = field(default_factory=AnswerCache)
    log: list[str] = field(default_factory=list)
    previous: Report | None = None

    @property
    def draws(self) -> bool:
        return self.io.terminal and self.options.output.value == "table"

    def look(self) -> Report:
        at = time.monotonic()
        known = self.cache.fresh(at)
        result = look(self.request, self.options, self.io.now(), known=known)
        self.cache.keep(result.snapshot.answers, at)
        if self.previous is not None:
            self.log += changes(self.previous, result.report)
        return result.report

    def shown(self, report: Report) -> str:
        io, height = resized(self.io) if self.draws else (self.io, 0)
        written = page(report, self.options, io, self.previous)
        log = log_text(self.log)
        if self.options.output.value == "json":
            return json.dumps(json.loads(written), separators=(",", ":")) + "\n"
        if not self.draws:
            return f"{written}{log}\n"
        head, _, rest = written.partition("\n\n")
        return frame(f"{head}\n{_fitting(log, io.width)}\n{rest}", height)

    def remember(self, report: Report) -> None:
        """The look, and what engines that are silent now had before: they come back unchanged."""
        silent = {engine.context for engine in report.engines if engine.status != "ok"}
        before = self.previous.containers if self.previous else ()
        kept = (container for container in before if container.engine in silent)
        self.previous = replace(report, containers=(*report.containers, *kept))


def _fitting(log: str, columns: int) -> str:
    """No line wider than the terminal: a frame counts lines to know where it ends."""
    pieces = []
    for line in log.split("\n"):
        content = line.lstrip(" ")
        indent = len(line) - len(content)
        pieces += wrap(text(content), columns, indent, indent + 2)
    return "\n".join("".join(span.text for span in piece) for piece in pieces)
