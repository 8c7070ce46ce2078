"""Commits and their parents as one ordered graph: by history, never by date."""

from collections.abc import Iterable, Iterator, Mapping

from whatsrunning.facts.git import GraphFacts
from whatsrunning.facts.topology import newest_first
from whatsrunning.verdicts.history.reachability import Reachability


class HistoryGraph:
    """The history that was read. None, everywhere, means that it cannot be told from it.

    `fresh` says that `head` is the default branch as it is now, not as a clone last saw it;
    `trunk` is the branch's own line, from its head down by first parents.
    """

    def __init__(
        self,
        graph: GraphFacts,
        asked: Iterable[str] = (),
        *,
        shared: Iterable[str] = (),
        fresh: bool = False,
    ) -> None:
        """The graph of a topologically ordered history; `asked` will be asked about.

        A clone is read from some commits down to what they have in common: of a whole graph, all of
        those (`shared`) contain whatever lies outside.
        """
        self.branch, self.head = graph.branch, graph.head
        self.whole, self.fetched_at, self.fresh = graph.whole, graph.fetched_at, fresh
        self.trunk = tuple(_first_parents(graph.parents, graph.head))
        self._reach = Reachability(graph.parents, whole=graph.whole)
        self._reach.mark((graph.head, *asked))
        self._shared = frozenset(shared) if graph.whole else frozenset()

    def knows(self, sha: str) -> bool:
        """Whether the commit was read."""
        return sha in self._reach.place

    def reaches(self, sha: str) -> bool:
        """Whether what was read shows the default branch containing the commit."""
        return self.knows(sha) and self.knows(self.head) and self._reach.has(self.head, sha)

    def is_ancestor(self, ancestor: str, descendant: str) -> bool | None:
        """Whether `descendant` contains `ancestor`; a commit contains itself."""
        if ancestor == descendant:
            return True
        if not (self.knows(ancestor) and self.knows(descendant)):
            return None
        if self._reach.has(descendant, ancestor):
            return True
        # What contains the other cannot lie before it, however much of the past was not read.
        if self._reach.has(ancestor, descendant):
            return False
        return None if self._is_cut(descendant, ancestor) else False

    def order(self, shas: Iterable[str]) -> tuple[str, ...]:
        """Newest first; commits that were not read come last, as given."""
        place, last = self._reach.place, len(self._reach.order)
        return tuple(sorted(dict.fromkeys(shas), key=lambda sha: place.get(sha, last)))

    def between(self, base: str, head: str) -> tuple[str, ...] | None:
        """The commits that `head` has and `base` lacks, newest first."""
        if not (self.knows(base) and self.knows(head)):
            return None
        if base == head:
            return ()
        commits = self._reach.difference(head, base)
        cut = self._is_cut(head, base) or (commits and self._is_cut(base, head))
        return None if cut else commits

    def ancestors(self, sha: str) -> tuple[tuple[str, ...], bool]:
        """What was read of all that a commit contains, newest first; whether that is everything."""
        return self._reach.ancestors(sha) if self.knows(sha) else ((), False)

    def _is_cut(self, head: str, base: str) -> bool:
        """Whether `head` has a past of its own that was not read."""
        return not {head, base} <= self._shared and self._reach.is_cut(head, base)


def merged(git: GraphFacts, github: GraphFacts) -> GraphFacts:
    """Two sources' histories as one; the branch's head is GitHub's, which is the newer look."""
    parents = dict(github.parents)
    for sha, shas in git.parents.items():
        # A shallow clone's last commits come without parents: the other source knows better.
        parents[sha] = shas or parents.get(sha, ())
    whole = git.whole or github.whole
    return GraphFacts(github.branch, github.head, newest_first(parents), whole, git.fetched_at)


def _first_parents(parents: Mapping[str, tuple[str, ...]], head: str) -> Iterator[str]:
    left = dict(parents)  # each once: a saved file may hold a circle
    while head in left:
        yield head
        head = next(iter(left.pop(head)), "")
