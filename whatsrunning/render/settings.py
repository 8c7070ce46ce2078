"""What a renderer is told about where its text goes."""

from dataclasses import dataclass

from whatsrunning.report.report import Report


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
