"""What ran before and since when: one period a revision, by the evidence that is left of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, dropwhile, pairwise, takewhile

from whatsrunning.facts.answers import Answer, Found, Nothing, first_unknown
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.commands import History, Period
from whatsrunning.report.container import Container, DeployedAt, Previous
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.past.answers import ServiceKey, events_on, looks_at, past_answers
from whatsrunning.verdicts.past.evidence import Evidence, evidence_of, gone_evidence

# A revision that came back after longer than a restart or a deploy takes was down in between.
_DOWN = timedelta(minutes=10)


@memo
def periods_of(case: Case, key: ServiceKey) -> tuple[Period, ...]:
    """What served one service, oldest first."""
    rows: list[Evidence] = []
    for evidence in sorted(evidence_of(case, key), key=lambda evidence: evidence.order):
        row = rows[-1] if rows else evidence
        was_down = row.exact and row.until and evidence.since - row.until > _DOWN
        if rows and row.sha == evidence.sha and not was_down:
            rows[-1] = row.joined(evidence)
        else:
            rows.append(evidence)
    return tuple(_period(key, row, later) for row, later in pairwise((*rows, None)) if row)


def _period(key: ServiceKey, row: Evidence, later: Evidence | None) -> Period:
    """A look only saw that it served: it did so until something else came."""
    until = row.until if row.exact or later is None else later.since
    since = min(row.since, later.since) if later else row.since
    return Period(key.service, key.engine, row.sha, since, until, row.text)


def previous(case: Case, container: Container) -> Answer[Previous]:
    """The revision that the container's own replaced; Nothing where every source tells of none."""

    def replaced(deployed: DeployedAt) -> Answer[Previous]:
        periods = list(_newest_first(case, container, deployed))
        for period in periods:
            # The engine's list tells seconds: what began in the same one and runs was not before.
            beside = period.until is None and period.since == periods[0].since
            if not beside and period.sha not in ("", container.sha):
                # In a list of periods it is a look; beside the container that runs, an earlier one.
                text = period.evidence.replace("a look at", "an earlier look at")
                return Found(Previous(period.sha, period.until, text))
        return first_unknown(past_answers(case, ServiceKey.of(container))) or Nothing()

    return container.deployed_at.then(replaced)


def revision_since(case: Case, container: Container) -> datetime | None:
    """Since when its service runs the container's revision, in however many containers."""
    deployed = container.deployed_at.value_or(None)
    if deployed is None:
        return None
    newest_first = _newest_first(case, container, deployed)
    own = takewhile(lambda period: period.sha == container.sha, newest_first)
    return min((period.since for period in own), default=deployed.at)


def _newest_first(case: Case, container: Container, deployed: DeployedAt) -> Iterator[Period]:
    """The periods of its service, from the container's own back."""
    periods = reversed(periods_of(case, ServiceKey.of(container)))
    return dropwhile(
        lambda period: period.sha != container.sha or period.since > deployed.at, periods
    )


def run_history(case: Case, containers: Sequence[Container], now: datetime) -> History:
    """Periods up to `now`, the newest first. Nothing is said of the time before `covers_since`.

    With `scope.since`, services that changed since then are kept apart from what merely restarted.
    """
    managed = [container for container in containers if container.managed]
    answering = [engine.context for engine in engines(case) if engine.status == "ok"]
    periods = {
        key: [period for period in periods_of(case, key) if period.since <= now]
        for key in _keys(case, managed, answering)
    }
    answers = chain(
        *((events_on(case, engine), looks_at(case, engine)) for engine in answering),
        *(past_answers(case, key) for key in periods),
    )
    missing = tuple(dict.fromkeys(answer.problem for answer in answers if answer.problem))
    newest_first = chain.from_iterable(reversed(of_service) for of_service in periods.values())
    entries = tuple(sorted(newest_first, key=lambda period: period.since, reverse=True))
    covers = min((period.since for period in entries), default=None)
    since = case.scope.since
    if since is None:
        return History(entries, covers, missing=missing)
    shown = tuple(period for period in entries if not period.until or period.until >= since)
    changed = {key for key, of_service in periods.items() if _changed(of_service, since)}
    started = (container for container in managed if _started_since(case, container, since))
    again = set(map(ServiceKey.of, started))
    return History(shown, covers, since, _named(changed), _named(again - changed), missing)


def _keys(
    case: Case, managed: Iterable[Container], answering: Iterable[str]
) -> Iterable[ServiceKey]:
    """Services by what is listed, and by what is told of those that are gone."""
    asked = case.scope.services
    gone = chain.from_iterable(gone_evidence(case, engine).items() for engine in answering)
    named = (key for key, pieces in gone if any(evidence.sha for evidence in pieces))
    wanted = (key for key in named if not asked or key.service in asked)
    return dict.fromkeys((*map(ServiceKey.of, managed), *wanted))


def _named(keys: Iterable[ServiceKey]) -> tuple[str, ...]:
    return tuple(sorted({key.service for key in keys}))


def _changed(periods: Sequence[Period], since: datetime) -> bool:
    """Whether another revision came in the window, or the last one went and none came."""
    pairs = zip((None, *periods), periods, strict=False)
    came = any(new.since >= since and (not old or old.sha != new.sha) for old, new in pairs)
    ends = [period.until for period in periods if period.until]
    return came or (len(ends) == len(periods) and any(end >= since for end in ends))


def _started_since(case: Case, container: Container, since: datetime) -> bool:
    """Started or created again in the window; its revision is no newer for that."""
    # The engine's list does not show that a container started again soon: its events do.
    events = events_on(case, container.engine).value_or(())
    starts = [
        event.at for event in events if (event.container, event.action) == (container.id, "start")
    ]
    deployed = container.deployed_at.then(lambda deployed: Found(deployed.at))
    own = (container.started_at, container.created_at, deployed.value_or(None))
    return any(start is not None and start >= since for start in (*own, *starts))
