"""Commits and their parents as one ordered graph: by history, never by date."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from whatsrunning.facts.records import GraphFacts
from whatsrunning.facts.topology import newest_first
from whatsrunning.verdicts.history.reachability import Reachability


@dataclass(frozen=True, slots=True)
class HistoryGraph:
    """The history that was read. None, everywhere, means that it cannot be told from it.

    `fresh` says that `head` is the default branch as it is now, not as a clone last saw it.
    """

    branch: str
    head: str
    trunk: tuple[str, ...]
    whole: bool
    fetched_at: datetime | None
    fresh: bool
    _reach: Reachability = field(repr=False, compare=False)
    _shared: frozenset[str] = field(repr=False, compare=False)
    _known: dict[tuple[str, str], tuple[str, ...] | None] = field(
        default_factory=dict, repr=False, compare=False
    )

    @classmethod
    def of(
        cls,
        graph: GraphFacts,
        asked: Iterable[str] = (),
        *,
        shared: Iterable[str] = (),
        fresh: bool = False,
    ) -> "HistoryGraph":
        """The graph of one source, its mapping in topological order; `asked` will be asked for.

        A clone is read from some commits down to what they have in common: of a whole graph, all of
        those (`shared`) contain whatever lies outside.
        """
        reach = Reachability(graph.parents, whole=graph.whole)
        reach.mark((graph.head, *asked))
        return cls(
            graph.branch,
            graph.head,
            tuple(_first_parents(graph.parents, graph.head)),
            graph.whole,
            graph.fetched_at,
            fresh,
            reach,
            frozenset(shared) if graph.whole else frozenset(),
        )

    def knows(self, sha: str) -> bool:
        """Whether the commit was read."""
        return sha in self._reach.place

    def on_default(self, sha: str) -> bool | None:
        """Whether the default branch's head contains the commit."""
        return self.is_ancestor(sha, self.head)

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
        return None if self._is_cut(ancestor, descendant) else False

    def order(self, shas: Iterable[str]) -> tuple[str, ...]:
        """Newest first; commits that were not read come last, as given."""
        place, last = self._reach.place, len(self._reach.order)
        return tuple(sorted(dict.fromkeys(shas), key=lambda sha: place.get(sha, last)))

    def between(self, base: str, head: str) -> tuple[str, ...] | None:
        """The commits that `head` has and `base` lacks, newest first."""
        if (base, head) not in self._known:
            self._known[base, head] = self._between(base, head)
        return self._known[base, head]

    def ancestors(self, sha: str) -> tuple[tuple[str, ...], bool]:
        """What was read of all that a commit contains, newest first; whether that is everything."""
        return self._reach.ancestors(sha) if self.knows(sha) else ((), False)

    def count(self, base: str, head: str) -> int | None:
        """How many commits `head` has that `base` lacks."""
        commits = self.between(base, head)
        return None if commits is None else len(commits)

    def _between(self, base: str, head: str) -> tuple[str, ...] | None:
        if not (self.knows(base) and self.knows(head)):
            return None
        if base == head:
            return ()
        only = self._reach.difference(head, base)
        if self._is_cut(base, head) or (only and self._is_cut(head, base)):
            return None
        return only

    def _is_cut(self, base: str, head: str) -> bool:
        """Whether `head` has a past of its own that was not read."""
        if base in self._shared and head in self._shared:
            return False
        return self._reach.is_cut(head, base)


def merged(local: GraphFacts, github: GraphFacts) -> GraphFacts:
    """Two sources' histories as one; the branch's head is the github's, which is the newer look."""
    parents = dict(github.parents)
    for sha, known in local.parents.items():
        # A shallow clone's last commits come without parents: the other source knows better.
        parents[sha] = known or parents.get(sha, ())
    whole = local.whole or github.whole
    return GraphFacts(github.branch, github.head, newest_first(parents), whole, local.fetched_at)


def _first_parents(parents: Mapping[str, tuple[str, ...]], head: str) -> Iterator[str]:
    seen: set[str] = set()
    while head in parents and head not in seen:
        seen.add(head)
        yield head
        head = parents[head][0] if parents[head] else ""
