"""The ports: what each source can be asked. Calls take the deadline and raise SourceError alone.

What could be swapped without a complaint of the types is passed by name.
"""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Protocol

from whatsrunning.facts.answers import Answer, Problem
from whatsrunning.facts.records import (
    Base,
    CiFacts,
    CloneFacts,
    CommitFacts,
    CompareFacts,
    ContainerFacts,
    DeploymentFacts,
    EngineFacts,
    EventFacts,
    GithubCommitFacts,
    GraphFacts,
    Head,
    ImageFacts,
    InspectFacts,
    JournalEntry,
    ManifestFacts,
    NodeFacts,
    PullFacts,
    PushFilter,
    ServiceFacts,
    TaskFacts,
)


class SourceError(Exception):
    """A source could not be looked at; `problem` is what the report will say."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Deadline:
    """One for the whole call, on the monotonic clock, in seconds (DESIGN section 3)."""

    ends: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        """A deadline that many seconds from now."""
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds that remain, never below zero."""
        return max(0.0, self.ends - time.monotonic())


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


class Registry(Protocol):
    """All registries; `repository` is host/path (docker.io/library/x for Docker Hub)."""

    def manifest(
        self, repository: str, reference: str, deadline: Deadline
    ) -> Answer[ManifestFacts]: ...
    def content(
        self, repository: str, reference: str, deadline: Deadline
    ) -> Answer[ManifestFacts]: ...
    def tags(self, repository: str, deadline: Deadline) -> Answer[tuple[str, ...]]: ...


class Git(Protocol):
    """The clones at hand.

    A repository (OWNER/NAME) without a clone raises SourceError `no-clone`.
    """

    def clones(self, deadline: Deadline) -> tuple[CloneFacts, ...]: ...
    def commits(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[CommitFacts]]: ...
    def prefix(self, repository: str, prefix: str, deadline: Deadline) -> Answer[str]: ...
    def graph(self, repository: str, shas: Sequence[str], deadline: Deadline) -> GraphFacts: ...
    def reference(self, repository: str, name: str, deadline: Deadline) -> Answer[str]: ...
    def touched(
        self, repository: str, base: Base, head: Head, paths: Sequence[str], deadline: Deadline
    ) -> Answer[tuple[str, ...]]: ...
    def push_filter(self, repository: str, sha: str, deadline: Deadline) -> Answer[PushFilter]: ...


class Github(Protocol):
    """GitHub. A repository that is not there, or not shown to us, raises SourceError."""

    def commits(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[GithubCommitFacts]]: ...
    def graph(self, repository: str, deadline: Deadline) -> GraphFacts: ...
    def compare(
        self, repository: str, base: Base, head: Head, deadline: Deadline
    ) -> Answer[CompareFacts]: ...
    def pull(self, repository: str, number: int, deadline: Deadline) -> Answer[PullFacts]: ...
    def reference(self, repository: str, name: str, deadline: Deadline) -> Answer[str]: ...
    def runs(self, repository: str, sha: str, deadline: Deadline) -> Answer[CiFacts]: ...
    def required(self, repository: str, deadline: Deadline) -> Answer[tuple[str, ...]]: ...
    def deployments(
        self, repository: str, deadline: Deadline
    ) -> Answer[tuple[DeploymentFacts, ...]]: ...


class Journal(Protocol):
    """What earlier looks wrote down; append-only and private to the user."""

    def earlier(self, engine_id: str, deadline: Deadline) -> tuple[JournalEntry, ...]: ...
    def write(self, looks: Sequence[JournalEntry], now: datetime) -> None: ...
