"""From a Swarm manager's replies to facts: services, tasks, nodes. Raises MalformedReply."""

from typing import get_args

from whatsrunning.facts.swarm import NodeFacts, ServiceFacts, TaskFacts, UpdateFacts, UpdateState
from whatsrunning.sources import json_reader as j

_UPDATES: dict[str, UpdateState] = {state: state for state in get_args(UpdateState)}
_CONTAINER = ("Spec", "TaskTemplate", "ContainerSpec")


def service(item: j.Object) -> ServiceFacts:
    """One of `GET /services`."""
    mode = j.obj(j.field(item, "Spec", "Mode") or {}, "Mode")
    # The engine's own default, where a client left the number out.
    replicas = j.integer(mode, "Replicated", "Replicas", default=1)
    return ServiceFacts(
        id=j.text(item, "ID"),
        name=j.text(item, "Spec", "Name"),
        image=j.text(item, *_CONTAINER, "Image", default=""),
        mode="replicated" if "Replicated" in mode else "global" if "Global" in mode else "job",
        replicas=replicas if "Replicated" in mode else None,
        created_at=j.moment_or_none(item, "CreatedAt"),
        updated_at=j.moment_or_none(item, "UpdatedAt"),
        update=_update(item),
        labels=j.labels(item, "Spec", "Labels"),
        container_labels=j.labels(item, *_CONTAINER, "Labels"),
    )


def _update(item: j.Object) -> UpdateFacts:
    state = j.text(item, "UpdateStatus", "State", default="") or "none"
    return UpdateFacts(
        state=_UPDATES.get(state, "other"),
        message=j.text(item, "UpdateStatus", "Message", default=""),
        started_at=j.moment_or_none(item, "UpdateStatus", "StartedAt"),
        completed_at=j.moment_or_none(item, "UpdateStatus", "CompletedAt"),
    )


def task(item: j.Object) -> TaskFacts:
    """One of `GET /tasks`."""
    return TaskFacts(
        id=j.text(item, "ID"),
        service=j.text(item, "ServiceID", default=""),
        node=j.text(item, "NodeID", default=""),
        slot=j.integer(item, "Slot", default=0),
        image=j.text(item, "Spec", "ContainerSpec", "Image", default=""),
        container=j.text(item, "Status", "ContainerStatus", "ContainerID", default=""),
        state=j.text(item, "Status", "State", default=""),
        desired=j.text(item, "DesiredState", default=""),
        at=j.moment_or_none(item, "Status", "Timestamp"),
        error=j.text(item, "Status", "Err", default=""),
    )


def node(item: j.Object) -> NodeFacts:
    """One of `GET /nodes`."""
    return NodeFacts(
        id=j.text(item, "ID"),
        name=j.text(item, "Description", "Hostname", default=""),
        role=j.text(item, "Spec", "Role", default=""),
        leader=j.flag(item, "ManagerStatus", "Leader", default=False),
        state=j.text(item, "Status", "State", default=""),
        availability=j.text(item, "Spec", "Availability", default=""),
        address=j.text(item, "Status", "Addr", default=""),
    )
