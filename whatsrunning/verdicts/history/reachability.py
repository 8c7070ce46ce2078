"""Which commits contain which, for many at once."""

from collections.abc import Iterable, Mapping


class Reachability:
    """Parents by SHA in topological order, newest first; all methods are of commits in it.

    A commit that was asked about has a bit of its own, and each commit carries the bits of those
    that contain it. One walk from the newest to the oldest hands bits on from children to parents;
    then an answer costs a test of bits, however long the history is.
    """

    def __init__(self, parents: Mapping[str, tuple[str, ...]], *, whole: bool) -> None:
        self.order = tuple(parents)
        self.place = {sha: place for place, sha in enumerate(self.order)}
        self._bits: dict[str, int] = {}
        self._marks = [0] * len(self.order)
        self._parents = [
            tuple(self.place[sha] for sha in shas if sha in self.place) for shas in parents.values()
        ]
        # Commits with a past that was not read. A shallow clone shows its last ones as roots.
        self._cuts = [
            place
            for place, shas in enumerate(parents.values())
            if len(self._parents[place]) < len(shas) or not (shas or whole)
        ]

    def mark(self, shas: Iterable[str]) -> None:
        """Walk once for all of these, which will be asked about; unread ones are passed over."""
        new = [sha for sha in dict.fromkeys(shas) if sha in self.place and sha not in self._bits]
        bits = 0
        for sha in new:
            self._bits[sha] = 1 << len(self._bits)
            self._marks[self.place[sha]] |= self._bits[sha]
            bits |= self._bits[sha]
        first = min((self.place[sha] for sha in new), default=len(self.order))
        for place in range(first, len(self.order)):
            if mark := self._marks[place] & bits:
                for parent in self._parents[place]:
                    self._marks[parent] |= mark

    def has(self, container: str, sha: str) -> bool:
        """Whether one commit contains another."""
        bit = self._bit(container)  # may walk, and mark
        return bool(self._marks[self.place[sha]] & bit)

    def difference(self, head: str, base: str) -> tuple[str, ...]:
        """The commits that `head` has and `base` lacks, newest first."""
        own, both = self._bit(head), self._bit(head) | self._bit(base)
        pairs = zip(self.order, self._marks, strict=True)
        return tuple([sha for sha, mark in pairs if mark & both == own])

    def ancestors(self, sha: str) -> tuple[tuple[str, ...], bool]:
        """What was read of everything that a commit contains, newest first; whether it is all."""
        bit = self._bit(sha)
        pairs = zip(self.order, self._marks, strict=True)
        whole = not any(self._marks[cut] & bit for cut in self._cuts)
        return tuple([other for other, mark in pairs if mark & bit]), whole

    def is_cut(self, head: str, base: str) -> bool:
        """Whether the past that only `head` has goes on beyond what was read."""
        own, both = self._bit(head), self._bit(head) | self._bit(base)
        return any(self._marks[cut] & both == own for cut in self._cuts)

    def _bit(self, sha: str) -> int:
        self.mark((sha,))
        return self._bits[sha]
