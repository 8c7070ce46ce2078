"""Commits and their parents as one ordered graph: by history, never by date."""

from collections.abc import Iterable, Iterator, Mapping

from whatsrunning.facts.git import GraphFacts
from whatsrunning.facts.topology import newest_first


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
        self._shared = frozenset(shared) if graph.whole else frozenset()
        self._place = {sha: place for place, sha in enumerate(graph.parents)}
        self._parents = [
            [self._place[sha] for sha in shas if sha in self._place]
            for shas in graph.parents.values()
        ]
        # Commits with a past that was not read. A shallow clone shows its last ones as roots.
        self._cuts = [
            place
            for place, shas in enumerate(graph.parents.values())
            if len(self._parents[place]) < len(shas) or not (shas or graph.whole)
        ]
        # A commit that was asked about has a bit of its own, and each commit's mark has the bits of
        # those that contain it. One walk from the newest to the oldest hands bits on from children
        # to parents; then an answer costs a test of bits, however long the history is.
        self._bits: dict[str, int] = {}
        self._marks = [0] * len(self._place)
        self._mark((graph.head, *asked))

    def knows(self, sha: str) -> bool:
        """Whether the commit was read."""
        return sha in self._place

    def reaches(self, sha: str) -> bool:
        """Whether what was read shows the default branch containing the commit."""
        return self.knows(sha) and self.knows(self.head) and self._has(self.head, sha)

    def is_ancestor(self, ancestor: str, descendant: str) -> bool | None:
        """Whether `descendant` contains `ancestor`; a commit contains itself."""
        if ancestor == descendant:
            return True
        if not (self.knows(ancestor) and self.knows(descendant)):
            return None
        if self._has(descendant, ancestor):
            return True
        # What contains the other cannot lie before it, however much of the past was not read.
        if self._has(ancestor, descendant):
            return False
        return None if self._is_cut(descendant, ancestor) else False

    def order(self, shas: Iterable[str]) -> tuple[str, ...]:
        """Newest first; commits that were not read come last, as given."""
        last = len(self._place)
        return tuple(sorted(dict.fromkeys(shas), key=lambda sha: self._place.get(sha, last)))

    def between(self, base: str, head: str) -> tuple[str, ...] | None:
        """The commits that `head` has and `base` lacks, newest first."""
        if not (self.knows(base) and self.knows(head)):
            return None
        if base == head:
            return ()
        own, both = self._bit(head), self._bit(head) | self._bit(base)
        pairs = zip(self._place, self._marks, strict=True)
        commits = tuple([sha for sha, mark in pairs if mark & both == own])
        cut = self._is_cut(head, base) or (commits and self._is_cut(base, head))
        return None if cut else commits

    def ancestors(self, sha: str) -> tuple[tuple[str, ...], bool]:
        """What was read of all that a commit contains, newest first; whether that is everything."""
        if not self.knows(sha):
            return (), False
        bit = self._bit(sha)
        pairs = zip(self._place, self._marks, strict=True)
        commits = tuple([other for other, mark in pairs if mark & bit])
        return commits, not any(self._marks[cut] & bit for cut in self._cuts)

    def _has(self, container: str, sha: str) -> bool:
        bit = self._bit(container)  # may walk, and mark
        return bool(self._marks[self._place[sha]] & bit)

    def _is_cut(self, head: str, base: str) -> bool:
        """Whether `head` has a past of its own that was not read."""
        if {head, base} <= self._shared:
            return False
        own, both = self._bit(head), self._bit(head) | self._bit(base)
        return any(self._marks[cut] & both == own for cut in self._cuts)

    def _bit(self, sha: str) -> int:
        self._mark((sha,))
        return self._bits[sha]

    def _mark(self, shas: Iterable[str]) -> None:
        """Walk once for all of these, which will be asked about; unread ones are passed over."""
        new = [sha for sha in dict.fromkeys(shas) if self.knows(sha) and sha not in self._bits]
        bits = 0
        for sha in new:
            self._bits[sha] = 1 << len(self._bits)
            self._marks[self._place[sha]] |= self._bits[sha]
            bits |= self._bits[sha]
        first = min((self._place[sha] for sha in new), default=len(self._place))
        for place in range(first, len(self._place)):
            if mark := self._marks[place] & bits:
                for parent in self._parents[place]:
                    self._marks[parent] |= mark


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
