"""What a Swarm's manager says of its services, tasks and nodes. Times are UTC."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal

UpdateState = Literal[
    "none", "updating", "paused", "completed",
    "rollback_started", "rollback_paused", "rollback_completed", "other",
]  # fmt: skip


@dataclass(frozen=True, slots=True)
class UpdateFacts:
    """How a Swarm service's newest update or roll-back goes; `none` where there never was one."""

    state: UpdateState
    message: str = ""
    started_at: datetime | None = None
    completed_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class ServiceFacts:
    """One entry of `GET /services`; `container_labels` are those of the service's containers.
    `replicas` is None where no number is asked for (a global service, a job)."""

    id: str
    name: str
    image: str
    mode: Literal["replicated", "global", "job"]
    replicas: int | None
    created_at: datetime | None
    updated_at: datetime | None
    update: UpdateFacts
    labels: Mapping[str, str] = field(default_factory=dict)
    container_labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class TaskFacts:
    """One entry of `GET /tasks`; `slot` is the replica's number, 0 in a global service."""

    id: str
    service: str
    node: str
    slot: int
    image: str
    container: str
    state: str
    desired: str
    at: datetime | None
    error: str = ""


@dataclass(frozen=True, slots=True)
class NodeFacts:
    """One entry of `GET /nodes`; `availability` is active, pause or drain."""

    id: str
    name: str
    role: str
    leader: bool
    state: str
    availability: str
    address: str
