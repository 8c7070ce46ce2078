"""Which commits contain which, for many at once: one bit for each commit that was asked about."""

from collections.abc import Iterable, Mapping


class Reachability:
    """Reachability over parents in topological order, newest first.

    Marking costs one pass over the history for however many commits; a question costs a bit test.
    """

    def __init__(self, parents: Mapping[str, tuple[str, ...]], *, whole: bool) -> None:
        self.order = tuple(parents)
        self.place = {sha: place for place, sha in enumerate(self.order)}
        self._up: list[tuple[int, ...]] = []
        self._cuts: list[int] = []
        for place, known in enumerate(parents.values()):
            inside = tuple(self.place[sha] for sha in known if sha in self.place)
            self._up.append(inside)
            # A shallow clone shows its last commits as roots.
            if len(inside) < len(known) or not (known or whole):
                self._cuts.append(place)
        self._marks = [0] * len(self.order)
        self._bits: dict[str, int] = {}

    def mark(self, shas: Iterable[str]) -> None:
        """Make these known as containers of what lies before them; unread ones are passed over."""
        new = [sha for sha in dict.fromkeys(shas) if sha in self.place and sha not in self._bits]
        if not new:
            return
        marked = 0
        for sha in new:
            bit = 1 << len(self._bits)
            self._bits[sha] = bit
            self._marks[self.place[sha]] |= bit
            marked |= bit
        for place in range(min(self.place[sha] for sha in new), len(self.order)):
            if mark := self._marks[place] & marked:
                for parent in self._up[place]:
                    self._marks[parent] |= mark

    def has(self, container: str, sha: str) -> bool:
        """Whether one commit contains another; both were read."""
        bit = self._bit(container)
        return bool(self._marks[self.place[sha]] & bit)

    def difference(self, head: str, base: str) -> tuple[str, ...]:
        """The commits that `head` has and `base` lacks, newest first."""
        mine, either = self._pair(head, base)
        first = self.place[head]
        pairs = zip(self.order[first:], self._marks[first:], strict=True)
        return tuple([sha for sha, mark in pairs if mark & either == mine])

    def ancestors(self, sha: str) -> tuple[tuple[str, ...], bool]:
        """What was read of everything that a commit contains, newest first; whether it is all."""
        bit, first = self._bit(sha), self.place[sha]
        pairs = zip(self.order[first:], self._marks[first:], strict=True)
        whole = not any(self._marks[cut] & bit for cut in self._cuts)
        return tuple([each for each, mark in pairs if mark & bit]), whole

    def is_cut(self, head: str, base: str) -> bool:
        """Whether the past that only `head` has leaves what was read."""
        mine, either = self._pair(head, base)
        return any(self._marks[cut] & either == mine for cut in self._cuts)

    def _pair(self, head: str, base: str) -> tuple[int, int]:
        """The bit of `head`, and both bits."""
        mine, theirs = self._bit(head), self._bit(base)
        return mine, mine | theirs

    def _bit(self, sha: str) -> int:
        self.mark((sha,))
        return self._bits[sha]
