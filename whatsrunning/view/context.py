"""What every page is worked out from."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from whatsrunning.report.container import Container
from whatsrunning.report.report import Report
from whatsrunning.report.services import OfService, shared_names, told_apart
from whatsrunning.text import ago, utc
from whatsrunning.view.blocks import Line, join, text
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.services import identity


@dataclass(frozen=True)
class PageContext:
    """A report with its footnotes, and the time from which ages count.

    `every` shows what is otherwise folded (`-a`); `before` is what the look before showed of each
    container (`--watch`).
    """

    report: Report
    now: datetime
    marks: Footnotes
    every: bool = False
    before: frozenset[object] | None = None

    @property
    def several(self) -> bool:
        """Whether the page has to tell engines apart."""
        return len(self.report.engines) > 1

    @cached_property
    def shared(self) -> frozenset[str]:
        """Names of services that several projects have."""
        return shared_names(self.report)

    def service(self, of: OfService) -> str:
        """The service's name, with its project where another one has a service called so."""
        return told_apart(of, self.shared)

    def on(self, engine: str) -> str:
        """` on prod`, where there are several engines."""
        return f" on {engine}" if self.several and engine else ""

    def ago(self, at: datetime | None) -> Line:
        """How long ago; empty for no instant."""
        return text(ago(self.now, at)) if at else ()

    def moment(self, at: datetime | None) -> Line:
        """An instant, relative and absolute; empty for none."""
        return join([self.ago(at), text(utc(at), "dim")]) if at else ()

    def changed(self, containers: Iterable[Container]) -> tuple[Line, ...]:
        """A line that says so if the look before did not show one of them like this."""
        if self.before is None or all(identity(c) in self.before for c in containers):
            return ()
        return (text("changed since the last look", "strong"),)
