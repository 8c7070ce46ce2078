"""When a container became what serves: `docker start` is a deploy, a restart by policy is not."""

from datetime import UTC, datetime, timedelta

from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.engine import EngineContainers, EngineInfo, EngineInspect, InspectFacts
from whatsrunning.report.container import DeployedAt
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.inventory.status_text import health, up_for

_FIRST, _LAST = datetime.min.replace(tzinfo=UTC), datetime.max.replace(tzinfo=UTC)
_AT_ONCE = timedelta(seconds=60)  # a start this soon after Created belongs to it
_UP = ("running", "paused")
# https://docs.docker.com/engine/containers/start-containers-automatically/
_KEPT_UP = ("always", "unless-stopped", "on-failure")


def inspected(container: ListedContainer) -> Answer[InspectFacts]:
    """The inspection, asked only where the list does not tell enough; else Nothing."""
    listed, now = container.listed, _engine_time(container)
    up = up_for(listed.status)
    late = up is not None and now is not None and now - listed.created_at - up[1] > _AT_ONCE
    well = listed.state in _UP and health(listed.state, listed.status) != "unhealthy"
    if well and not late and container.inspection == Nothing():
        return Nothing()
    return container.get(EngineInspect(container.engine, listed.id))


def _engine_time(container: ListedContainer) -> datetime | None:
    info = container.get(EngineInfo(container.engine)).value_or(None)
    return (info.system_time or info.answered_at) if info else None


def deployed_at(container: ListedContainer, inspection: Answer[InspectFacts]) -> Answer[DeployedAt]:
    """Created, or a later start that no restart policy made. Nothing when it never started."""
    if inspection == Nothing() and container.listed.state in _UP:
        return Found(DeployedAt(container.listed.created_at, "created"))
    return inspection.then(lambda details: _started(container, details))


def _started(container: ListedContainer, details: InspectFacts) -> Answer[DeployedAt]:
    created, started = container.listed.created_at, details.started_at
    if started is None or container.listed.state == "created":
        return Nothing()
    when = f"{started:%Y-%m-%d %H:%M:%S} UTC"
    if started - created <= _AT_ONCE:
        evidence = "created"
    elif details.restart_count:
        evidence = f"created; started again at {when} by restart policy {details.restart_policy}"
    elif details.restart_policy in _KEPT_UP and not _others_kept_running(container, started):
        evidence = f"created; started again at {when} as the engine itself restarted"
    else:
        evidence = f"started at {when}, created {created:%Y-%m-%d %H:%M:%S} UTC"
        return Found(DeployedAt(started, evidence))
    return Found(DeployedAt(created, evidence))


def _others_kept_running(container: ListedContainer, started: datetime) -> bool:
    """Whether another container ran through that start: then the engine did not restart."""
    now = _engine_time(container)
    return now is not None and any(
        started - add_clamped(now, -up[0]) > _AT_ONCE
        for other in container.get(EngineContainers(container.engine)).value_or(())
        if other.id != container.listed.id and other.state in _UP and (up := up_for(other.status))
    )


def add_clamped(at: datetime, by: timedelta) -> datetime:
    """An instant so much later, or the last (the first) that there is."""
    try:
        return at + by
    except OverflowError:
        return _LAST if by > timedelta(0) else _FIRST
