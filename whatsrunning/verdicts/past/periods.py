"""What ran before and since when: one period a revision, by the evidence that is left of it."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime, timedelta
from itertools import chain, dropwhile, takewhile
from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown, first_unknown
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.commands import History, Period
from whatsrunning.report.container import Container, DeployedAt, Previous
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.past.answers import ServiceKey, events_on, looks_at, past_answers
from whatsrunning.verdicts.past.evidence import evidence_of, gone_evidence
from whatsrunning.verdicts.past.piece import Evidence

# A revision that came back after longer than a restart or a deploy takes was down in between.
_DOWN = timedelta(minutes=10)


@memo
def periods_of(case: Case, key: ServiceKey) -> tuple[Period, ...]:
    """What served one service, oldest first."""
    pieces = sorted(evidence_of(case, key), key=lambda evidence: evidence.order)
    told = _folded(piece for piece in pieces if not piece.problem)
    untold = [piece for piece in pieces if piece.problem]
    # What serves may be what a look saw: then nobody knows that this has ended.
    doubt = any(piece.until is None for piece in untold)
    periods = [_period(key, row, told[place:], doubt) for place, row in enumerate(told, 1)]
    periods += [_period(key, piece, (), doubt) for piece in untold]
    began = {id(period): row.order for period, row in zip(periods, (*told, *untold), strict=True)}
    return tuple(sorted(periods, key=lambda period: began[id(period)]))


def _folded(pieces: Iterable[Evidence]) -> Sequence[Evidence]:
    """One row for each time of a revision. What is not known to be another one ends none."""
    rows: list[Evidence] = []
    for evidence in pieces:
        row = rows[-1] if rows else evidence
        was_down = row.exact and row.until and evidence.since - row.until > _DOWN
        if rows and row.sha == evidence.sha and not was_down:
            rows[-1] = row.joined(evidence)
        else:
            rows.append(evidence)
    return rows


def _period(key: ServiceKey, row: Evidence, later: Sequence[Evidence], doubt: bool) -> Period:
    """A look only saw that it served: it did so until something else came, if anything did."""
    since = min(row.since, later[0].since) if later else row.since
    until = row.until
    if not row.exact:
        last = row.seen or row.since
        until = next((other.since for other in later if other.since >= last), None)
    ended: Literal["running", "ended", "not-known"] = "ended"
    if until is None:
        ended = "running" if row.exact else "not-known" if doubt else "ended"
    named = (key.service, key.engine, row.sha, since, until, row.text)
    return Period(*named, ended, row.seen, row.problem)


def previous(case: Case, container: Container) -> Answer[Previous]:
    """The revision that the container's own replaced; Nothing where every source tells of none."""

    def replaced(deployed: DeployedAt) -> Answer[Previous]:
        periods = list(_newest_first(case, container, deployed))
        for period in periods:
            # The engine's list tells seconds: what began in the same one and runs was not before.
            beside = period.ended == "running" and period.since == periods[0].since
            if not beside and period.sha not in ("", container.sha):
                # In a list of periods it is a look; beside the container that runs, an earlier one.
                text = period.evidence.replace("a look at", "an earlier look at")
                return Found(Previous(period.sha, period.until, text))
        untold = next((Unknown(period.problem) for period in periods if period.problem), None)
        return untold or first_unknown(past_answers(case, ServiceKey.of(container))) or Nothing()

    if container.revision.problem:  # then nobody can tell whether what ran before was another one
        return Unknown(container.revision.problem)
    return container.deployed_at.then(replaced)


def revision_since(case: Case, container: Container) -> datetime | None:
    """Since when its service runs the container's revision, in however many containers.

    Starting a container again is no change of it, unless another one served in between.
    """
    deployed = container.deployed_at.value_or(None)
    if deployed is None:
        return None
    newest_first = list(_newest_first(case, container, deployed))
    own = takewhile(lambda period: period.sha == container.sha, newest_first)
    since = min((period.since for period in own), default=deployed.at)
    created = container.created_at
    others = [period for period in newest_first if period.sha != container.sha]
    replaced = any((other.until or other.last_seen or since) > created for other in others)
    return since if replaced else min(since, created)


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
    managed = [one for one in containers if one.managed and not one.one_off]
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
    # What is gone since nobody knows when may have gone in the window.
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
    named = (key for key, pieces in gone if any(piece.sha for piece in pieces))
    wanted = (key for key in named if not asked or key.named & {*asked})
    return dict.fromkeys((*map(ServiceKey.of, managed), *wanted))


def _named(keys: Iterable[ServiceKey]) -> tuple[str, ...]:
    return tuple(sorted({key.service for key in keys}))


def _changed(periods: Sequence[Period], since: datetime) -> bool:
    """Whether another revision came in the window, or the last one went and none came."""
    pairs = zip((None, *periods), periods, strict=False)
    came = any(new.since >= since and (not old or old.sha != new.sha) for old, new in pairs)
    went = bool(periods) and all(period.ended == "ended" for period in periods)
    ends = (period.until or period.last_seen for period in periods)
    return came or (went and any(end is not None and end >= since for end in ends))


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
