"""Deployed against built: one timeline an image repository, newest first in git order."""

from collections.abc import Iterable, Iterator, Mapping
from itertools import groupby

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.report.commands import Entry, Timeline
from whatsrunning.text import short, utc
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Column, Line, Note, Notes, Row, Table, join, text
from whatsrunning.view.common import findings, nothing
from whatsrunning.view.context import PageContext
from whatsrunning.view.footnotes import Footnotes

_COLUMNS = (
    Column("COMMIT"),
    Column("BUILD"),
    Column("RUNNING", rank=4),
    Column("COMMITTED", "committed", rank=1),
    Column("AT", rank=2),
    Column("CHANGE", rank=3, wraps=True),
)
_KEPT = 3
_SHAS = 6


def page(context: PageContext) -> Iterator[Block]:
    """Each repository's timeline with its summary, then findings in short."""
    for timeline in context.report.timelines:
        yield from _timeline(timeline, context)
    if not context.report.timelines:
        yield from nothing(context.report, "no image repository to compare")
    yield from findings(context, brief=True)


def _timeline(timeline: Timeline, context: PageContext) -> Iterator[Block]:
    services = f" ({', '.join(timeline.services)})" if timeline.services else ""
    branch = f" on {timeline.default_branch}" if timeline.default_branch else ""
    title = f"{timeline.repository}{services}{branch}"
    rows = tuple(_rows(timeline, context))
    if rows:
        yield Table(title, _COLUMNS, rows)
    yield Notes("" if rows else title, tuple(map(Note, _summary(timeline, context.marks))))


def _rows(timeline: Timeline, context: PageContext) -> Iterator[Row]:
    for quiet, group in groupby(timeline.entries, key=_is_quiet):
        entries = tuple(group)
        folds = quiet and not context.every and len(entries) > _KEPT + 1
        shown = entries[:_KEPT] if folds else entries
        for entry in shown:
            yield _row(timeline, entry, context)
        if folds:
            yield _folded(entries[_KEPT:])


def _is_quiet(entry: Entry) -> bool:
    return not entry.running_on and not entry.latest


def _folded(entries: tuple[Entry, ...]) -> Row:
    built = sum(bool(entry.built.value_or(None)) for entry in entries)
    ends = f"{short(entries[0].sha)} to {short(entries[-1].sha)}"
    folded = f"\u2026 {len(entries)} more commits, {built} built, none deployed"
    empty: tuple[Line, ...] = ((),) * (len(_COLUMNS) - 1)
    return Row((text(folded, "dim"), *empty), (text(ends, "dim"),), weight=-1)


def _row(timeline: Timeline, entry: Entry, context: PageContext) -> Row:
    at = entry.committed_at
    latest = text(":latest", "strong") if entry.latest else ()
    cells = (
        words.sha(entry.sha),
        join([_build(timeline, entry, context.marks), latest]),
        _running(entry),
        context.ago(at),
        text(utc(at), "dim") if at else (),
        _change(entry, context.marks),
    )
    return Row(cells, weight=2 if entry.running_on else 1 if entry.latest else 0)


def _build(timeline: Timeline, entry: Entry, marks: Footnotes) -> Line:
    if entry.built.value_or(None):
        return text("built", "good")
    if entry.sha in timeline.running_without_tag:
        return text("no tag", "warn")
    never = entry.sha in timeline.merged_never_built.value_or(())
    return marks.absent(entry.built, "never built" if never else "not built")


def _running(entry: Entry) -> Line:
    by_engine: dict[str, list[str]] = {}
    for place in entry.running_on:
        by_engine.setdefault(place.engine, []).append(place.container)
    places = (f"{', '.join(names)} on {engine}" for engine, names in by_engine.items())
    return text("; ".join(places), "strong") if by_engine else ()


def _change(entry: Entry, marks: Footnotes) -> Line:
    has_title = entry.subject and not entry.pull_requests.value_or(())
    subject = text(entry.subject) if has_title else ()
    return join([subject, words.pulls(entry.pull_requests, marks)])


def _summary(timeline: Timeline, marks: Footnotes) -> Iterator[Line]:
    """What was counted; what could not be, with the reason where it is said first."""
    lists: Mapping[str, Answer[tuple[str, ...]]] = {
        "built, not deployed": Found(timeline.built_not_deployed),
        "merged, never built": timeline.merged_never_built,
        "running without a tag": Found(timeline.running_without_tag),
    }
    said: set[str] = set()
    for what, answer in lists.items():
        counted = answer.value_or(())
        problem = answer.problem or (None if counted else timeline.problem)
        if problem:
            why = () if problem.id in said else text(problem.message)
            said.add(problem.id)
            yield join([text(what), marks.unknown(problem), why], ": ")
        else:
            yield _listed(what, counted)


def _listed(what: str, shas: Iterable[str]) -> Line:
    shown = [words.sha(sha) for sha in shas]
    if not shown:
        return join([text(what), text("none", "dim")], ": ")
    return join([text(f"{what}: {len(shown)}"), words.first_of(shown, _SHAS)], " \u00b7 ")
