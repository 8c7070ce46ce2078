"""Report -> blocks, pure: what a page says, and in which order (DESIGN section 4)."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import datetime

from whatsrunning.report.report import Report
from whatsrunning.text import clean, link
from whatsrunning.view.blocks import Block, Span, over
from whatsrunning.view.pages import diff, has, history, ps, rollback, show

_PAGES: Mapping[str, Callable[[Report, datetime], tuple[Block, ...]]] = {
    "show": show.page,
    "has": has.page,
    "history": history.page,
    "rollback-plan": rollback.page,
}


def blocks(
    report: Report, now: datetime, every: bool = False, before: Report | None = None
) -> tuple[Block, ...]:
    """The page of the report's command.

    `every` shows what is otherwise folded (`-a`); `ps` marks what changed since `before`.

    Every text is cleaned here, once, so that no page can forget it.
    """
    if report.command in _PAGES:
        page = _PAGES[report.command](report, now)
    elif report.command == "diff":
        page = diff.page(report, now, every=every)
    else:
        page = ps.page(report, now, every=every, before=before)
    return tuple(over(block, _safe) for block in page)


def _safe(span: Span) -> Span:
    return replace(span, text=clean(span.text), url=link(span.url))
