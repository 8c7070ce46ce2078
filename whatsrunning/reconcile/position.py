"""Where a revision stands among builds, by history alone (DESIGN section 1). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from whatsrunning.model.report import Position
from whatsrunning.reconcile.graph import HistoryGraph


@dataclass(frozen=True, slots=True)
class Place:
    """A revision against the newest build; counts are None where the history cannot tell."""

    position: Position
    builds_behind: int | None = None
    commits_behind: int | None = None
    newest: str = ""


def newest_build(graph: HistoryGraph, built: Iterable[str]) -> str:
    """The newest build that the default branch reaches, or empty.

    Of builds side by side, the one on the branch's own line wins over a merged branch's.
    """
    reached = [sha for sha in graph.order(built) if graph.reaches(sha)]
    trunk = next((sha for sha in reached if graph.on_trunk(sha)), "")
    if reached and trunk and not graph.is_ancestor(trunk, reached[0]):
        return trunk
    return reached[0] if reached else ""


def unplaced(graph: HistoryGraph, built: Iterable[str]) -> tuple[str, ...]:
    """Builds that could be newer than all we can place: commits that a stale clone lacks.

    A fresh head leaves none: what is newer on the branch lies between the newest build and it.
    """
    known = tuple(built)
    newest = newest_build(graph, known)
    if graph.fresh and newest and graph.between(newest, graph.head) is not None:
        return ()
    if graph.fresh and not newest and graph.whole:
        return ()
    return tuple(sha for sha in known if not graph.knows(sha))


def place(graph: HistoryGraph, sha: str, built: Iterable[str]) -> Place | None:
    """The position of a revision; None where this history cannot tell it."""
    builds = frozenset(built)
    newest = newest_build(graph, builds)
    sure = not unplaced(graph, builds)
    if sha not in builds:
        return Place("not-built", newest=newest if sure else "")
    if not graph.knows(sha):
        return None
    if not newest:
        return Place(_against_head(graph, sha)) if sure else None
    if sha != newest and graph.is_ancestor(sha, newest):
        return _behind(graph, sha, newest, builds, "behind") if sure else Place("behind")
    position = _beside(graph, sha, newest) if sure else None
    return _behind(graph, sha, newest, builds, position) if position else None


def _beside(graph: HistoryGraph, sha: str, newest: str) -> Position | None:
    if sha == newest:
        return "current"
    newer, older = graph.is_ancestor(newest, sha), graph.is_ancestor(sha, newest)
    if newer is None or older is None:
        return None
    return "ahead" if newer else "diverged"


def _behind(
    graph: HistoryGraph, sha: str, newest: str, builds: frozenset[str], position: Position
) -> Place:
    missed = graph.between(sha, newest)
    if missed is None:
        return Place(position, newest=newest)
    return Place(position, sum(one in builds for one in missed), len(missed), newest)


def _against_head(graph: HistoryGraph, sha: str) -> Position:
    return "ahead" if graph.is_ancestor(graph.head, sha) else "diverged"
