"""When a container was deployed, on the clock that CI's times are told by."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from operator import attrgetter

from whatsrunning.facts.engine import EngineInfo
from whatsrunning.facts.journal import JournalLooks
from whatsrunning.facts.store import Case
from whatsrunning.verdicts.inventory.deployed_at import add_clamped

# Without the engine's own time its clock is only assumed to be about right.
_UNSEEN_CLOCK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Deploy:
    """When a service's revision was deployed, by the engine's clock; `skew_s`: that minus ours."""

    engine: str
    service: str
    repository: str
    sha: str
    at: datetime
    skew_s: float | None


@dataclass(frozen=True, slots=True)
class Instants:
    """Deployed at, corrected for skew, give or take `error`. `first` is the same revision's first
    deploy, `now` our clock at this look; None is not known."""

    at: datetime
    error: timedelta
    now: datetime | None = None
    first: datetime | None = None

    @property
    def span(self) -> tuple[datetime, datetime, datetime]:
        """The earliest, the likely and the latest instant it can have been."""
        return add_clamped(self.at, -self.error), self.at, add_clamped(self.at, self.error)


def instants(case: Case, deploy: Deploy) -> Instants:
    """The deploy on our clock."""
    skew = timedelta(seconds=deploy.skew_s or 0.0)
    at = add_clamped(deploy.at, -skew)
    engine = case.get(EngineInfo(deploy.engine)).value_or(None)
    if engine is None:
        return Instants(at, _UNSEEN_CLOCK)
    trip = (engine.answered_at - engine.asked_at) / 2
    error = _UNSEEN_CLOCK if deploy.skew_s is None else timedelta(seconds=1) + trip
    first = _first(case, engine.id, deploy) if case.scope.journal else None
    return Instants(at, error, engine.answered_at, first and add_clamped(first, -skew))


def _first(case: Case, engine_id: str, deploy: Deploy) -> datetime | None:
    """When earlier looks saw the same revision begin, if nothing else served in between."""
    entries = case.get(JournalLooks(engine_id)).value_or(())
    before = [e for e in entries if e.service == deploy.service and e.at <= deploy.at]
    newest_first = sorted(before, key=attrgetter("at"), reverse=True)
    same = takewhile(lambda entry: entry.sha == deploy.sha, newest_first)
    return min((entry.deployed_at or entry.at for entry in same), default=None)
