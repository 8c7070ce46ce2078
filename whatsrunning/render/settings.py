"""What a renderer is given."""

from dataclasses import dataclass
from datetime import datetime

from whatsrunning.render.ascii import ascii_only
from whatsrunning.report.report import Report
from whatsrunning.view.blocks import Block
from whatsrunning.view.page import blocks


@dataclass(frozen=True, slots=True)
class RenderSettings:
    """`width` in columns (table only); `every` shows what is otherwise folded (`-a`).

    `before` is the look before this one (`--watch`): what changed since is marked.
    """

    width: int = 80
    colour: bool = False
    links: bool = False
    utf8: bool = True
    every: bool = False
    before: Report | None = None


@dataclass(frozen=True, slots=True)
class Rendering:
    """A report to be written, and where to; ages count to `now`."""

    report: Report
    now: datetime
    settings: RenderSettings

    def page(self) -> tuple[Block, ...]:
        """The page of the report's command, for a format that people read."""
        page = blocks(self.report, self.now, self.settings.every, self.settings.before)
        return page if self.settings.utf8 else tuple(map(ascii_only, page))
