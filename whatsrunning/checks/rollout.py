"""Checks of deploys that are under way: Swarm's updates and replicas, Compose's re-creations."""

from collections.abc import Iterator
from datetime import timedelta

from whatsrunning.checks.check import CheckInput, Hit, revision, said_name
from whatsrunning.report.container import Severity
from whatsrunning.report.swarm import SwarmService
from whatsrunning.text import one_line

_HALF_WAY = timedelta(minutes=10)
_FAILED = frozenset({"failed", "rejected"})


def update_running(looked: CheckInput) -> Iterator[Hit]:
    """Swarm replaces the tasks of a service just now."""
    for engine, it in looked.services:
        if it.update.state == "updating":
            yield _sign(engine, it, f"is being updated{_so_far(it)}")


def update_paused(looked: CheckInput) -> Iterator[Hit]:
    """Swarm stopped half-way, and waits for somebody."""
    for engine, it in looked.services:
        if it.update.state in ("paused", "rollback_paused"):
            what = "roll-back" if it.update.state == "rollback_paused" else "update"
            yield _sign(engine, it, f"has a paused {what}{_so_far(it)}{_error(it) or _why(it)}")


def rolled_back(looked: CheckInput) -> Iterator[Hit]:
    """What was deployed last does not run: Swarm went back."""
    for engine, it in looked.services:
        if it.update.state == "rollback_started":
            yield _sign(engine, it, f"is being rolled back{_error(it) or _why(it)}")
        elif it.update.state == "rollback_completed":
            yield _sign(engine, it, f"was rolled back: its newest deploy does not run{_error(it)}")


def replicas_missing(looked: CheckInput) -> Iterator[Hit]:
    """Fewer replicas run than were asked for; none at all is `nothing-running`."""
    for engine, it in looked.services:
        if it.desired is not None and 0 < it.running < it.desired:
            severity: Severity | None = "info" if _is_starting(it) else None
            said = f"has {it.running} of {it.desired} replicas running{_error(it)}"
            yield _sign(engine, it, said, severity)


def none_running(looked: CheckInput) -> Iterator[Hit]:
    """A service that has no container here, and no replica anywhere (for `nothing-running`)."""
    here = {one.service for one in looked.report.containers}
    for engine, it in looked.services:
        if it.desired and not it.running and it.name not in here:
            said = f"nothing runs of {said_name(it.name)}: 0 of {it.desired} replicas{_error(it)}"
            severity: Severity | None = "warning" if _is_starting(it) else None
            yield Hit(engine, "", it.name, said, severity=severity)


def re_creation(looked: CheckInput) -> Iterator[Hit]:
    """Compose left the old container and the new one beside each other."""
    known = {(one.engine, one.id): one for one in looked.report.containers}
    for new in looked.report.containers:
        old = known.get((new.engine, new.replaces))
        if not new.managed or old is None:
            continue
        late = looked.now - new.created_at > _HALF_WAY
        how = "was left half-way re-created" if late else "is being re-created"
        sides = f"{_side('old', old.state)} at {revision(old)}, {_side('new', new.state)}"
        said = f"{said_name(new.service)} {how}: {sides} at {revision(new)}"
        yield Hit(new.engine, new.name, new.service, said, severity=None if late else "info")


def is_updating(service: SwarmService) -> bool:
    """Whether Swarm replaces tasks just now, forwards or back."""
    return service.update.state in ("updating", "rollback_started")


def _sign(engine: str, it: SwarmService, said: str, severity: Severity | None = None) -> Hit:
    return Hit(engine, "", it.name, f"{said_name(it.name)} {said}", severity=severity)


def _so_far(it: SwarmService) -> str:
    """How many of the running replicas have the image that was asked for last."""
    running = [task for task in it.tasks if task.state == task.desired == "running"]
    new = sum(task.image == it.image for task in running)
    said = f": {new} of {len(running)} running replicas have the image that was asked for"
    return said if running else ""


def _why(it: SwarmService) -> str:
    return f" ({one_line(it.update.message, 100)})" if it.update.message else ""


def _is_starting(it: SwarmService) -> bool:
    """On the way: an update takes replicas down, and a new one that never failed comes up."""
    stuck = (t.state in _FAILED or (t.state == "pending" and t.error) for t in it.tasks)
    return is_updating(it) or not any(stuck)


def _error(it: SwarmService) -> str:
    """What the newest failed task said."""
    failed = [task for task in it.tasks if task.error and task.at]
    newest = max(failed, key=lambda task: (task.at, task.id), default=None)
    return f" ({one_line(newest.error, 100)})" if newest else ""


def _side(which: str, state: str) -> str:
    return f"the {which} one ({said_name(state)})"
