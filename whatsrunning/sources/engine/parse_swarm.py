"""From a Swarm manager's replies to facts: services, tasks, nodes. Pure; raises Malformed."""

from collections.abc import Mapping
from typing import Any, Literal

from whatsrunning.facts.records import NodeFacts, ServiceFacts, TaskFacts, UpdateFacts, UpdateState
from whatsrunning.sources import json_reader as j

_UPDATES: Mapping[str, UpdateState] = {
    "": "none",
    "updating": "updating",
    "paused": "paused",
    "completed": "completed",
    "rollback_started": "rollback_started",
    "rollback_paused": "rollback_paused",
    "rollback_completed": "rollback_completed",
}


def services(body: Any) -> tuple[ServiceFacts, ...]:
    """`GET /services`."""
    return tuple(_service(item) for item in j.objects(body))


def tasks(body: Any) -> tuple[TaskFacts, ...]:
    """`GET /tasks`."""
    return tuple(_task(item) for item in j.objects(body))


def nodes(body: Any) -> tuple[NodeFacts, ...]:
    """`GET /nodes`."""
    return tuple(_node(item) for item in j.objects(body))


def _service(item: j.Object) -> ServiceFacts:
    spec = j.inner(item, "Spec")
    container = j.inner(j.inner(spec, "TaskTemplate"), "ContainerSpec")
    mode, replicas = _mode(j.inner(spec, "Mode"))
    return ServiceFacts(
        id=j.text(item, "ID"),
        name=j.text(spec, "Name"),
        image=j.text(container, "Image", ""),
        mode=mode,
        replicas=replicas,
        created_at=j.moment(item, "CreatedAt"),
        updated_at=j.moment(item, "UpdatedAt"),
        update=_update(j.inner(item, "UpdateStatus")),
        labels=j.labels(spec, "Labels"),
        container_labels=j.labels(container, "Labels"),
    )


def _mode(mode: j.Object) -> tuple[Literal["replicated", "global", "job"], int | None]:
    if "Replicated" in mode:
        # The engine's own default, where a client left the number out.
        return "replicated", j.integer(j.inner(mode, "Replicated"), "Replicas", 1)
    return ("global" if "Global" in mode else "job"), None


def _update(status: j.Object) -> UpdateFacts:
    return UpdateFacts(
        state=_UPDATES.get(j.text(status, "State", ""), "other"),
        message=j.text(status, "Message", ""),
        started_at=j.moment(status, "StartedAt"),
        completed_at=j.moment(status, "CompletedAt"),
    )


def _task(item: j.Object) -> TaskFacts:
    status = j.inner(item, "Status")
    container = j.inner(j.inner(item, "Spec"), "ContainerSpec")
    return TaskFacts(
        id=j.text(item, "ID"),
        service=j.text(item, "ServiceID", ""),
        node=j.text(item, "NodeID", ""),
        slot=j.integer(item, "Slot", 0),
        image=j.text(container, "Image", ""),
        container=j.text(j.inner(status, "ContainerStatus"), "ContainerID", ""),
        state=j.text(status, "State", ""),
        desired=j.text(item, "DesiredState", ""),
        at=j.moment(status, "Timestamp"),
        error=j.text(status, "Err", ""),
    )


def _node(item: j.Object) -> NodeFacts:
    spec, status, manager = (j.inner(item, key) for key in ("Spec", "Status", "ManagerStatus"))
    return NodeFacts(
        id=j.text(item, "ID"),
        name=j.text(j.inner(item, "Description"), "Hostname", ""),
        role=j.text(spec, "Role", ""),
        leader=manager.get("Leader") is True,
        state=j.text(status, "State", ""),
        availability=j.text(spec, "Availability", ""),
        address=j.text(status, "Addr", ""),
    )
