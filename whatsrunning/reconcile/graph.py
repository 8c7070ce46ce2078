"""Commits and their parents as one ordered graph: by history, never by date."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from heapq import heapify, heappop, heappush

from whatsrunning.model.facts import GraphFacts

_BASE, _HEAD, _BOTH = 1, 2, 3


@dataclass(frozen=True, slots=True)
class Sides:
    """How two commits differ: what only one of them has, newest first.

    `cut` says that the side's history left what was read before the two met.
    """

    base: tuple[str, ...]
    head: tuple[str, ...]
    base_cut: bool
    head_cut: bool


@dataclass(frozen=True, slots=True)
class HistoryGraph:
    """The history that was read. None, everywhere, means that it cannot be told from it.

    `fresh` says that `head` is the default branch as it is now, not as a clone last saw it.
    """

    branch: str
    head: str
    parents: Mapping[str, tuple[str, ...]]
    whole: bool
    fetched_at: datetime | None = None
    fresh: bool = False
    _place: dict[str, int] = field(default_factory=dict, repr=False, compare=False)
    _sides: dict[tuple[str, str], Sides] = field(default_factory=dict, repr=False, compare=False)
    _reached: set[str] = field(default_factory=set, repr=False, compare=False)
    _trunk: dict[str, None] = field(default_factory=dict, repr=False, compare=False)
    _tips: set[str] = field(default_factory=set, repr=False, compare=False)

    @classmethod
    def of(
        cls, graph: GraphFacts, tips: Iterable[str] = (), *, fresh: bool = False
    ) -> "HistoryGraph":
        """The graph of one source; its mapping comes in topological order, newest first.

        A clone is read from `tips` and its head down to what they share: of a whole graph, all of
        them contain whatever lies outside.
        """
        made = cls(graph.branch, graph.head, graph.parents, graph.whole, graph.fetched_at, fresh)
        made._place.update((sha, place) for place, sha in enumerate(graph.parents))
        made._reached.update(_walk(graph.parents, graph.head))
        made._trunk.update(dict.fromkeys(_first_parents(graph.parents, graph.head)))
        if graph.whole:
            made._tips.update(tips, () if fresh else (graph.head,))
        return made

    def knows(self, sha: str) -> bool:
        """Whether the commit was read."""
        return sha in self._place

    def on_default(self, sha: str) -> bool | None:
        """Whether the default branch's head reaches the commit."""
        if sha in self._reached:
            return True
        return self.is_ancestor(sha, self.head)

    def reaches(self, sha: str) -> bool:
        """Whether what was read shows the default branch reaching the commit."""
        return sha in self._reached

    @property
    def trunk(self) -> tuple[str, ...]:
        """The default branch's own line of first parents, newest first."""
        return tuple(self._trunk)

    def on_trunk(self, sha: str) -> bool:
        """Whether the commit is on the default branch's own line of first parents."""
        return sha in self._trunk

    def is_ancestor(self, ancestor: str, descendant: str) -> bool | None:
        """Whether `descendant` contains `ancestor`; a commit contains itself."""
        if ancestor == descendant:
            return True
        sides = self.sides(ancestor, descendant)
        if sides is None:
            return None
        if not sides.base:
            return True
        # What contains the other cannot lie before it, however much of the past was not read.
        return None if sides.head_cut and sides.head else False

    def order(self, shas: Iterable[str]) -> tuple[str, ...]:
        """Newest first; commits that were not read come last, as given."""
        last = len(self._place)
        return tuple(sorted(dict.fromkeys(shas), key=lambda sha: self._place.get(sha, last)))

    def between(self, base: str, head: str) -> tuple[str, ...] | None:
        """The commits that `head` has and `base` lacks, newest first."""
        sides = self.sides(base, head)
        if sides is None or sides.head_cut or (sides.base_cut and sides.head):
            return None
        return sides.head

    def count(self, base: str, head: str) -> int | None:
        """How many commits `head` has that `base` lacks."""
        commits = self.between(base, head)
        return None if commits is None else len(commits)

    def sides(self, base: str, head: str) -> Sides | None:
        """What each of two commits has alone; None when one of them was not read."""
        if base not in self._place or head not in self._place:
            return None
        if (base, head) not in self._sides:
            self._sides[base, head] = self._compare(base, head)
        return self._sides[base, head]

    def _compare(self, base: str, head: str) -> Sides:
        """Walk both pasts newest first, until everything left is common."""
        flags = {base: _BASE}
        flags[head] = flags.get(head, 0) | _HEAD
        queue = [self._place[sha] for sha in flags]
        names = {self._place[sha]: sha for sha in flags}
        heapify(queue)
        alone = sum(flag != _BOTH for flag in flags.values())
        sides: dict[int, list[str]] = {_BASE: [], _HEAD: [], _BOTH: []}
        cut = {_BASE: False, _HEAD: False, _BOTH: False}
        while queue and alone:
            sha = names[heappop(queue)]
            flag = flags[sha]
            alone -= flag != _BOTH
            sides[flag].append(sha)
            cut[flag] = cut[flag] or self._is_cut(sha)
            for parent in self.parents[sha]:
                if parent not in self._place:
                    continue
                before = flags.get(parent, 0)
                if not before:
                    names[self._place[parent]] = parent
                    heappush(queue, self._place[parent])
                flags[parent] = before | flag
                alone += (flags[parent] != _BOTH) - (before not in (0, _BOTH))
        shared = base in self._tips and head in self._tips
        return Sides(
            tuple(sides[_BASE]),
            tuple(sides[_HEAD]),
            cut[_BASE] and not shared,
            cut[_HEAD] and not shared,
        )

    def _is_cut(self, sha: str) -> bool:
        """Whether its past was not read; a shallow clone shows its last commits as roots."""
        parents = self.parents[sha]
        return any(p not in self._place for p in parents) or (not parents and not self.whole)


def merged(local: GraphFacts, forge: GraphFacts) -> GraphFacts:
    """Two sources' histories as one; the branch's head is the forge's, which is the newer look."""
    parents = dict(forge.parents)
    for sha, known in local.parents.items():
        # A shallow clone's last commits come without parents: the other source knows better.
        parents[sha] = known or parents.get(sha, ())
    ordered = {sha: parents[sha] for sha in _topological(parents)}
    whole = local.whole or forge.whole
    return GraphFacts(forge.branch, forge.head, ordered, whole, local.fetched_at)


def _topological(parents: Mapping[str, tuple[str, ...]]) -> Iterator[str]:
    """Children before parents; among equals, the order given."""
    place = {sha: number for number, sha in enumerate(parents)}
    names = tuple(parents)
    children = dict.fromkeys(parents, 0)
    for known in parents.values():
        for parent in known:
            if parent in children:
                children[parent] += 1
    ready = [place[sha] for sha, count in children.items() if not count]
    heapify(ready)
    while ready:
        sha = names[heappop(ready)]
        yield sha
        for parent in parents[sha]:
            if parent in children:
                children[parent] -= 1
                if not children[parent]:
                    heappush(ready, place[parent])


def _walk(parents: Mapping[str, tuple[str, ...]], head: str) -> set[str]:
    seen = {head} if head in parents else set()
    queue = list(seen)
    while queue:
        for parent in parents[queue.pop()]:
            if parent in parents and parent not in seen:
                seen.add(parent)
                queue.append(parent)
    return seen


def _first_parents(parents: Mapping[str, tuple[str, ...]], head: str) -> Iterator[str]:
    seen: set[str] = set()
    while head in parents and head not in seen:
        seen.add(head)
        yield head
        head = parents[head][0] if parents[head] else ""
