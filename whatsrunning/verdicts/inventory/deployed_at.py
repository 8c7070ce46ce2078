"""When a container became what serves, with the evidence (DESIGN section 1, "deployed at")."""

from datetime import UTC, datetime, timedelta

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import EngineInspect
from whatsrunning.facts.records import ContainerFacts, InspectFacts
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import DeployedAt
from whatsrunning.verdicts.inventory.engines import containers_on, info_of
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.inventory.status_text import health, up_for

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
AT_ONCE = timedelta(seconds=60)  # a start this soon after Created belongs to it
_KEPT_UP = ("always", "unless-stopped", "on-failure")


def inspected(facts: FactStore, one: ListedContainer) -> Answer[InspectFacts] | None:
    """The inspection, asked only where the list does not tell enough (DESIGN section 7)."""
    if one.renamed is not None:
        return one.renamed
    if not _needs_inspection(facts, one):
        return None
    return facts.get(EngineInspect(one.engine, one.said.id))


def _needs_inspection(facts: FactStore, one: ListedContainer) -> bool:
    said = one.said
    if said.state not in ("running", "paused") or health(said.state, said.status) == "unhealthy":
        return True
    up, now = up_for(said.status), _engine_time(facts, one.engine)
    return up is not None and now is not None and now - said.created_at - up[1] > AT_ONCE


def _engine_time(facts: FactStore, engine: str) -> datetime | None:
    info = info_of(facts, engine)
    return (info.system_time or info.answered_at) if info else None


def deployed_at(
    facts: FactStore, one: ListedContainer, inspection: Answer[InspectFacts] | None
) -> Answer[DeployedAt]:
    """Created, or a later start that no restart policy made. Nothing when it never started."""
    created = DeployedAt(one.said.created_at, "created")
    if inspection is None:
        return Found(created)
    if isinstance(inspection, Unknown):
        return inspection
    if isinstance(inspection, Nothing):
        return Found(created) if one.said.state == "running" else Nothing()
    it = inspection.value
    if it.started_at is None or one.said.state == "created":
        return Nothing()
    if it.started_at - one.said.created_at <= AT_ONCE:
        return Found(created)
    return Found(_later(facts, one, it, it.started_at))


def _later(
    facts: FactStore, one: ListedContainer, it: InspectFacts, started: datetime
) -> DeployedAt:
    created = one.said.created_at
    when = f"{started:%Y-%m-%d %H:%M:%S} UTC"
    if it.restart_count:
        return DeployedAt(
            created, f"created; started again at {when} by restart policy {it.restart_policy}"
        )
    kept_up = it.restart_policy in _KEPT_UP
    if kept_up and not _others_kept_running(facts, one, started):
        return DeployedAt(
            created, f"created; started again at {when} as the engine itself restarted"
        )
    return DeployedAt(started, f"started at {when}, created {created:%Y-%m-%d %H:%M:%S} UTC")


def _others_kept_running(facts: FactStore, one: ListedContainer, started: datetime) -> bool:
    """Whether another container ran through that start: then the engine did not restart."""
    now = _engine_time(facts, one.engine)
    return now is not None and any(
        started - _started_by(other, now) > AT_ONCE
        for other in containers_on(facts, one.engine)
        if other.id != one.said.id and other.state in ("running", "paused")
    )


def _started_by(said: ContainerFacts, now: datetime) -> datetime:
    """The latest instant at which a running container can have started."""
    up = up_for(said.status)
    return add_clamped(now, -up[0]) if up else now


def add_clamped(at: datetime, by: timedelta) -> datetime:
    """An instant so much later, or the last (the first) that there is."""
    try:
        return at + by
    except OverflowError:
        return _LAST if by > timedelta(0) else _FIRST
