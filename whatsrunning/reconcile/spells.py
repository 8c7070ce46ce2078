"""What ran before and since when: one row a revision, by what is still told of it."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from whatsrunning.model.answers import Found
from whatsrunning.model.report import Container, History, Spell
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts
from whatsrunning.reconcile.sightings import Sighting, sightings


def history(facts: Facts, scope: Scope, containers: Sequence[Container], now: datetime) -> History:
    """Rows newest first, up to `now`. Nothing is said of the time before `covers_since`.

    With `scope.since`, services that changed since then are kept apart from what merely restarted.
    """
    ours = [one for one in containers if one.managed]
    places = dict.fromkeys((one.engine, one.service) for one in ours)
    seen = [one for one in sightings(facts, scope, ours) if one.since <= now]
    spells = [spell for place in places for spell in _spells(seen, place)]
    ordered = tuple(sorted(spells, key=lambda spell: spell.since, reverse=True))
    covers = min((spell.since for spell in ordered), default=None)
    if scope.since is None:
        return History(ordered, covers)
    since = scope.since
    shown = tuple(one for one in ordered if one.until is None or one.until >= since)
    changed = {one.service for one in ordered if one.since >= since}
    restarted = {one.service for one in ours if _started_since(one, since)} - changed
    return History(shown, covers, tuple(sorted(changed)), tuple(sorted(restarted)))


def _spells(seen: Iterable[Sighting], place: tuple[str, str]) -> list[Spell]:
    """One service's spells on one engine, oldest first."""
    rows: list[Sighting] = []
    for one in sorted(seen, key=lambda each: (each.since, each.until is None)):
        if (one.engine, one.service) != place:
            continue
        if rows and rows[-1].sha == one.sha:
            rows[-1] = rows[-1].joined(one)
        else:
            rows.append(one)
    later = [one.since for one in rows[1:]]
    return [_spell(row, after) for row, after in zip(rows, [*later, None], strict=True)]


def _spell(row: Sighting, after: datetime | None) -> Spell:
    """A look only saw that it served: it did so until something else came."""
    until = row.until if row.exact or after is None else after
    return Spell(row.service, row.engine, row.sha, row.since, until, row.evidence)


def _started_since(one: Container, since: datetime) -> bool:
    """Started or created again in the window; its revision is no newer for that."""
    started = one.started_at if one.started_at else one.created_at
    deployed = one.deployed_at.value.at if isinstance(one.deployed_at, Found) else one.created_at
    return max(started, deployed) >= since
