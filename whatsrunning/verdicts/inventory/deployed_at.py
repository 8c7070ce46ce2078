"""When a container became what serves, with the evidence (DESIGN section 1, "deployed at")."""

from datetime import UTC, datetime, timedelta

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import EngineInspect
from whatsrunning.facts.records import ContainerFacts, InspectFacts
from whatsrunning.facts.store import Case
from whatsrunning.report.container import DeployedAt
from whatsrunning.verdicts.inventory.engines import containers_on, info_of
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.inventory.status_text import health, up_for

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
AT_ONCE = timedelta(seconds=60)  # a start this soon after Created belongs to it
_KEPT_UP = ("always", "unless-stopped", "on-failure")


def inspected(container: ListedContainer) -> Answer[InspectFacts] | None:
    """The inspection, asked only where the list does not tell enough (DESIGN section 7)."""
    if container.renamed is not None:
        return container.renamed
    if not _needs_inspection(container):
        return None
    return container.get(EngineInspect(container.engine, container.listed.id))


def _needs_inspection(container: ListedContainer) -> bool:
    said = container.listed
    if said.state not in ("running", "paused") or health(said.state, said.status) == "unhealthy":
        return True
    up, now = up_for(said.status), _engine_time(container.case, container.engine)
    return up is not None and now is not None and now - said.created_at - up[1] > AT_ONCE


def _engine_time(case: Case, engine: str) -> datetime | None:
    info = info_of(case, engine)
    return (info.system_time or info.answered_at) if info else None


def deployed_at(
    container: ListedContainer, inspection: Answer[InspectFacts] | None
) -> Answer[DeployedAt]:
    """Created, or a later start that no restart policy made. Nothing when it never started."""
    created = DeployedAt(container.listed.created_at, "created")
    if inspection is None:
        return Found(created)
    if isinstance(inspection, Unknown):
        return inspection
    if isinstance(inspection, Nothing):
        return Found(created) if container.listed.state == "running" else Nothing()
    it = inspection.value
    if it.started_at is None or container.listed.state == "created":
        return Nothing()
    if it.started_at - container.listed.created_at <= AT_ONCE:
        return Found(created)
    return Found(_later(container, it, it.started_at))


def _later(container: ListedContainer, it: InspectFacts, started: datetime) -> DeployedAt:
    created = container.listed.created_at
    when = f"{started:%Y-%m-%d %H:%M:%S} UTC"
    if it.restart_count:
        return DeployedAt(
            created, f"created; started again at {when} by restart policy {it.restart_policy}"
        )
    kept_up = it.restart_policy in _KEPT_UP
    if kept_up and not _others_kept_running(container, started):
        return DeployedAt(
            created, f"created; started again at {when} as the engine itself restarted"
        )
    return DeployedAt(started, f"started at {when}, created {created:%Y-%m-%d %H:%M:%S} UTC")


def _others_kept_running(container: ListedContainer, started: datetime) -> bool:
    """Whether another container ran through that start: then the engine did not restart."""
    now = _engine_time(container.case, container.engine)
    return now is not None and any(
        started - _started_by(other, now) > AT_ONCE
        for other in containers_on(container.case, container.engine)
        if other.id != container.listed.id and other.state in ("running", "paused")
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
