"""Everything that one look can ask, each question with the room of facts that answers it."""

from dataclasses import dataclass
from typing import TypeAlias


@dataclass(frozen=True, slots=True)
class EngineInfo:
    """`GET /info` of one engine -> EngineFacts. `engine` is the context's name here and below."""

    engine: str


@dataclass(frozen=True, slots=True)
class EngineContainers:
    """Every container, stopped ones too -> tuple[ContainerFacts, ...]."""

    engine: str


@dataclass(frozen=True, slots=True)
class EngineImages:
    """Every image of the engine's store -> tuple[ImageFacts, ...]."""

    engine: str


@dataclass(frozen=True, slots=True)
class EngineInspect:
    """What the list does not tell of one container (whole id) -> InspectFacts."""

    engine: str
    container: str


@dataclass(frozen=True, slots=True)
class EngineDistribution:
    """A tag's digest as the engine itself sees the registry, `/distribution` -> ManifestFacts."""

    engine: str
    reference: str


@dataclass(frozen=True, slots=True)
class EngineEvents:
    """Container events that the engine still keeps -> tuple[EventFacts, ...]."""

    engine: str


@dataclass(frozen=True, slots=True)
class EngineServices:
    """The services of the Swarm that an engine manages -> tuple[ServiceFacts, ...]."""

    engine: str


@dataclass(frozen=True, slots=True)
class EngineTasks:
    """The tasks of these services, ended ones too -> tuple[TaskFacts, ...]."""

    engine: str


@dataclass(frozen=True, slots=True)
class EngineNodes:
    """The nodes of the Swarm that an engine manages -> tuple[NodeFacts, ...]."""

    engine: str


@dataclass(frozen=True, slots=True)
class RegistryManifest:
    """`repository` is host/path; `reference` a tag or a digest.

    HEAD only -> ManifestFacts (no children).
    """

    repository: str
    reference: str


@dataclass(frozen=True, slots=True)
class RegistryContent:
    """The manifest's body (GET): an index's platforms, or the config digest -> ManifestFacts."""

    repository: str
    reference: str


@dataclass(frozen=True, slots=True)
class RegistryTags:
    """Every tag of host/path -> tuple[str, ...]."""

    repository: str


@dataclass(frozen=True, slots=True)
class GitClones:
    """The clones at hand (`-C`, configuration, the working directory) -> tuple[CloneFacts, ...]."""


@dataclass(frozen=True, slots=True)
class GitCommit:
    """One commit of OWNER/NAME in a clone at hand -> CommitFacts. Asked in one log for all."""

    repository: str
    sha: str


@dataclass(frozen=True, slots=True)
class GitPrefix:
    """A short SHA (7 to 39 hex) in a clone -> str, the whole SHA; ambiguous is a problem."""

    repository: str
    prefix: str


@dataclass(frozen=True, slots=True)
class GitGraph:
    """The history that relates these SHAs (sorted) and the default branch -> GraphFacts."""

    repository: str
    shas: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GitReference:
    """A branch or tag name in a clone at hand -> str, the whole SHA."""

    repository: str
    name: str


@dataclass(frozen=True, slots=True)
class GitTouched:
    """The files at or below these paths (git pathspecs) that differ -> tuple[str, ...]."""

    repository: str
    base: str
    head: str
    paths: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class GitPushFilter:
    """What a commit changed, and which pushes its workflows leave out -> PushFilter."""

    repository: str
    sha: str


@dataclass(frozen=True, slots=True)
class GithubCommit:
    """One commit with its pull requests at GitHub -> ForgeCommitFacts. Asked in batches."""

    repository: str
    sha: str


@dataclass(frozen=True, slots=True)
class GithubGraph:
    """The newest history of the default branch at GitHub, with parents -> GraphFacts."""

    repository: str


@dataclass(frozen=True, slots=True)
class GithubCompare:
    """How head stands against base at GitHub -> CompareFacts."""

    repository: str
    base: str
    head: str


@dataclass(frozen=True, slots=True)
class GithubPull:
    """One pull request by number -> PullFacts, with its commits."""

    repository: str
    number: int


@dataclass(frozen=True, slots=True)
class GithubReference:
    """A branch or tag name, or a short SHA, at GitHub -> str, the whole SHA."""

    repository: str
    name: str


@dataclass(frozen=True, slots=True)
class GithubRuns:
    """Workflow runs with jobs, check runs and commit statuses of a SHA -> CiFacts."""

    repository: str
    sha: str


@dataclass(frozen=True, slots=True)
class GithubRequired:
    """Names of the default branch's required checks, as of today -> tuple[str, ...]."""

    repository: str


@dataclass(frozen=True, slots=True)
class GithubDeployments:
    """GitHub deployments of a repository, newest first -> tuple[DeploymentFacts, ...]."""

    repository: str


@dataclass(frozen=True, slots=True)
class JournalLooks:
    """What earlier looks wrote down of one engine (by engine id) -> tuple[LookFacts, ...]."""

    engine_id: str


Query: TypeAlias = (
    EngineInfo
    | EngineContainers
    | EngineImages
    | EngineInspect
    | EngineDistribution
    | EngineEvents
    | EngineServices
    | EngineTasks
    | EngineNodes
    | RegistryManifest
    | RegistryContent
    | RegistryTags
    | GitClones
    | GitCommit
    | GitPrefix
    | GitGraph
    | GitReference
    | GitTouched
    | GitPushFilter
    | GithubCommit
    | GithubGraph
    | GithubCompare
    | GithubPull
    | GithubReference
    | GithubRuns
    | GithubRequired
    | GithubDeployments
    | JournalLooks
)
