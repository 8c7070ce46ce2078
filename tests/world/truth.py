"""What is true of the fleet in git, counted from the history as it was made."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache

from tests.world.fleet import Fleet, Truth
from tests.world.history import History


@dataclass(frozen=True, slots=True)
class Place:
    """Where a build stands against the newest one."""

    position: str
    builds_behind: int | None
    commits_behind: int | None
    newest: str


class Line:
    """Reachability in a history, from the parents that it was made with."""

    def __init__(self, history: History) -> None:
        self._history = history
        self._reach = cache(self._reachable)

    def _reachable(self, sha: str) -> frozenset[str]:
        seen, open_ = set(), [sha]
        while open_:
            each = open_.pop()
            if each not in seen:
                seen.add(each)
                open_ += self._history.commits[each].parents
        return frozenset(seen)

    def reach(self, sha: str) -> frozenset[str]:
        """The commit and everything before it."""
        return self._reach(sha)

    def newest(self, built: Iterable[str]) -> str:
        """The build on the default branch that has most of the branch before it."""
        branch = self.reach(self._history.head)
        return max((sha for sha in built if sha in branch), key=lambda sha: len(self.reach(sha)))


def place(fleet: Fleet, truth: Truth, *, alone: bool = False) -> Place:
    """How a running commit stands against what the registry has; alone in its image repository."""
    line = Line(fleet.history)
    tagged = {truth.sha} if alone else fleet.built
    built = {sha for sha in tagged if sha in fleet.history.commits}
    newest = line.newest(built)
    if not truth.tagged:
        return Place("not-built", None, None, newest)
    mine, theirs = line.reach(truth.sha), line.reach(newest)
    behind = theirs - mine
    if truth.sha == newest:
        position = "current"
    elif truth.sha in theirs:
        position = "behind"
    else:
        position = "ahead" if newest in mine else "diverged"
    return Place(position, len(behind & built), len(behind), newest)


def pull_requests(history: History, sha: str) -> tuple[int, ...]:
    """The merged pull requests of a commit, or the open ones where none was merged."""
    all_ = history.pulls_of.get(sha, ())
    merged = tuple(n for n in all_ if history.pulls[n].state == "merged")
    return tuple(sorted(merged or all_))
