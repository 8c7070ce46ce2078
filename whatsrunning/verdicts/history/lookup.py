"""The history of a repository as this look can know it: a clone first, GitHub as the second way."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache
from typing import TypeVar

from whatsrunning import names
from whatsrunning.facts.answers import (
    Answer,
    Found,
    Nothing,
    Problem,
    Unknown,
    first_unknown,
    together,
)
from whatsrunning.facts.queries import (
    GitGraph,
    GithubCompare,
    GithubGraph,
    GithubReference,
    GitReference,
)
from whatsrunning.facts.records import Base, GraphFacts, Head
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.history.builds import builds
from whatsrunning.verdicts.history.graph import HistoryGraph, merged
from whatsrunning.verdicts.origin.managed import managed_containers
from whatsrunning.verdicts.origin.repository import is_of
from whatsrunning.verdicts.origin.whole_shas import repository_shas

T = TypeVar("T")


@memo
def git_history(
    case: Case, repository: str, also: frozenset[str] = frozenset()
) -> Answer[HistoryGraph]:
    """The history of OWNER/NAME that relates every SHA of this look with the default branch.

    `also` are SHAs that no container claims and no tag names.
    """
    branch = _configured_branch(case.scope, repository)
    head = case.get(GitReference(repository, branch)) if branch else Nothing()
    return together((head,)).then(lambda _: _read(case, repository, branch, head, also))


def newest_first(case: Case, repository: str, shas: Iterable[str]) -> tuple[str, ...]:
    """SHAs in git order; as given where the history cannot be read."""
    graph = git_history(case, repository).value_or(None)
    return graph.order(shas) if graph else tuple(dict.fromkeys(shas))


def is_ancestor(case: Case, repository: str, ancestor: str, descendant: str) -> bool | None:
    """Whether `descendant` contains `ancestor`, with GitHub's compare as the last way to tell."""

    def read(*also: str) -> Answer[bool]:
        graph = git_history(case, repository, frozenset(also))
        return graph.then(lambda known: found_or_nothing(known.is_ancestor(ancestor, descendant)))

    def compared() -> Answer[bool]:
        compare = case.get(GithubCompare(repository, Base(ancestor), Head(descendant)))
        return compare.then(lambda known: Found(known.behind_by == 0))

    told = read().or_else(lambda: read(ancestor, descendant).or_else(compared))
    return told.value_or(None)


def found_or_nothing(value: T | None) -> Answer[T]:
    """A value that a history could tell; Nothing where it could not."""
    return Nothing() if value is None else Found(value)


def on_default(case: Case, repository: str, sha: str) -> bool | None:
    """Whether the default branch contains the commit, with GitHub's compare as the last way."""
    graph = git_history(case, repository).value_or(None)
    if graph is None or not graph.head:
        return None
    told = graph.on_default(sha)
    return is_ancestor(case, repository, sha, graph.head) if told is None else told


@memo
def image_repositories(case: Case, repository: str) -> tuple[str, ...]:
    """The image repositories (host/path) that managed containers of OWNER/NAME run, sorted."""
    images = {each.image.repository for each in managed_containers(case) if is_of(each, repository)}
    return tuple(sorted(filter(names.names_registry, images)))


def _read(
    case: Case, repository: str, branch: str, head: Answer[str], also: frozenset[str]
) -> Answer[HistoryGraph]:
    own = {head.value_or("")} - {""}
    shas = tuple(sorted({*_related(case, repository), *also, *own}))
    git = _headed(case.get(GitGraph(repository, shas)), branch, head)
    if isinstance(git, Found) and all(sha in git.value.parents for sha in shas):
        return Found(_alone(_Same(git.value), shas, fresh=False))
    # Without a clone, or where the clone lacks a commit that may be at GitHub by now.
    return together((git,)).then(lambda _: _with_github(case, repository, branch, git, shas))


def _configured_branch(scope: Scope, repository: str) -> str:
    """The default branch by configuration; empty where the clone and GitHub decide."""
    rules = scope.repo_rules.items()
    same = (rule for name, rule in rules if names.same_repository(name, repository))
    return next((rule.default_branch for rule in same), "")


def _headed(graph: Answer[GraphFacts], branch: str, head: Answer[str]) -> Answer[GraphFacts]:
    """The graph with the configured branch as its default; without that branch nobody can say."""
    if not branch or not isinstance(graph, Found):
        return graph
    if isinstance(head, Nothing):
        return Unknown(_no_branch(branch))
    return head.then(lambda sha: Found(_on_branch(_Same(graph.value), branch, sha)))


def _no_branch(branch: str) -> Problem:
    message = f"the configured default branch {branch} is not there"
    return Problem("config", branch, "no-such-branch", message, "correct default_branch, or fetch")


def _with_github(
    case: Case, repository: str, branch: str, git: Answer[GraphFacts], shas: tuple[str, ...]
) -> Answer[HistoryGraph]:
    head = case.get(GithubReference(repository, branch)) if branch else Nothing()
    github = _headed(case.get(GithubGraph(repository)), branch, head)
    return together((head, github)).then(lambda _: _either(git, github, shas))


def _either(
    git: Answer[GraphFacts], github: Answer[GraphFacts], shas: tuple[str, ...]
) -> Answer[HistoryGraph]:
    if isinstance(git, Found) and isinstance(github, Found):
        return Found(_together(_Same(git.value), _Same(github.value), shas))
    for read in (git, github):
        if isinstance(read, Found):
            return Found(_alone(_Same(read.value), shas, fresh=read is github))
    return first_unknown((git, github)) or Nothing()


@dataclass(frozen=True, slots=True, eq=False)
class _Same:
    """A source's answer, told from others by its identity: comparing histories is slow."""

    graph: GraphFacts

    def __eq__(self, other: object) -> bool:
        return isinstance(other, _Same) and other.graph is self.graph

    def __hash__(self) -> int:
        return id(self.graph)


@lru_cache(maxsize=16)
def _on_branch(source: _Same, branch: str, head: str) -> GraphFacts:
    return replace(source.graph, branch=branch, head=head)


# A look is judged many times as answers come in; its histories are the same ones each time.
@lru_cache(maxsize=16)
def _alone(source: _Same, shas: tuple[str, ...], *, fresh: bool) -> HistoryGraph:
    shared = () if fresh else _tips(source.graph, shas)
    return HistoryGraph.of(source.graph, shas, shared=shared, fresh=fresh)


@lru_cache(maxsize=16)
def _together(clone: _Same, github: _Same, shas: tuple[str, ...]) -> HistoryGraph:
    both, shared = merged(clone.graph, github.graph), _tips(clone.graph, shas)
    return HistoryGraph.of(both, shas, shared=shared, fresh=True)


def _tips(clone: GraphFacts, shas: tuple[str, ...]) -> tuple[str, ...]:
    """What the clone was read from: these share whatever lies outside."""
    return tuple(sha for sha in (*shas, clone.head) if sha in clone.parents)


def _related(case: Case, repository: str) -> frozenset[str]:
    """The SHAs whose relation matters: what containers claim, and what was built."""
    shas = set(repository_shas(case, repository))
    for image_repository in image_repositories(case, repository):
        # Without the registry's answer, what containers claim is still related.
        shas.update(filter(names.is_whole, builds(case, image_repository, repository).value_or({})))
    return frozenset(shas)
