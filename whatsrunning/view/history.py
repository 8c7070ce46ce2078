"""What ran before and since when, each row with its evidence."""

from datetime import datetime

from whatsrunning.model.report import History, Report, Spell
from whatsrunning.text import ago, utc
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Column, Line, Note, Notes, Row, Table, text
from whatsrunning.view.frame import header, problems
from whatsrunning.view.marks import Marks

_COLUMNS = (
    Column("SERVICE"),
    Column("REVISION"),
    Column("FROM", "from"),
    Column("UNTIL", "until", rank=1),
    Column("SINCE", rank=4),
    Column("ON", "on", rank=2),
    Column("EVIDENCE", "evidence:", rank=3, wraps=True),
)


def page(report: Report, now: datetime) -> tuple[Block, ...]:
    """Header, the spells newest first, what the record covers, problems."""
    marks = Marks.of(report)
    history = report.history or History((), None)
    rows = tuple(_row(spell, now) for spell in history.entries)
    table = (Table("", _COLUMNS, rows),) if rows else ()
    notes = tuple(Note(line) for line in _covers(history, now))
    return (header(report, now, marks), *table, Notes("", notes), *problems(marks))


def _row(spell: Spell, now: datetime) -> Row:
    revision = words.sha(spell.sha) if spell.sha else text("no revision", "warn")
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
        first = text("nothing is known of what ran before", "warn")
    else:
        first = text(f"covers {utc(since)} ({ago(now, since)}) and later; nothing is known before")
    changed = text("changed: " + ", ".join(history.changed))
    restarted = text("restarted, same revision: " + ", ".join(history.restarted))
    return (
        *((changed,) if history.changed else ()),
        *((restarted,) if history.restarted else ()),
        first,
    )
