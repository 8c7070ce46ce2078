"""Deployed against built: one timeline an image repository, newest first in git order."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from itertools import groupby

from whatsrunning.facts.answers import Found
from whatsrunning.report.commands import Entry, Timeline
from whatsrunning.report.report import Report
from whatsrunning.text import ago, short, utc
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Column, Line, Note, Notes, Row, Table, join, text
from whatsrunning.view.common import findings, header, nothing, problems
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


def page(report: Report, now: datetime, *, every: bool) -> tuple[Block, ...]:
    """Header, each repository's timeline with its summary, findings in short, problems."""
    marks = Footnotes.of(report)
    lines = [
        block
        for timeline in report.timelines
        for block in _timeline(timeline, marks, now, every=every)
    ]
    if not lines:
        lines = [Notes("", (Note(nothing(report, "no image repository to compare")),))]
    return (header(report, now, marks), *lines, *findings(report, brief=True), *problems(marks))


def _timeline(t: Timeline, marks: Footnotes, now: datetime, *, every: bool) -> Iterator[Block]:
    services = f" ({', '.join(t.services)})" if t.services else ""
    branch = f" on {t.default_branch}" if t.default_branch else ""
    title = f"{t.repository}{services}{branch}"
    rows = tuple(_rows(t, marks, now, every=every))
    if rows:
        yield Table(title, _COLUMNS, rows)
    yield Notes("" if rows else title, tuple(Note(line) for line in _summary(t, marks)))


def _rows(t: Timeline, marks: Footnotes, now: datetime, *, every: bool) -> Iterator[Row]:
    for quiet, group in groupby(t.entries, key=_is_quiet):
        entries = tuple(group)
        shown = entries
        if quiet and not every and len(entries) > _KEPT + 1:
            shown = entries[:_KEPT]
        for entry in shown:
            yield _row(t, entry, marks, now)
        if len(shown) < len(entries):
            yield _folded(entries[len(shown) :])


def _is_quiet(entry: Entry) -> bool:
    return not entry.running_on and not entry.latest


def _folded(entries: tuple[Entry, ...]) -> Row:
    built = sum(1 for entry in entries if isinstance(entry.built, Found))
    ends = f"{short(entries[0].sha)} to {short(entries[-1].sha)}"
    said = f"\u2026 {len(entries)} more commits, {built} built, none deployed"
    empty: tuple[Line, ...] = ((),) * (len(_COLUMNS) - 1)
    return Row((text(said, "dim"), *empty), (text(ends, "dim"),), weight=-1)


def _row(t: Timeline, entry: Entry, marks: Footnotes, now: datetime) -> Row:
    at = entry.committed_at
    cells = (
        words.sha(entry.sha),
        join([_build(t, entry, marks), text(":latest", "strong") if entry.latest else ()]),
        _running(entry),
        text(ago(now, at)) if at else (),
        text(utc(at), "dim") if at else (),
        _change(entry, marks),
    )
    return Row(cells, weight=2 if entry.running_on else 1 if entry.latest else 0)


def _build(t: Timeline, entry: Entry, marks: Footnotes) -> Line:
    if isinstance(entry.built, Found):
        return text("built", "good")
    if entry.sha in t.running_without_tag:
        return text("no tag", "warn")
    never = isinstance(t.merged_never_built, Found) and entry.sha in t.merged_never_built.value
    return marks.absent(entry.built, "never built" if never else "not built")


def _running(entry: Entry) -> Line:
    by_engine: dict[str, list[str]] = {}
    for place in entry.running_on:
        by_engine.setdefault(place.engine, []).append(place.container)
    said = [f"{', '.join(names)} on {engine}" for engine, names in by_engine.items()]
    return text("; ".join(said), "strong") if said else ()


def _change(entry: Entry, marks: Footnotes) -> Line:
    if isinstance(entry.pull_requests, Found) and entry.pull_requests.value:
        return words.pulls(entry.pull_requests, marks)
    subject = text(entry.subject) if entry.subject else ()
    return join([subject, words.pulls(entry.pull_requests, marks)])


def _summary(t: Timeline, marks: Footnotes) -> Iterator[Line]:
    yield _listed("built, not deployed", t.built_not_deployed)
    if isinstance(t.merged_never_built, Found):
        yield _listed("merged, never built", t.merged_never_built.value)
    else:
        missing = marks.absent(t.merged_never_built, "none")
        yield join([text("merged, never built"), missing], ": ")
    yield _listed("running without a tag", t.running_without_tag)


def _listed(what: str, shas: Iterable[str]) -> Line:
    found = [words.sha(sha) for sha in shas]
    if not found:
        return join([text(what), text("none", "dim")], ": ")
    more = [text(f"{len(found) - 6} more")] if len(found) > 6 else []
    return join([text(f"{what}: {len(found)}"), join([*found[:6], *more])], " \u00b7 ")
