"""What ran before and since when, each row with its evidence."""

from collections.abc import Iterator

from whatsrunning.report.commands import History, Period
from whatsrunning.text import ago, utc
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Column, Line, Note, Row, Table, join, text
from whatsrunning.view.common import notes
from whatsrunning.view.context import PageContext

_COLUMNS = (
    Column("SERVICE"),
    Column("REVISION"),
    Column("FROM", "from"),
    Column("UNTIL", "until", rank=1),
    Column("SINCE", rank=4),
    Column("ON", "on", rank=2),
    Column("EVIDENCE", "evidence:", rank=3, wraps=True),
)


def page(context: PageContext) -> Iterator[Block]:
    """Periods newest first, and what the record covers."""
    history = context.report.history or History((), None)
    if rows := tuple(_row(period, context) for period in history.entries):
        yield Table("", _COLUMNS, rows)
    lines = (*window(history, context), _covers(history, context))
    yield from notes("", *map(Note, lines))


def _row(period: Period, context: PageContext) -> Row:
    cells = (
        text(period.service, "strong"),
        context.marks.unknown(period.problem) if period.problem else words.sha(period.sha),
        text(utc(period.since)),
        _until(period),
        text(ago(context.now, period.since), "dim"),
        text(period.engine),
        text(period.evidence, "dim"),
    )
    return Row(cells, weight=1 if period.ended == "running" else 0)


def _until(period: Period) -> Line:
    """Its end; where nobody saw that, the newest look that still saw it."""
    if period.until:
        return text(utc(period.until))
    if period.ended == "running":
        return text("now", "good")
    gone = "gone" if period.ended == "ended" else "not known"
    seen = f", last seen {utc(period.last_seen)}" if period.last_seen else ""
    return text(f"{gone}{seen}", "warn")


def _covers(history: History, context: PageContext) -> Line:
    since = history.covers_since
    if since is None:
        return text("nothing is known of what ran before", "warn")
    several = len({(period.service, period.engine) for period in history.entries}) > 1
    before = "before its oldest row nothing is known of a service"
    before = before if several else "nothing is known before"
    return text(f"covers {utc(since)} ({ago(context.now, since)}) and later; {before}")


def window(history: History, context: PageContext) -> tuple[Line, ...]:
    """With `--since`: what changed from then on, and what merely restarted."""
    if history.since is None:
        return ()
    changed = ", ".join(history.changed) or "nothing"
    restarted = ", ".join(history.restarted) or "nothing else"
    since = f"since {utc(history.since)} ({ago(context.now, history.since)})"
    return (
        join([text(f"changed {since}:"), text(changed, "strong")], " "),
        text(f"restarted, same revision: {restarted}"),
    )


def moves(history: History, context: PageContext) -> tuple[Line, ...]:
    """Each change of the window: the service, from which revision to which, and when."""
    by_service: dict[tuple[str, str], list[Period]] = {}
    for period in history.entries:
        if period.service in history.changed:
            by_service.setdefault((period.service, period.engine), []).append(period)
    return tuple(_move(periods, context) for periods in by_service.values())


def _move(periods: list[Period], context: PageContext) -> Line:
    """The newest of one service's periods, and the revision before it."""
    newest = periods[0]
    name, to = text(f"{newest.service}:"), words.sha(newest.sha)
    if newest.ended != "running":
        return join([name, to, text(_end(newest, context), "warn")], " ")
    old = next((words.sha(p.sha) for p in periods[1:] if p.sha != newest.sha), ())
    arrow = text("\u2192") if old else ()
    return join([name, old, arrow, to, text(ago(context.now, newest.since), "dim")], " ")


def _end(newest: Period, context: PageContext) -> str:
    if newest.ended == "not-known":
        return "whether it still serves is not known"
    end = f"until {ago(context.now, newest.until)}" if newest.until else "gone"
    return f"{end}, nothing since"
