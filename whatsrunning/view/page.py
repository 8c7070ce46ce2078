"""Report to blocks, pure: what a page says, and in which order."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from datetime import datetime

from whatsrunning.report.report import Report
from whatsrunning.text import clean, link
from whatsrunning.view import unmanaged
from whatsrunning.view.blocks import Block, Span, over
from whatsrunning.view.common import header, problems
from whatsrunning.view.context import PageContext
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.pages import diff, has, history, ps, rollback, show
from whatsrunning.view.services import identity

_PAGES: Mapping[str, Callable[[PageContext], Iterable[Block]]] = {
    "show": show.page,
    "diff": diff.page,
    "has": has.page,
    "history": history.page,
    "rollback-plan": rollback.page,
}


def blocks(
    report: Report, now: datetime, every: bool = False, before: Report | None = None
) -> tuple[Block, ...]:
    """The page of the report's command: the first line, what it answers, the problems.

    `every` shows what is otherwise folded (`-a`); `ps` marks what changed since `before`.
    Every text is cleaned here, once, so that no page can forget it.
    """
    seen = frozenset(map(identity, before.containers)) if before else None
    context = PageContext(report, now, Footnotes.of(report), every, seen)
    body = _PAGES.get(report.command, ps.page)(context)
    page = (header(context), *body, *_way_on(context), *problems(context.marks))
    return tuple(over(block, _safe) for block in page)


def _way_on(context: PageContext) -> Iterable[Block]:
    """What to do where a command had nothing to judge; the first screen says it by itself."""
    report = context.report
    told = report.command == "ps" or (report.history and report.history.entries)
    return () if told or not unmanaged.is_all(report) else unmanaged.step(context)


def _safe(span: Span) -> Span:
    return replace(span, text=clean(span.text), url=link(span.url))
