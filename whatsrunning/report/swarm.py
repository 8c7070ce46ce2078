"""A Swarm as its managers tell it: desired against running. Times are UTC."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from whatsrunning.facts.answers import Answer
from whatsrunning.facts.swarm import UpdateState


@dataclass(frozen=True, slots=True)
class SwarmTask:
    """One attempt to run a replica; `node` is the node's name, `slot` 0 in a global service."""

    id: str
    slot: int
    node: str
    container: str
    image: str
    state: str
    desired: str
    at: datetime | None
    error: str


@dataclass(frozen=True, slots=True)
class SwarmUpdate:
    """How the newest update or roll-back goes, in Swarm's words; `none` if there never was one."""

    state: UpdateState
    message: str
    started_at: datetime | None
    completed_at: datetime | None


@dataclass(frozen=True, slots=True)
class SwarmService:
    """A service with what was asked of Swarm (`desired`, None for a job) and what it has.

    Labels are those that name a revision or a repository; `image_labels` is None where the
    manager's own store does not have the image.
    """

    id: str
    name: str
    managed: bool
    image: str
    mode: Literal["replicated", "global", "job"]
    desired: int | None
    running: int
    update: SwarmUpdate
    labels: Mapping[str, str]
    container_labels: Mapping[str, str]
    image_labels: Mapping[str, str] | None
    tasks: tuple[SwarmTask, ...]


@dataclass(frozen=True, slots=True)
class SwarmNode:
    """A node of a Swarm."""

    id: str
    name: str
    role: str
    leader: bool
    state: str
    availability: str
    address: str


@dataclass(frozen=True, slots=True)
class Swarm:
    """A Swarm as its manager `engine` (a context) tells it; each Swarm once."""

    engine: str
    services: Answer[tuple[SwarmService, ...]]
    nodes: Answer[tuple[SwarmNode, ...]]
