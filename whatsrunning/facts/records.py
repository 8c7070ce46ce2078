"""What the sources say, as they say it: no verdict is drawn here.

Times are UTC, SHAs whole and lower-case.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, NewType

Base = NewType("Base", str)
Head = NewType("Head", str)
"""The two ends of a comparison, told apart by their types: swapped, ahead turns into behind."""

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
    """One entry of `GET /services`. `labels` are the service's, `container_labels` its containers'.

    `replicas` is None where no number is asked for (a global service, a job).
    """

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


@dataclass(frozen=True, slots=True)
class Child:
    """One real platform of an index, no attestation; `platform` is os/arch[/variant]."""

    digest: str
    platform: str


@dataclass(frozen=True, slots=True)
class ManifestFacts:
    """A manifest or an index. `config` and `children` are empty when only HEAD was asked."""

    digest: str
    media_type: str
    config: str = ""
    children: tuple[Child, ...] = ()


@dataclass(frozen=True, slots=True)
class CloneFacts:
    """A clone at hand.

    `repositories` are OWNER/NAME of its remotes on the github's host, origin first.
    """

    path: str
    repositories: tuple[str, ...]
    shallow: bool
    default_branch: str
    head: str
    fetched_at: datetime | None
    problem: str = ""


@dataclass(frozen=True, slots=True)
class CommitFacts:
    """One commit; `body` is the message below the subject, cut at 4,000 characters."""

    sha: str
    subject: str
    body: str
    author: str
    committed_at: datetime
    parents: tuple[str, ...]
    tree: str


@dataclass(frozen=True, slots=True)
class PullFacts:
    """A pull request; `commits` only where it was asked by number."""

    number: int
    title: str
    author: str
    state: Literal["open", "closed", "merged"]
    merged_by: str
    merged_at: datetime | None
    merge_sha: str
    url: str
    commits: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class GithubCommitFacts:
    """A commit as GitHub has it, with the pull requests that GitHub links to it."""

    commit: CommitFacts
    url: str
    pulls: tuple[PullFacts, ...]


@dataclass(frozen=True, slots=True)
class GraphFacts:
    """Parents by SHA, newest first, from the default branch's head and the asked SHAs.

    A SHA that is only a parent lies outside what was read; `whole` says that nothing was cut off.
    """

    branch: str
    head: str
    parents: Mapping[str, tuple[str, ...]]
    whole: bool
    fetched_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class CompareFacts:
    """GitHub compare's words.

    `ahead_by` commits only head has, `behind_by` commits only base has.
    """

    ahead_by: int
    behind_by: int


@dataclass(frozen=True, slots=True)
class CheckFacts:
    """One gate's attempt: a job, a check run or a commit status.

    Conclusion is empty while unfinished.
    """

    name: str
    kind: Literal["job", "check", "status"]
    conclusion: str
    created_at: datetime
    finished_at: datetime | None
    url: str
    app: str = ""
    workflow: str = ""
    workflow_path: str = ""
    event: str = ""
    attempt: int = 1
    run_id: int = 0
    deployment: bool = False


@dataclass(frozen=True, slots=True)
class CiFacts:
    """Everything that ran on a SHA; `same_tree` maps SHAs of that tree to what ran there."""

    checks: tuple[CheckFacts, ...]
    same_tree: Mapping[str, tuple[CheckFacts, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class WorkflowFilter:
    """A workflow that the push of a branch can start, with its filters as they are written.

    An empty filter is not there. `jobs` are the names of its jobs.
    """

    path: str
    name: str
    jobs: tuple[str, ...] = ()
    branches: tuple[str, ...] = ()
    branches_ignore: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()
    paths_ignore: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class PushFilter:
    """The files that differ from a commit's first parent, and its workflows for pushes."""

    changed: tuple[str, ...]
    workflows: tuple[WorkflowFilter, ...]


@dataclass(frozen=True, slots=True)
class DeploymentFacts:
    """A GitHub deployment and its newest status."""

    id: int
    sha: str
    environment: str
    created_at: datetime
    state: str
    url: str


@dataclass(frozen=True, slots=True)
class JournalEntry:
    """One line of the journal: a service's revision at the time of an earlier look."""

    at: datetime
    engine_id: str
    service: str
    container: str
    sha: str
    image_id: str
    deployed_at: datetime | None

    @property
    def since(self) -> datetime:
        """When what the look saw had been deployed; else the look itself."""
        return self.deployed_at or self.at
