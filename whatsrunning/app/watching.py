"""`--watch`: look again and again, draw over what was drawn, until Ctrl-C."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from whatsrunning import watch
from whatsrunning.app.io import Io, resized, write
from whatsrunning.app.look import Looked, look
from whatsrunning.app.request import Request
from whatsrunning.model.report import Report
from whatsrunning.options import Options
from whatsrunning.outcome import Refused, UsageFault

_CLEAR = "\x1b[2J"


@dataclass(slots=True)
class _Watch:
    kept: watch.Kept = field(default_factory=dict)
    log: tuple[watch.Change, ...] = ()
    before: Report | None = None


def run_watch(request: Request, options: Options, io: Io, page: Callable[[Looked, Io], str]) -> int:
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
        time.sleep(max(0.0, began + watch.EVERY - time.monotonic()))
    return 0


def _look(request: Request, options: Options, io: Io, state: _Watch) -> Looked:
    at = time.monotonic()
    state.kept = watch.known(state.kept, at)
    answers = {question: answer for question, (answer, _) in state.kept.items()}
    looked = look(request, options, io.now(), _untold, answers)
    found: Any = looked.snapshot.answers
    state.kept = watch.keep(state.kept, found, at)
    if state.before is not None:
        state.log += watch.changes(state.before, looked.report)
    state.before = looked.report
    return looked


def _draw(
    looked: Looked, options: Options, io: Io, state: _Watch, page: Callable[[Looked, Io], str]
) -> bool:
    """Whether somebody still reads."""
    if options.output.value == "json":
        return write(watch.one_document(page(looked, io)), io)
    if not io.terminal or options.output.value != "table":
        return write(page(looked, io) + watch.seen(state.log) + "\n", io)
    io, height = resized(io)
    head, _, rest = page(looked, io).partition("\n")
    return write(watch.frame(f"{head}\n{watch.seen(state.log)}{rest}", height), io)


def _untold(_lanes: frozenset[str]) -> None:
    """A watch shows its answers; nobody is told what is waited for."""
