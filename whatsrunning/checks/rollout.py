"""Checks of deploys that are under way: Swarm's updates and replicas, Compose's re-creations."""

from collections.abc import Iterator
from datetime import timedelta

from whatsrunning.checks.check import CheckInput, Hit, revision, said_name
from whatsrunning.report.container import Container, Severity
from whatsrunning.report.swarm import SwarmService
from whatsrunning.text import one_line

_HALF_WAY = timedelta(minutes=10)
_FAILED = frozenset({"failed", "rejected"})


def update_running(given: CheckInput) -> Iterator[Hit]:
    """Swarm replaces the tasks of a service just now."""
    for engine, service in given.services:
        if service.update.state == "updating":
            yield _hit(engine, service, f"is being updated{_so_far(service)}")


def update_paused(given: CheckInput) -> Iterator[Hit]:
    """Swarm stopped half-way, and waits for somebody."""
    paused = {"paused": "update", "rollback_paused": "roll-back"}
    for engine, service in given.services:
        if what := paused.get(service.update.state):
            yield _hit(engine, service, f"has a paused {what}{_so_far(service)}{_why(service)}")


def rolled_back(given: CheckInput) -> Iterator[Hit]:
    """What was deployed last does not run: Swarm went back."""
    for engine, service in given.services:
        if service.update.state == "rollback_started":
            yield _hit(engine, service, f"is being rolled back{_why(service)}")
        elif service.update.state == "rollback_completed":
            what = "was rolled back: its newest deploy does not run"
            yield _hit(engine, service, f"{what}{_error(service)}")


def replicas_missing(given: CheckInput) -> Iterator[Hit]:
    """Fewer replicas run than were asked for; none at all is `nothing-running`."""
    for engine, service in given.services:
        if service.desired is not None and 0 < service.running < service.desired:
            replicas = f"{service.running} of {service.desired} replicas running"
            severity: Severity | None = "info" if _is_starting(service) else None
            yield _hit(engine, service, f"has {replicas}{_error(service)}", severity)


def none_running(given: CheckInput) -> Iterator[Hit]:
    """A service that has no container here, and no replica anywhere (for `nothing-running`)."""
    here = {container.service for container in given.report.containers}
    for engine, service in given.services:
        if service.desired and not service.running and service.name not in here:
            replicas = f"0 of {service.desired} replicas{_error(service)}"
            message = f"nothing runs of {said_name(service.name)}: {replicas}"
            severity: Severity | None = "warning" if _is_starting(service) else None
            yield Hit(engine, "", service.name, message, severity=severity)


def re_creation(given: CheckInput) -> Iterator[Hit]:
    """Compose left the old container and the new one beside each other."""
    by_id = {(c.engine, c.id): c for c in given.report.containers}
    for new in given.report.containers:
        old = by_id.get((new.engine, new.replaces))
        if new.managed and old:
            late = given.now - new.created_at > _HALF_WAY
            how = "was left half-way re-created" if late else "is being re-created"
            message = f"{given.service(new)} {how}: {_side('old', old)}, {_side('new', new)}"
            severity: Severity | None = None if late else "info"
            about = (new.engine, new.name, new.service)
            yield Hit(*about, message, severity=severity, project=new.project)


def is_updating(service: SwarmService) -> bool:
    """Whether Swarm replaces tasks just now, forwards or back."""
    return service.update.state in ("updating", "rollback_started")


def _hit(engine: str, service: SwarmService, state: str, severity: Severity | None = None) -> Hit:
    return Hit(engine, "", service.name, f"{said_name(service.name)} {state}", severity=severity)


def _so_far(service: SwarmService) -> str:
    """How many of the running replicas have the image that was asked for last."""
    running = [task for task in service.tasks if task.state == task.desired == "running"]
    new = sum(task.image == service.image for task in running)
    images = f": {new} of {len(running)} running replicas have the image that was asked for"
    return images if running else ""


def _why(service: SwarmService) -> str:
    """What the newest failed task said, else what Swarm says of the update."""
    message = service.update.message
    return _error(service) or (f" ({one_line(message, 100)})" if message else "")


def _is_starting(service: SwarmService) -> bool:
    """On the way: an update takes replicas down, and a new one that never failed comes up."""
    stuck = (t.state in _FAILED or (t.state == "pending" and t.error) for t in service.tasks)
    return is_updating(service) or not any(stuck)


def _error(service: SwarmService) -> str:
    """What the newest failed task said."""
    failed = [task for task in service.tasks if task.error and task.at]
    newest = max(failed, key=lambda task: (task.at, task.id), default=None)
    return f" ({one_line(newest.error, 100)})" if newest else ""


def _side(which: str, container: Container) -> str:
    return f"the {which} one ({said_name(container.state)}) at {revision(container)}"
