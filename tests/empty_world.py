"""What sources say of which no test thought: the answers of an empty world."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.engine import EngineDistribution, EngineEvents
from whatsrunning.facts.git import GitClones, GitCommit, GitGraph, GitHolders, GitPrefix, GraphFacts
from whatsrunning.facts.github import (
    CiFacts,
    GithubCommit,
    GithubDeployments,
    GithubPrefix,
    GithubRequired,
    GithubRuns,
)
from whatsrunning.facts.journal import JournalLooks
from whatsrunning.facts.query import Query
from whatsrunning.facts.registry import RegistryLabels


class Answers(dict[Any, Any]):
    """What sources say; a query that no test thought of has the answer of an empty world."""

    def __init__(self, known: Mapping[Any, Any] | None = None) -> None:
        super().__init__(known or {})
        self.asked: dict[Query[Any], Answer[Any]] = {}
        self.graphs: dict[str, Answer[GraphFacts]] = {}

    def get(self, query: Any, _default: Any = None) -> Any:
        """The answer, written down as asked."""
        answer = self[query] if query in self else self._empty(query)
        self.asked[query] = answer
        return answer

    def _empty(self, query: Any) -> Answer[Any]:
        if isinstance(query, GitClones | JournalLooks | EngineEvents):
            return Found(())
        if isinstance(query, GithubRequired | GithubDeployments):
            return Found(())
        if isinstance(query, GithubRuns):
            return Found(CiFacts(()))
        if isinstance(query, GitHolders):
            return self._holders(query.sha)
        if isinstance(query, GitPrefix | GithubPrefix):
            kind = GitCommit if isinstance(query, GitPrefix) else GithubCommit
            return self._whole(kind, query.repository, query.sha)
        if isinstance(query, RegistryLabels):
            return Found({})
        if isinstance(query, GitGraph):
            whole = self.graphs.get(query.repository, Nothing())
            return whole.then(lambda graph: Found(_down_to_shared(graph, query.shas)))
        if isinstance(query, EngineDistribution):
            return Unknown(query.problem("not-permitted", "no engine asks for us"))
        return Nothing()

    def _whole(
        self, kind: type[GitCommit | GithubCommit], repository: str, start: str
    ) -> Answer[str]:
        """The only commit of a repository that begins so, of all that its source has."""
        known = [
            query.sha
            for query, answer in self.items()
            if isinstance(query, kind) and query.repository == repository
            if query.sha.startswith(start) and isinstance(answer, Found)
        ]
        return Found(known[0]) if len(known) == 1 else Nothing()

    def _holders(self, sha: str) -> Answer[tuple[str, ...]]:
        """The clones at hand that hold a commit, as their commits tell."""
        answer = self.get(GitClones())
        names = [c.repositories[0] for c in answer.value] if isinstance(answer, Found) else []
        held = tuple(n for n in names if isinstance(self._whole(GitCommit, n, sha), Found))
        return Found(held) if held else Nothing()


def _down_to_shared(graph: GraphFacts, shas: Iterable[str]) -> GraphFacts:
    """What a clone reads: from these SHAs and the branch's head down to what all of them share."""
    tips = [sha for sha in (*shas, graph.head) if sha in graph.parents]
    shared = set(graph.parents).intersection(*(_reach(graph, sha) for sha in tips))
    below = {up for sha in shared for parent in graph.parents[sha] for up in _reach(graph, parent)}
    return replace(graph, parents={s: up for s, up in graph.parents.items() if s not in below})


def _reach(graph: GraphFacts, sha: str) -> set[str]:
    """A commit and all that came before it."""
    seen, open_ = set[str](), [sha]
    while open_:
        each = open_.pop()
        if each in graph.parents and each not in seen:
            seen.add(each)
            open_ += graph.parents[each]
    return seen
