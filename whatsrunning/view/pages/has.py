"""Is it live, and where."""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace

from whatsrunning.facts.answers import Nothing
from whatsrunning.report.commands import Has, Live
from whatsrunning.report.report import Report
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Column, Line, Note, Row, Table, join, text
from whatsrunning.view.common import notes
from whatsrunning.view.context import PageContext
from whatsrunning.view.footnotes import Footnotes

_COLUMNS = (
    Column("SERVICE"),
    Column("LIVE"),
    Column("REVISION"),
    Column("ON", "on", rank=1),
    Column("CONTAINERS", "in", rank=2, wraps=True),
)
_COMMITS = 6


def page(context: PageContext) -> Iterator[Block]:
    """The answer in one sentence, then the containers judged."""
    has, marks = context.report.has, context.marks
    if has is None:
        return
    yield from notes("", Note(_answer(has, context.report, marks), _commits(has)))
    rows = (
        *_rows(has.live, _by, 2),
        *_rows(has.not_live, lambda _: text("no", "dim"), 1),
        *_rows(has.unknown_at, lambda live: _unsure_of(live, marks), 3),
    )
    if rows:
        yield Table("", _COLUMNS, rows)


def _answer(has: Has, report: Report, marks: Footnotes) -> Line:
    ref = text(has.ref, "strong")
    if has.resolved == Nothing():
        return join([text("NOT FOUND:", "bad"), text("nothing is named"), ref], " ")
    if has.resolved.problem and not has.live:
        return _cannot_say(has, marks.unknown(has.resolved.problem))
    total = len(has.live) + len(has.not_live) + len(has.unknown_at)
    if not has.live:
        return _nowhere(has, report, total)
    kept = [live for live in has.live if not live.reverted_by]
    where = text(f"in {len(kept or has.live)} of {words.counted(total, 'container')}")
    if not kept:
        return join([ref, text("is in, but REVERTED", "bad"), where], " ")
    return join([ref, text("is LIVE", "good"), where], " ")


def _nowhere(has: Has, report: Report, total: int) -> Line:
    containers = words.counted(total, "container")
    if has.unknown_at:
        unsure = text(f"{len(has.unknown_at)} of {containers} could not be judged")
        return _cannot_say(has, unsure)
    if not report.complete:
        return _cannot_say(has, text("not every source answered"))
    if not report.judged:
        return _cannot_say(has, text("no container to judge"))
    where = text(f"in none of {containers}" if total else "nothing of its repository runs")
    return join([text(has.ref, "strong"), text("is NOT LIVE:", "bad"), where], " ")


def _cannot_say(has: Has, why: Line) -> Line:
    is_live = join([text(has.ref, "strong"), text(" is live:")], "")
    return join([text("CANNOT SAY", "warn"), text("whether"), is_live, why], " ")


def _commits(has: Has) -> tuple[Line, ...]:
    shas = [words.sha(sha) for sha in has.resolved.value_or(())]
    return (join([text("that is"), words.first_of(shas, _COMMITS)], " "),) if shas else ()


def _by(live: Live) -> Line:
    if live.reverted_by:
        return join([text("REVERTED by", "bad"), words.sha(live.reverted_by)], " ")
    return text("yes, this commit" if live.by == "same" else "yes, contains it", "good")


def _unsure_of(live: Live, marks: Footnotes) -> Line:
    verdict = text("contains it, perhaps reverted" if live.by else "cannot say", "warn")
    return join([verdict, marks.reference(live.problem)], " ")


def _rows(judged: Iterable[Live], word: Callable[[Live], Line], weight: int) -> Iterator[Row]:
    """One row for all containers that differ in nothing but their names."""
    groups: dict[Live, list[str]] = {}
    for live in judged:
        key = replace(live, container="" if live.service else live.container)
        groups.setdefault(key, []).append(live.container)
    for live, names in groups.items():
        count = f" \u00d7{len(names)}" if len(names) > 1 else ""
        name = text((live.service or live.container) + count, "strong")
        cells = (name, word(live), words.sha(live.sha), text(live.engine), text(", ".join(names)))
        yield Row(cells, weight=weight)
