"""What GitHub says, what can be asked of it, and how. SHAs are whole and lower-case, times UTC."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Literal, Protocol

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.git import Base, CommitFacts, GraphFacts, Head
from whatsrunning.facts.query import Deadline, OfCommit, OfRepository


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
class DeploymentFacts:
    """A GitHub deployment and its newest status."""

    id: int
    sha: str
    environment: str
    created_at: datetime
    state: str
    url: str


class Github(Protocol):
    """GitHub. A repository that is not there, or not shown to us, raises SourceError."""

    def commits(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[GithubCommitFacts]]: ...
    def prefixes(
        self, repository: str, prefixes: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[str]]: ...
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
class GithubPrefix(OfCommit[str]):
    """The whole SHA of a short one (7 to 39 hex); Nothing where no commit, or more than one, begins
    so. One GraphQL query answers for 100; without a token only a few are asked at all."""

    source = "github"
    most = 100

    def ask_all(
        self, port: Github, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[str]]:
        return port.prefixes(self.repository, prefixes=shas, deadline=deadline)


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
