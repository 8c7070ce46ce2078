"""What an engine says, what can be asked of it, and how.

Times are UTC; nothing here draws a verdict.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.query import Deadline, OfEngine
from whatsrunning.facts.registry import ManifestFacts
from whatsrunning.facts.swarm import NodeFacts, ServiceFacts, TaskFacts

Store = Literal["classic", "containerd"]


@dataclass(frozen=True, slots=True)
class EngineFacts:
    """`GET /info`; `asked_at` and `answered_at` are our clock around the engine's."""

    id: str
    name: str
    version: str
    api_version: str
    platform: str
    store: Store
    system_time: datetime | None
    asked_at: datetime
    answered_at: datetime
    product: Literal["docker", "podman"] = "docker"
    swarm: Literal["inactive", "worker", "manager"] = "inactive"
    managers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ContainerFacts:
    """One entry of `GET /containers/json?all=1`; labels include the image's.

    `manifest` is the digest of the platform's manifest, which only the containerd store tells.
    """

    id: str
    name: str
    image: str
    image_id: str
    created_at: datetime
    state: str
    status: str
    labels: Mapping[str, str] = field(default_factory=dict)
    manifest: str = ""


@dataclass(frozen=True, slots=True)
class ImageFacts:
    """One entry of `GET /images/json`.

    `tags` and `digests` are whole references, none of them `<none>`.
    """

    id: str
    parent: str
    created_at: datetime
    tags: tuple[str, ...] = ()
    digests: tuple[str, ...] = ()
    labels: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class InspectFacts:
    """What `GET /containers/ID/json` adds to the list. `health` is empty without a health check."""

    id: str
    reference: str
    started_at: datetime | None
    finished_at: datetime | None
    exit_code: int
    oom_killed: bool
    restart_count: int
    restart_policy: str
    health: str
    error: str = ""


@dataclass(frozen=True, slots=True)
class EventFacts:
    """One container event; `action` is a bare word: create, start, die, destroy."""

    at: datetime
    action: str
    container: str
    name: str
    image: str
    labels: Mapping[str, str] = field(default_factory=dict)


class EngineClient(Protocol):
    """One Docker Engine API endpoint. GET only. A removed container's inspect is Nothing.

    Services, tasks and nodes are for a Swarm's managers alone; others refuse (SourceError).
    """

    def info(self, deadline: Deadline) -> EngineFacts: ...
    def containers(self, deadline: Deadline) -> tuple[ContainerFacts, ...]: ...
    def images(self, deadline: Deadline) -> tuple[ImageFacts, ...]: ...
    def inspect(self, container: str, deadline: Deadline) -> Answer[InspectFacts]: ...
    def distribution(self, reference: str, deadline: Deadline) -> Answer[ManifestFacts]: ...
    def events(self, deadline: Deadline) -> tuple[EventFacts, ...]: ...
    def services(self, deadline: Deadline) -> tuple[ServiceFacts, ...]: ...
    def tasks(self, deadline: Deadline) -> tuple[TaskFacts, ...]: ...
    def nodes(self, deadline: Deadline) -> tuple[NodeFacts, ...]: ...
    def close(self) -> None: ...


@dataclass(frozen=True, slots=True)
class EngineInfo(OfEngine[EngineFacts]):
    """`GET /info` of one engine."""

    def ask(self, port: EngineClient, deadline: Deadline) -> Answer[EngineFacts]:
        return Found(port.info(deadline))


@dataclass(frozen=True, slots=True)
class EngineContainers(OfEngine[tuple[ContainerFacts, ...]]):
    """Every container, stopped ones too."""

    def ask(self, port: EngineClient, deadline: Deadline) -> Answer[tuple[ContainerFacts, ...]]:
        return Found(port.containers(deadline))


@dataclass(frozen=True, slots=True)
class EngineImages(OfEngine[tuple[ImageFacts, ...]]):
    """Every image of the engine's store."""

    def ask(self, port: EngineClient, deadline: Deadline) -> Answer[tuple[ImageFacts, ...]]:
        return Found(port.images(deadline))


@dataclass(frozen=True, slots=True)
class EngineInspect(OfEngine[InspectFacts]):
    """What the list does not tell of one container (whole ID); Nothing once it was removed."""

    container: str

    def ask(self, port: EngineClient, deadline: Deadline) -> Answer[InspectFacts]:
        return port.inspect(self.container, deadline)


@dataclass(frozen=True, slots=True)
class EngineDistribution(OfEngine[ManifestFacts]):
    """A tag's digest as the engine itself sees the registry, `/distribution`."""

    reference: str

    def ask(self, port: EngineClient, deadline: Deadline) -> Answer[ManifestFacts]:
        return port.distribution(self.reference, deadline)


@dataclass(frozen=True, slots=True)
class EngineEvents(OfEngine[tuple[EventFacts, ...]]):
    """Container events that the engine still keeps."""

    def ask(self, port: EngineClient, deadline: Deadline) -> Answer[tuple[EventFacts, ...]]:
        return Found(port.events(deadline))


@dataclass(frozen=True, slots=True)
class EngineServices(OfEngine[tuple[ServiceFacts, ...]]):
    """The services of the Swarm that an engine manages."""

    def ask(self, port: EngineClient, deadline: Deadline) -> Answer[tuple[ServiceFacts, ...]]:
        return Found(port.services(deadline))


@dataclass(frozen=True, slots=True)
class EngineTasks(OfEngine[tuple[TaskFacts, ...]]):
    """The tasks of these services, ended ones too."""

    def ask(self, port: EngineClient, deadline: Deadline) -> Answer[tuple[TaskFacts, ...]]:
        return Found(port.tasks(deadline))


@dataclass(frozen=True, slots=True)
class EngineNodes(OfEngine[tuple[NodeFacts, ...]]):
    """The nodes of the Swarm that an engine manages."""

    def ask(self, port: EngineClient, deadline: Deadline) -> Answer[tuple[NodeFacts, ...]]:
        return Found(port.nodes(deadline))
