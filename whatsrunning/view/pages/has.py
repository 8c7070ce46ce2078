"""Is it live, and where."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import datetime

from whatsrunning.facts.answers import Found, Nothing
from whatsrunning.report.commands import Has, Live
from whatsrunning.report.report import Report
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Column, Line, Note, Notes, Row, Table, join, text
from whatsrunning.view.common import header, problems
from whatsrunning.view.footnotes import Footnotes

_COLUMNS = (
    Column("SERVICE"),
    Column("LIVE"),
    Column("REVISION"),
    Column("ON", "on", rank=1),
    Column("CONTAINERS", "in", rank=2, wraps=True),
)


def page(report: Report, now: datetime) -> tuple[Block, ...]:
    """Header, the answer in one sentence, the containers judged, problems."""
    marks = Footnotes.of(report)
    has = report.has
    if has is None:
        return (header(report, now, marks), *problems(marks))
    rows = (
        *(_row(group, _by(group[0]), 2) for group in _alike(has.live)),
        *(_row(group, text("no", "dim"), 1) for group in _alike(has.not_live)),
        *(_row(group, _unsaid(group[0], marks), 3) for group in _alike(has.unknown_at)),
    )
    table = (Table("", _COLUMNS, rows),) if rows else ()
    answer = Notes("", (Note(_answer(has, report.complete, marks), _commits(has)),))
    return (header(report, now, marks), answer, *table, *problems(marks))


def _answer(has: Has, complete: bool, marks: Footnotes) -> Line:
    said = text(has.ref, "strong")
    if isinstance(has.resolved, Nothing):
        return join([text("NOT FOUND:", "bad"), text("nothing is named"), said], " ")
    if not isinstance(has.resolved, Found) and not has.live:
        return join([*_unsure(has), marks.absent(has.resolved, "")], " ")
    total = len(has.live) + len(has.not_live) + len(has.unknown_at)
    if not has.live:
        return _nowhere(has, complete, total)
    kept = [live for live in has.live if not live.reverted_by]
    where = text(f"in {len(kept or has.live)} of {words.counted(total, 'container')}")
    if not kept:
        return join([said, text("is in, but REVERTED", "bad"), where], " ")
    return join([said, text("is LIVE", "good"), where], " ")


def _nowhere(has: Has, complete: bool, total: int) -> Line:
    said = text(has.ref, "strong")
    if has.unknown_at or not complete:
        unsure = len(has.unknown_at)
        why = f"{unsure} of {words.counted(total, 'container')} could not be judged"
        rest = why if unsure else "not every source answered"
        return join([*_unsure(has), text(rest)], " ")
    where = f"in none of {words.counted(total, 'container')}" if total else "no container to judge"
    return join([said, text("is NOT LIVE:", "bad"), text(where)], " ")


def _unsure(has: Has) -> tuple[Line, ...]:
    said = join([text(has.ref, "strong"), text(" is live:")], "")
    return (text("CANNOT SAY", "warn"), text("whether"), said)


def _commits(has: Has) -> tuple[Line, ...]:
    if not isinstance(has.resolved, Found):
        return ()
    shas = [words.sha(value) for value in has.resolved.value]
    more = [text(f"{len(shas) - 6} more")] if len(shas) > 6 else []
    return (join([text("that is"), join([*shas[:6], *more])], " "),) if shas else ()


def _by(live: Live) -> Line:
    if live.reverted_by:
        return join([text("REVERTED by", "bad"), words.sha(live.reverted_by)], " ")
    return text("yes, this commit" if live.by == "same" else "yes, contains it", "good")


def _unsaid(live: Live, marks: Footnotes) -> Line:
    said = text("contains it, perhaps reverted" if live.by else "cannot say", "warn")
    return join([said, marks.reference(live.problem)], " ") if live.problem else said


def _alike(judged: tuple[Live, ...]) -> Iterable[list[Live]]:
    """Containers that differ in nothing but their names."""
    groups: dict[object, list[Live]] = {}
    for live in judged:
        same = replace(live, container="" if live.service else live.container)
        groups.setdefault(same, []).append(live)
    return groups.values()


def _row(group: list[Live], word: Line, weight: int) -> Row:
    live = group[0]
    count = f" \u00d7{len(group)}" if len(group) > 1 else ""
    name = text((live.service or live.container) + count, "strong")
    revision = words.sha(live.sha) if live.sha else text("no revision", "warn")
    names = text(", ".join(one.container for one in group))
    return Row((name, word, revision, text(live.engine), names), (), weight)
