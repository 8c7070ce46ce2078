"""What a clone says, what can be asked of it, and how. SHAs are whole and lower-case, times UTC."""

import sys
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NewType, Protocol

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.query import Deadline, OfCommit, OfRepository, Query

Base = NewType("Base", str)


Head = NewType("Head", str)
"""The two ends of a comparison, told apart by their types: swapped, ahead turns into behind."""


@dataclass(frozen=True, slots=True)
class CloneFacts:
    """A clone at hand.

    `repositories` are the names of what it is a clone of, the best first: what the user said, then
    OWNER/NAME of its remotes at GitHub (origin first), then host/path of remotes elsewhere; where
    no remote names one, the clone's own path.
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


class Git(Protocol):
    """The clones at hand.

    A repository (OWNER/NAME) without a clone raises SourceError `no-clone`.
    """

    def clones(self, deadline: Deadline) -> tuple[CloneFacts, ...]: ...
    def commits(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[CommitFacts]]: ...
    def holders(
        self, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[tuple[str, ...]]]: ...
    def prefixes(
        self, repository: str, prefixes: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[str]]: ...
    def versions(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[str]]: ...
    def graph(self, repository: str, shas: Sequence[str], deadline: Deadline) -> GraphFacts: ...
    def reference(self, repository: str, name: str, deadline: Deadline) -> Answer[str]: ...
    def touched(
        self, repository: str, base: Base, head: Head, paths: Sequence[str], deadline: Deadline
    ) -> Answer[tuple[str, ...]]: ...
    def push_filter(self, repository: str, sha: str, deadline: Deadline) -> Answer[PushFilter]: ...


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
class GitHolders(OfCommit[tuple[str, ...]]):
    """The clones at hand that hold a commit, each by its first name; `sha` may be short (7 hex at
    least), if it begins one commit of the clone. No repository is named: all clones are asked."""

    source = "git"
    most = sys.maxsize

    def ask_all(
        self, port: Git, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[tuple[str, ...]]]:
        return port.holders(shas, deadline)


@dataclass(frozen=True, slots=True)
class GitPrefix(OfCommit[str]):
    """The whole SHA of a short one (7 to 39 hex) in a clone, of all in one process; Nothing where
    no commit begins so, Unknown (`ambiguous`) where several do."""

    source = "git"
    most = sys.maxsize

    def ask_all(
        self, port: Git, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[str]]:
        return port.prefixes(self.repository, prefixes=shas, deadline=deadline)


@dataclass(frozen=True, slots=True)
class GitVersion(OfCommit[str]):
    """The newest tag of a clone that stands on the commit and says a version, such as v1.2.3."""

    source = "git"
    most = sys.maxsize

    def ask_all(
        self, port: Git, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[str]]:
        return port.versions(self.repository, shas=shas, deadline=deadline)


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
