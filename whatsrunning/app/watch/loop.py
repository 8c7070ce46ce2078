"""`--watch`: look again and again, draw over what was drawn, until Ctrl-C."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import Any, TypeAlias

from whatsrunning.app.pipeline import LookResult, look
from whatsrunning.app.request import Request
from whatsrunning.app.watch import changes as watch_changes
from whatsrunning.config.options import Options
from whatsrunning.errors import Refused, UsageFault
from whatsrunning.render.wrap import wrap
from whatsrunning.report.report import Report
from whatsrunning.terminal.streams import Io, resized, write
from whatsrunning.view.blocks import Line, text

Page: TypeAlias = Callable[[Report, Options, Io, Report | None], str]
_CLEAR = "\x1b[2J"


@dataclass(slots=True)
class _Watch:
    kept: watch_changes.AnswerCache = field(default_factory=dict)
    log: tuple[watch_changes.WatchChange, ...] = ()
    before: Report | None = None


def run_watch(request: Request, options: Options, io: Io, page: Page) -> int:
    """Watch until Ctrl-C (which is the caller's to see) or until nobody reads. Raises Refused."""
    if request.replay is not None:
        raise Refused(UsageFault("usage", "a saved look cannot be watched", "leave --watch out"))
    state = _Watch()
    drawn = io.terminal and options.output.value == "table"
    going = write(_CLEAR, io) if drawn else True
    while going:
        began = time.monotonic()
        looked = _look(request, options, io, state)
        going = _draw(looked, options, io, state, page)
        state.before = _remembered(state.before, looked.report)
        time.sleep(max(0.0, began + watch_changes.EVERY - time.monotonic()))
    return 0


def _look(request: Request, options: Options, io: Io, state: _Watch) -> LookResult:
    at = time.monotonic()
    state.kept = watch_changes.known(state.kept, at)
    answers = {question: answer for question, (answer, _) in state.kept.items()}
    looked = look(request, options, io.now(), _untold, answers)
    found: Any = looked.snapshot.answers
    state.kept = watch_changes.keep(state.kept, found, at)
    if state.before is not None:
        state.log += watch_changes.changes(state.before, looked.report)
    return looked


def _remembered(before: Report | None, after: Report) -> Report:
    """The look, with what engines that are silent now told before: they come back unchanged."""
    silent = {engine.context for engine in after.engines if engine.status != "ok"}
    kept = tuple(c for c in before.containers if c.engine in silent) if before else ()
    return replace(after, containers=(*after.containers, *kept))


def _draw(looked: LookResult, options: Options, io: Io, state: _Watch, page: Page) -> bool:
    """Whether somebody still reads."""
    drawn = io.terminal and options.output.value == "table"
    io, height = resized(io) if drawn else (io, 0)
    shown = page(looked.report, options, io, state.before)
    if options.output.value == "json":
        return write(watch_changes.one_document(shown), io)
    if not drawn:
        return write(shown + watch_changes.seen(state.log) + "\n", io)
    head, _, rest = shown.partition("\n\n")
    log = _fitting(watch_changes.seen(state.log), io.width)
    return write(watch_changes.frame(f"{head}\n{log}\n{rest}", height), io)


def _fitting(log: str, columns: int) -> str:
    """No line wider than the terminal: a frame counts lines to know where it ends."""
    pieces = [piece for line in log.split("\n") for piece in _pieces(line, columns)]
    return "\n".join("".join(span.text for span in piece) for piece in pieces)


def _pieces(line: str, columns: int) -> list[Line]:
    said = line.lstrip(" ")
    indent = len(line) - len(said)
    return wrap(text(said), columns, indent, indent + 2)


def _untold(_lanes: frozenset[str]) -> None:
    """A watch shows its answers; nobody is told what is waited for."""
