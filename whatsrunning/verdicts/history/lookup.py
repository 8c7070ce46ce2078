"""The history of a repository as this look can know it: a clone first, GitHub as the second way."""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from functools import lru_cache

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import (
    GitGraph,
    GithubCompare,
    GithubGraph,
    GithubReference,
    GitReference,
)
from whatsrunning.facts.records import GraphFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.verdicts.history.builds import builds
from whatsrunning.verdicts.history.graph import HistoryGraph, merged
from whatsrunning.verdicts.inventory.listed import listed_containers
from whatsrunning.verdicts.offline import is_pending
from whatsrunning.verdicts.origin.managed import is_managed, sha_claims
from whatsrunning.verdicts.origin.repository import repository_of


def git_history(
    facts: FactStore, scope: Scope, repository: str, also: tuple[str, ...] = ()
) -> Answer[HistoryGraph]:
    """The history of OWNER/NAME that relates every SHA of this look with the default branch.

    `also` are SHAs that no container claims and no tag names.
    """
    key = ("history", repository, frozenset(also))
    return facts.memo(key, lambda: _read(facts, scope, repository, also))


def newest_first(
    facts: FactStore, scope: Scope, repository: str, shas: Iterable[str]
) -> tuple[str, ...]:
    """SHAs in git order; as given where the history cannot be read."""
    graph = git_history(facts, scope, repository)
    return graph.value.order(shas) if isinstance(graph, Found) else tuple(dict.fromkeys(shas))


def is_ancestor(
    facts: FactStore, scope: Scope, repository: str, ancestor: str, descendant: str
) -> bool | None:
    """Whether `descendant` contains `ancestor`, with GitHub's compare as the last way to tell."""
    for also in ((), (ancestor, descendant)):
        graph = git_history(facts, scope, repository, also)
        told = graph.value.is_ancestor(ancestor, descendant) if isinstance(graph, Found) else None
        if told is not None or is_pending(graph):
            return told
    compared = facts.get(GithubCompare(repository, ancestor, descendant))
    return compared.value.behind_by == 0 if isinstance(compared, Found) else None


def on_default(facts: FactStore, scope: Scope, repository: str, sha: str) -> bool | None:
    """Whether the default branch contains the commit, with GitHub's compare as the last way."""
    graph = git_history(facts, scope, repository)
    if not isinstance(graph, Found) or not graph.value.head:
        return None
    told = graph.value.on_default(sha)
    return is_ancestor(facts, scope, repository, sha, graph.value.head) if told is None else told


def image_repositories(facts: FactStore, scope: Scope, repository: str) -> tuple[str, ...]:
    """The image repositories (host/path) that our containers of OWNER/NAME run from, sorted."""
    return facts.memo(("image-repositories", repository), lambda: _images(facts, scope, repository))


def _images(facts: FactStore, scope: Scope, repository: str) -> tuple[str, ...]:
    found: set[str] = set()
    for one in listed_containers(facts, scope):
        if not names.names_registry(one.image.repository):
            continue
        if not isinstance(is_managed(facts, scope, one), Found):
            continue
        named = repository_of(facts, scope, one)
        if isinstance(named, Found) and names.same_repository(named.value, repository):
            found.add(one.image.repository)
    return tuple(sorted(found))


def _read(
    facts: FactStore, scope: Scope, repository: str, also: tuple[str, ...]
) -> Answer[HistoryGraph]:
    branch = _configured(scope, repository)
    head = facts.get(GitReference(repository, branch)) if branch else Nothing()
    if isinstance(head, Unknown) and is_pending(head):
        return head
    own = (head.value,) if isinstance(head, Found) else ()
    shas = tuple(sorted({*_related(facts, scope, repository), *also, *own}))
    local = _headed(facts.get(GitGraph(repository, shas)), branch, head)
    if isinstance(local, Unknown) and is_pending(local):
        return local
    if isinstance(local, Found) and all(sha in local.value.parents for sha in shas):
        return Found(_alone(_Same(local.value), shas, fresh=False))
    # Without a clone, or where the clone lacks a commit that may be at GitHub by now.
    head = facts.get(GithubReference(repository, branch)) if branch else Nothing()
    github = _headed(facts.get(GithubGraph(repository)), branch, head)
    if isinstance(head, Unknown) and is_pending(head):
        return head
    return _with_github(local, github, shas)


def _configured(scope: Scope, repository: str) -> str:
    """The default branch by configuration; empty where the clone and GitHub decide."""
    rules = scope.repo_rules.items()
    same = (rule for name, rule in rules if names.same_repository(name, repository))
    return next((rule.default_branch for rule in same), "")


def _headed(graph: Answer[GraphFacts], branch: str, head: Answer[str]) -> Answer[GraphFacts]:
    """The graph with the configured branch as its default; without that branch nobody can say."""
    if not branch or not isinstance(graph, Found) or is_pending(head):
        return graph
    if isinstance(head, Found):
        return Found(_on_branch(_Same(graph.value), branch, head.value))
    return head if isinstance(head, Unknown) else Unknown(_no_branch(branch))


def _no_branch(branch: str) -> Problem:
    said = f"the configured default branch {branch} is not there"
    return Problem("config", branch, "no-such-branch", said, "correct default_branch, or fetch")


def _with_github(
    local: Answer[GraphFacts], github: Answer[GraphFacts], shas: tuple[str, ...]
) -> Answer[HistoryGraph]:
    if isinstance(github, Unknown) and is_pending(github):
        return github
    if isinstance(local, Found) and isinstance(github, Found):
        return Found(_together(_Same(local.value), _Same(github.value), shas))
    for read in (local, github):
        if isinstance(read, Found):
            return Found(_alone(_Same(read.value), shas, fresh=read is github))
    return next((each for each in (local, github) if isinstance(each, Unknown)), Nothing())


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


def _related(facts: FactStore, scope: Scope, repository: str) -> tuple[str, ...]:
    """The SHAs whose relation matters: what containers claim, and what was built."""
    shas = set(sha_claims(facts, scope, repository))
    for image_repository in image_repositories(facts, scope, repository):
        # Without the registry's answer, what containers claim is still related.
        tags = builds(facts, scope, image_repository, repository)
        shas.update(filter(names.is_whole, tags.value if isinstance(tags, Found) else ()))
    return tuple(sorted(shas))
