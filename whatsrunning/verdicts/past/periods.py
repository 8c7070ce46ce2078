"""What ran before and since when: one row a revision, by what is still told of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta

from whatsrunning.facts.answers import Found
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case
from whatsrunning.report.commands import History, Period
from whatsrunning.report.container import Container
from whatsrunning.verdicts.past.evidence import Evidence, PastAnswers, all_evidence, past_answers

# A revision that came back after longer than a restart or a deploy takes was down in between.
_DOWN = timedelta(minutes=10)

ServiceKey = tuple[str, str]


def run_history(case: Case, containers: Sequence[Container], now: datetime) -> History:
    """Rows newest first, up to `now`. Nothing is said of the time before `covers_since`.

    With `scope.since`, services that changed since then are kept apart from what merely restarted.
    """
    ours, told = [one for one in containers if one.managed], past_answers(case)
    seen = [one for one in all_evidence(told, case.scope, ours) if one.since <= now]
    rows = {place: _spells(seen, place) for place in _places(case.scope, ours, seen)}
    every = [spell for some in rows.values() for spell in some]
    ordered = tuple(sorted(every, key=lambda spell: spell.since, reverse=True))
    covers = min((spell.since for spell in ordered), default=None)
    since = case.scope.since
    if since is None:
        return History(ordered, covers, missing=told.missing)
    shown = tuple(one for one in ordered if one.until is None or one.until >= since)
    changed = {place for place, some in rows.items() if _changed(some, since)}
    again = {(one.engine, one.service) for one in ours if _started_since(told, one, since)}
    return History(
        shown, covers, _services(changed), _services(again - changed), since, told.missing
    )


def _places(scope: Scope, ours: Iterable[Container], seen: Iterable[Evidence]) -> list[ServiceKey]:
    """Services on engines, by what is listed and by what is told of those that are gone."""
    listed = dict.fromkeys((one.engine, one.service) for one in ours)
    told = dict.fromkeys((one.engine, one.service) for one in seen if one.sha)
    asked = set(scope.services)
    gone = (place for place in told if not asked or place[1] in asked)
    return list(dict.fromkeys((*listed, *gone)))


def _services(places: Iterable[ServiceKey]) -> tuple[str, ...]:
    return tuple(sorted({service for _, service in places}))


def _spells(seen: Iterable[Evidence], place: ServiceKey) -> list[Period]:
    """One service's spells on one engine, oldest first."""
    rows: list[Evidence] = []
    for one in sorted(seen, key=lambda each: (each.since, not each.exact)):
        if (one.engine, one.service) != place:
            continue
        if rows and rows[-1].sha == one.sha and not _was_down(rows[-1], one):
            rows[-1] = rows[-1].joined(one)
        else:
            rows.append(one)
    later = (*(one.since for one in rows[1:]), None)
    return [_spell(row, after) for row, after in zip(rows, later, strict=False)]


def _was_down(row: Evidence, later: Evidence) -> bool:
    return row.exact and row.until is not None and later.since - row.until > _DOWN


def _spell(row: Evidence, after: datetime | None) -> Period:
    """A look only saw that it served: it did so until something else came."""
    until = row.until if row.exact or after is None else after
    return Period(row.service, row.engine, row.sha, row.since, until, row.evidence)


def _changed(rows: Sequence[Period], since: datetime) -> bool:
    """Whether another revision came in the window, or the last one went and none came."""
    before = zip((None, *rows), rows, strict=False)
    came = any(new.since >= since and (not old or old.sha != new.sha) for old, new in before)
    gone = all(one.until is not None for one in rows)
    return came or (gone and any(one.until >= since for one in rows if one.until))


def _started_since(told: PastAnswers, one: Container, since: datetime) -> bool:
    """Started or created again in the window; its revision is no newer for that."""
    deployed = one.deployed_at.value.at if isinstance(one.deployed_at, Found) else one.created_at
    starts = (one.started_at, one.created_at, deployed, *_starts(told, one))
    return any(start is not None and start >= since for start in starts)


def _starts(told: PastAnswers, one: Container) -> Iterator[datetime]:
    """What the engine's list does not show of a container that started again soon."""
    events = told.events.get(one.engine)
    for event in events.value if isinstance(events, Found) else ():
        if event.container == one.id and event.action == "start":
            yield event.at
