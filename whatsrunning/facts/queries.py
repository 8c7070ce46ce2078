"""Everything that one look can ask: the one list of queries, by source."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.ports import Deadline, EngineClient, Git, Github, Journal, Registry
from whatsrunning.facts.query import OfCommit, OfEngine, OfImageRepository, OfRepository, Query
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


@dataclass(frozen=True, slots=True)
class RegistryManifest(OfImageRepository[ManifestFacts]):
    """What a tag or digest of host/path is, by HEAD alone: no children."""

    reference: str

    def ask(self, port: Registry, deadline: Deadline) -> Answer[ManifestFacts]:
        return port.manifest(self.repository, reference=self.reference, deadline=deadline)


@dataclass(frozen=True, slots=True)
class RegistryContent(OfImageRepository[ManifestFacts]):
    """The manifest's body (GET): an index's platforms, or the config digest."""

    reference: str

    def ask(self, port: Registry, deadline: Deadline) -> Answer[ManifestFacts]:
        return port.content(self.repository, reference=self.reference, deadline=deadline)


@dataclass(frozen=True, slots=True)
class RegistryTags(OfImageRepository[tuple[str, ...]]):
    """Every tag of host/path."""

    def ask(self, port: Registry, deadline: Deadline) -> Answer[tuple[str, ...]]:
        return port.tags(self.repository, deadline)


@dataclass(frozen=True, slots=True)
class GitClones(Query[tuple[CloneFacts, ...]]):
    """The clones at hand (`-C`, configuration, the working directory)."""

    source = "git"

    @property
    def subject(self) -> str:
        """No repository: all of them."""
        return "the clones at hand"

    def ask(self, port: Git, deadline: Deadline) -> Answer[tuple[CloneFacts, ...]]:
        return Found(port.clones(deadline))


@dataclass(frozen=True, slots=True)
class GitCommit(OfCommit[CommitFacts]):
    """One commit of OWNER/NAME in a clone at hand; one log answers for all of them."""

    source = "git"
    most = sys.maxsize

    def ask_all(
        self, port: Git, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[CommitFacts]]:
        return port.commits(self.repository, shas=shas, deadline=deadline)


@dataclass(frozen=True, slots=True)
class GitPrefix(OfRepository[str]):
    """The whole SHA of a short one (7 to 39 hex) in a clone; ambiguous is a problem."""

    source = "git"
    prefix: str

    def ask(self, port: Git, deadline: Deadline) -> Answer[str]:
        return port.prefix(self.repository, prefix=self.prefix, deadline=deadline)


@dataclass(frozen=True, slots=True)
class GitGraph(OfRepository[GraphFacts]):
    """The history that relates these SHAs (sorted) and the default branch."""

    source = "git"
    shas: tuple[str, ...]

    def ask(self, port: Git, deadline: Deadline) -> Answer[GraphFacts]:
        return Found(port.graph(self.repository, shas=self.shas, deadline=deadline))


@dataclass(frozen=True, slots=True)
class GitReference(OfRepository[str]):
    """The whole SHA of a branch or tag in a clone at hand."""

    source = "git"
    name: str

    def ask(self, port: Git, deadline: Deadline) -> Answer[str]:
        return port.reference(self.repository, name=self.name, deadline=deadline)


@dataclass(frozen=True, slots=True)
class GitTouched(OfRepository[tuple[str, ...]]):
    """The files at or below these paths (git pathspecs) that differ."""

    source = "git"
    base: Base
    head: Head
    paths: tuple[str, ...]

    def ask(self, port: Git, deadline: Deadline) -> Answer[tuple[str, ...]]:
        return port.touched(self.repository, self.base, self.head, self.paths, deadline)


@dataclass(frozen=True, slots=True)
class GitPushFilter(OfRepository[PushFilter]):
    """What a commit changed, and which pushes its workflows leave out."""

    source = "git"
    sha: str

    def ask(self, port: Git, deadline: Deadline) -> Answer[PushFilter]:
        return port.push_filter(self.repository, sha=self.sha, deadline=deadline)


@dataclass(frozen=True, slots=True)
class GithubCommit(OfCommit[GithubCommitFacts]):
    """One commit with its pull requests; one GraphQL query answers for 50."""

    source = "github"
    most = 50

    def ask_all(
        self, port: Github, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[GithubCommitFacts]]:
        return port.commits(self.repository, shas=shas, deadline=deadline)


@dataclass(frozen=True, slots=True)
class GithubGraph(OfRepository[GraphFacts]):
    """The newest history of the default branch at GitHub, with parents."""

    source = "github"

    def ask(self, port: Github, deadline: Deadline) -> Answer[GraphFacts]:
        return Found(port.graph(self.repository, deadline))


@dataclass(frozen=True, slots=True)
class GithubCompare(OfRepository[CompareFacts]):
    """How head stands against base."""

    source = "github"
    base: Base
    head: Head

    def ask(self, port: Github, deadline: Deadline) -> Answer[CompareFacts]:
        return port.compare(self.repository, self.base, self.head, deadline)


@dataclass(frozen=True, slots=True)
class GithubPull(OfRepository[PullFacts]):
    """One pull request by number, with its commits."""

    source = "github"
    number: int

    def ask(self, port: Github, deadline: Deadline) -> Answer[PullFacts]:
        return port.pull(self.repository, self.number, deadline)


@dataclass(frozen=True, slots=True)
class GithubReference(OfRepository[str]):
    """The whole SHA of a branch, a tag or a short SHA."""

    source = "github"
    name: str

    def ask(self, port: Github, deadline: Deadline) -> Answer[str]:
        return port.reference(self.repository, name=self.name, deadline=deadline)


@dataclass(frozen=True, slots=True)
class GithubRuns(OfRepository[CiFacts]):
    """Workflow runs with jobs, check runs and commit statuses of a SHA."""

    source = "github"
    sha: str

    def ask(self, port: Github, deadline: Deadline) -> Answer[CiFacts]:
        return port.runs(self.repository, sha=self.sha, deadline=deadline)


@dataclass(frozen=True, slots=True)
class GithubRequired(OfRepository[tuple[str, ...]]):
    """Names of the default branch's required checks, as of today."""

    source = "github"

    def ask(self, port: Github, deadline: Deadline) -> Answer[tuple[str, ...]]:
        return port.required(self.repository, deadline)


@dataclass(frozen=True, slots=True)
class GithubDeployments(OfRepository[tuple[DeploymentFacts, ...]]):
    """Deployments of a repository, newest first."""

    source = "github"

    def ask(self, port: Github, deadline: Deadline) -> Answer[tuple[DeploymentFacts, ...]]:
        return port.deployments(self.repository, deadline)


@dataclass(frozen=True, slots=True)
class JournalLooks(Query[tuple[JournalEntry, ...]]):
    """What earlier looks wrote down of one engine (by engine ID)."""

    source = "journal"
    engine_id: str

    @property
    def subject(self) -> str:
        """The engine's ID."""
        return self.engine_id

    def ask(self, port: Journal, deadline: Deadline) -> Answer[tuple[JournalEntry, ...]]:
        return Found(port.earlier(self.engine_id, deadline))
