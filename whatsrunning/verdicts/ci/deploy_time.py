"""When a container was deployed, on the clock that CI's times are told by."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from whatsrunning.facts.answers import Found
from whatsrunning.facts.queries import EngineInfo, JournalLooks
from whatsrunning.facts.records import EngineFacts, JournalEntry
from whatsrunning.facts.store import Case
from whatsrunning.verdicts.inventory.deployed_at import add_clamped

_WHOLE_SECONDS = timedelta(seconds=1)
# Without the engine's own time its clock is only assumed to be about right.
_UNSEEN_CLOCK = timedelta(seconds=30)


@dataclass(frozen=True, slots=True)
class Deploy:
    """A service's deploy of a revision, at a time told by the engine's clock."""

    engine: str
    service: str
    sha: str
    at: datetime


@dataclass(frozen=True, slots=True)
class Instants:
    """Deployed at, corrected for skew, give or take `error`.

    `first` is the same revision's first deploy, `now` our clock at this look; None is not known.
    """

    at: datetime
    error: timedelta
    now: datetime | None = None
    first: datetime | None = None

    @property
    def span(self) -> tuple[datetime, datetime, datetime]:
        """The earliest, the likely and the latest instant it can have been."""
        return add_clamped(self.at, -self.error), self.at, add_clamped(self.at, self.error)


def instants(case: Case, deploy: Deploy, skew_s: float | None) -> Instants:
    """The deploy on our clock; `skew_s` is the engine's clock minus ours, in seconds."""
    info = case.get(EngineInfo(deploy.engine))
    skew = timedelta(seconds=skew_s or 0.0)
    if not isinstance(info, Found):
        return Instants(add_clamped(deploy.at, -skew), _UNSEEN_CLOCK)
    known: EngineFacts = info.value
    first = _first(case, known.id, deploy) if case.scope.journal else None
    trip = (known.answered_at - known.asked_at) / 2
    error = _UNSEEN_CLOCK if skew_s is None else _WHOLE_SECONDS + trip
    first = add_clamped(first, -skew) if first is not None else None
    return Instants(add_clamped(deploy.at, -skew), error, known.answered_at, first)


def _first(case: Case, engine_id: str, deploy: Deploy) -> datetime | None:
    """When earlier looks saw the same revision begin, if nothing else served in between."""
    earlier = case.get(JournalLooks(engine_id))
    if not isinstance(earlier, Found):
        return None
    looks = [k for k in earlier.value if k.service == deploy.service and k.at <= deploy.at]
    begun: list[datetime] = []
    for look in sorted(looks, key=lambda one: one.at, reverse=True):
        if look.sha != deploy.sha:
            break
        begun.append(_begun(look))
    return min(begun, default=None)


def _begun(look: JournalEntry) -> datetime:
    return look.deployed_at or look.at
