"""The history of a repository as this look can know it: a clone first, GitHub as the second way."""

from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import TypeVar

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, together
from whatsrunning.facts.git import Base, GitCommit, GitGraph, GitReference, GraphFacts, Head
from whatsrunning.facts.github import GithubCompare, GithubGraph, GithubReference
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.history.graph import HistoryGraph, merged
from whatsrunning.verdicts.history.labelled import labelled_tags
from whatsrunning.verdicts.origin.managed import managed_containers
from whatsrunning.verdicts.origin.repository import clone_of, is_of
from whatsrunning.verdicts.origin.whole_shas import repository_shas

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Source:
    """One source's history, with the default branch that is configured, if one is.

    A look is judged many times as answers come in: the same answer is the same object (`id`) each
    time, and its graph is made once (`_graph`). Comparing the histories themselves would be slow.
    """

    id: int
    read: GraphFacts = field(compare=False)
    branch: str
    head: str

    @property
    def graph(self) -> GraphFacts:
        """The history with that branch."""
        return replace(self.read, branch=self.branch, head=self.head) if self.branch else self.read


@memo
def git_history(
    case: Case, repository: str, also: frozenset[str] = frozenset()
) -> Answer[HistoryGraph]:
    """The history of OWNER/NAME that relates its default branch, this look's SHAs and `also`."""
    rules = case.scope.repo_rules.items()
    same = (rule for name, rule in rules if names.same_repository(name, repository))
    branch = next((rule.default_branch for rule in same), "")  # else the clone and GitHub decide
    at_hand = clone_of(case, repository)
    head = case.get(GitReference(at_hand, branch)) if branch else Nothing()

    def read(_: object) -> Answer[HistoryGraph]:
        related = {*_related(case, repository), *also, head.value_or("")} - {""}
        shas = tuple(sorted(related))
        git = _on_branch(case.get(GitGraph(at_hand, shas)), branch, head)
        clone = git.value_or(None)
        if clone and related <= clone.read.parents.keys():
            return Found(_graph(clone, None, shas))
        # Without a clone, or where the clone lacks a commit that may be at GitHub by now.
        return together((git,)).then(lambda _: _with_github(case, repository, branch, git, shas))

    return together((head,)).then(read)


def read_further(
    case: Case, repository: str, graph: HistoryGraph, shas: Iterable[str]
) -> HistoryGraph:
    """The same history, with those of these commits that a clone has and that lie before all that
    the look relates: a clone is read no further than that."""
    clone = clone_of(case, repository)
    unread = (sha for sha in shas if names.is_whole(sha) and not graph.knows(sha))
    held = frozenset(sha for sha in unread if case.get(GitCommit(clone, sha)).value_or(None))
    return git_history(case, repository, held).value_or(graph) if held else graph


def is_ancestor(case: Case, repository: str, ancestor: str, descendant: str) -> bool | None:
    """Whether `descendant` contains `ancestor`, with GitHub's compare as the last way to tell."""

    def read(*also: str) -> Answer[bool]:
        history = git_history(case, repository, frozenset(also))
        return history.then(lambda graph: found_or_nothing(graph.is_ancestor(ancestor, descendant)))

    def compared() -> Answer[bool]:
        compare = case.get(GithubCompare(repository, Base(ancestor), Head(descendant)))
        return compare.then(lambda facts: Found(facts.behind_by == 0))

    answer = read().or_else(lambda: read(ancestor, descendant).or_else(compared))
    return answer.value_or(None)


def found_or_nothing(value: T | None) -> Answer[T]:
    """A value that a history could tell; Nothing where it could not."""
    return Nothing() if value is None else Found(value)


def on_default(case: Case, repository: str, sha: str) -> bool | None:
    """Whether the default branch contains the commit, with GitHub's compare as the last way."""
    head = git_history(case, repository).then(lambda graph: Found(graph.head)).value_or("")
    return is_ancestor(case, repository, sha, head) if head else None


@memo
def _related(case: Case, repository: str) -> frozenset[str]:
    """The SHAs whose relation matters: what containers claim, and what was built."""
    own = [container for container in managed_containers(case) if is_of(container, repository)]
    images = {container.image.repository for container in own}
    shas = set(repository_shas(case, repository))
    for image in sorted(filter(names.names_registry, images)):
        # Without the registry's answer, what containers claim is still related.
        tags = labelled_tags(case, image, repository).value_or(None)
        shas.update(filter(names.is_whole, tags.by_sha if tags else ()))
    return frozenset(shas)


def _with_github(
    case: Case, repository: str, branch: str, git: Answer[_Source], shas: tuple[str, ...]
) -> Answer[HistoryGraph]:
    head = case.get(GithubReference(repository, branch)) if branch else Nothing()
    github = _on_branch(case.get(GithubGraph(repository)), branch, head)

    def read(_: object) -> Answer[HistoryGraph]:
        clone, other = git.value_or(None), github.value_or(None)
        answer = github if other or git == Nothing() else git
        return answer.then(lambda _: Found(_graph(clone, other, shas)))

    return together((head, github)).then(read)


def _on_branch(graph: Answer[GraphFacts], branch: str, head: Answer[str]) -> Answer[_Source]:
    """A source's history; where the configured branch is not there, nobody can say which it is."""
    if branch and head == Nothing():
        message = f"the configured default branch {branch} is not there"
        hint = "correct default_branch, or fetch"
        head = Unknown(Problem("config", branch, "no-such-branch", message, hint))
    tip = head if branch else Found("")
    return graph.then(
        lambda read: tip.then(lambda sha: Found(_Source(id(read), read, branch, sha)))
    )


@lru_cache(maxsize=16)
def _graph(clone: _Source | None, github: _Source | None, shas: tuple[str, ...]) -> HistoryGraph:
    """The graph of one source, or of both; a clone was read down to what its tips share."""
    graphs = [source.graph for source in (clone, github) if source]
    graph = merged(*graphs) if len(graphs) == 2 else graphs[0]
    tips = (*shas, graphs[0].head) if clone else ()
    shared = tuple(sha for sha in tips if sha in graphs[0].parents)
    return HistoryGraph(graph, shas, shared=shared, fresh=github is not None)
