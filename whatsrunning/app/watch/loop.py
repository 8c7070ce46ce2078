"""`--watch`: look again and again, draw over what was drawn, until Ctrl-C."""

import time
from collections.abc import Callable
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from whatsrunning.app.pipeline import look
from whatsrunning.app.request import Request
from whatsrunning.app.watch import changes
from whatsrunning.config.options import Options
from whatsrunning.errors import Refused
from whatsrunning.render.wrap import wrap
from whatsrunning.report.report import Report
from whatsrunning.terminal.streams import Io, resized, write
from whatsrunning.view.blocks import text

Page: TypeAlias = Callable[[Report, Options, Io, Report | None], str]
_CLEAR = "\x1b[2J"


def run_watch(request: Request, options: Options, io: Io, page: Page) -> int:
    """Watch until Ctrl-C (which is the caller's to see) or until nobody reads. Raises Refused."""
    if request.replay is not None:
        raise Refused("usage", "a saved look cannot be watched", "leave --watch out")
    watch = _Watch(request, options, io, page)
    is_read = write(_CLEAR, io) if watch.draws else True
    while is_read:
        began = time.monotonic()
        report = watch.look()
        is_read = write(watch.shown(report), io)
        watch.remember(report)
        time.sleep(max(0.0, began + changes.EVERY - time.monotonic()))
    return 0


@dataclass(slots=True)
class _Watch:
    """What one look hands on to the next."""

    request: Request
    options: Options
    io: Io
    page: Page
    cache: changes.AnswerCache = field(default_factory=changes.AnswerCache)
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
            self.log += changes.changes(self.previous, result.report)
        return result.report

    def shown(self, report: Report) -> str:
        io, height = resized(self.io) if self.draws else (self.io, 0)
        written = self.page(report, self.options, io, self.previous)
        log = changes.log_text(self.log)
        if self.options.output.value == "json":
            return changes.one_document(written)
        if not self.draws:
            return f"{written}{log}\n"
        head, _, rest = written.partition("\n\n")
        return changes.frame(f"{head}\n{_fitting(log, io.width)}\n{rest}", height)

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
