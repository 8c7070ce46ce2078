"""What ran before and since when, each row with its evidence."""

from datetime import datetime

from whatsrunning.report.commands import History, Period
from whatsrunning.report.report import Report
from whatsrunning.text import ago, utc
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Column, Line, Note, Notes, Row, Table, join, text
from whatsrunning.view.common import header, problems
from whatsrunning.view.footnotes import Footnotes

_COLUMNS = (
    Column("SERVICE"),
    Column("REVISION"),
    Column("FROM", "from"),
    Column("UNTIL", "until", rank=1),
    Column("SINCE", rank=4),
    Column("ON", "on", rank=2),
    Column("EVIDENCE", "evidence:", rank=3, wraps=True),
)

_NO_REVISION = text("no revision", "warn")
_BEFORE = "nothing is known before"


def page(report: Report, now: datetime) -> tuple[Block, ...]:
    """Header, the spells newest first, what the record covers, problems."""
    marks = Footnotes.of(report)
    history = report.history or History((), None)
    rows = tuple(_row(spell, now) for spell in history.entries)
    table = (Table("", _COLUMNS, rows),) if rows else ()
    notes = tuple(Note(line) for line in _covers(history, now))
    return (header(report, now, marks), *table, Notes("", notes), *problems(marks))


def _row(spell: Period, now: datetime) -> Row:
    revision = words.sha(spell.sha) if spell.sha else _NO_REVISION
    until = text(utc(spell.until)) if spell.until else text("now", "good")
    cells = (
        text(spell.service, "strong"),
        revision,
        text(utc(spell.since)),
        until,
        text(ago(now, spell.since), "dim"),
        text(spell.engine),
        text(spell.evidence, "dim"),
    )
    return Row(cells, weight=1 if spell.until is None else 0)


def _covers(history: History, now: datetime) -> tuple[Line, ...]:
    since = history.covers_since
    if since is None:
        return (*window(history, now), text("nothing is known of what ran before", "warn"))
    said = f"covers {utc(since)} ({ago(now, since)}) and later"
    several = len({(spell.service, spell.engine) for spell in history.entries}) > 1
    before = "before its oldest row nothing is known of a service" if several else _BEFORE
    return (*window(history, now), text(f"{said}; {before}"))


def window(history: History, now: datetime) -> tuple[Line, ...]:
    """With `--since`: what changed from then on, and what merely restarted."""
    if history.since is None:
        return ()
    changed = ", ".join(history.changed) or "nothing"
    restarted = ", ".join(history.restarted) or "nothing else"
    since = f"since {utc(history.since)} ({ago(now, history.since)})"
    return (
        join([text(f"changed {since}:"), text(changed, "strong")], " "),
        text(f"restarted, same revision: {restarted}"),
    )


def moves(history: History, now: datetime) -> tuple[Line, ...]:
    """Each change of the window: the service, from which revision to which, and when."""
    rows: dict[tuple[str, str], list[Period]] = {}
    for spell in history.entries:
        if spell.service in history.changed:
            rows.setdefault((spell.service, spell.engine), []).append(spell)
    return tuple(_move(spells, now) for spells in rows.values())


def _move(spells: list[Period], now: datetime) -> Line:
    """The newest of one service's spells, and the revision before it."""
    newest = spells[0]
    name, to = text(f"{newest.service}:"), words.sha(newest.sha) if newest.sha else _NO_REVISION
    if newest.until:
        return join([name, to, text(f"until {ago(now, newest.until)}, nothing since", "warn")], " ")
    old = next((words.sha(one.sha) for one in spells[1:] if one.sha != newest.sha), None)
    told = (old, text("\u2192"), to) if old else (to,)
    return join([name, *told, text(ago(now, newest.since), "dim")], " ")
