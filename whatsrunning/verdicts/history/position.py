"""Where a revision stands among builds, by history alone (DESIGN section 1). Pure."""

from collections.abc import Iterable
from dataclasses import dataclass

from whatsrunning.report.container import Position
from whatsrunning.verdicts.history.graph import HistoryGraph


@dataclass(frozen=True, slots=True)
class Builds:
    """The builds of an image repository in a history; `newest` empty when the branch has none.

    `unplaced` are those that could be newer than all we can place: a stale clone lacks them.
    """

    graph: HistoryGraph
    shas: frozenset[str]
    newest: str
    unplaced: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Standing:
    """A revision against the newest build; counts are None where the history cannot tell."""

    position: Position
    builds_behind: int | None = None
    commits_behind: int | None = None
    newest: str = ""


def builds_in(graph: HistoryGraph, shas: Iterable[str]) -> Builds:
    """The builds, with the newest that the default branch contains.

    Of builds side by side, the one on the branch's own line wins over a merged branch's.
    """
    known = tuple(shas)
    reached = [sha for sha in graph.order(known) if graph.reaches(sha)]
    own = frozenset(graph.trunk)
    trunk = next((sha for sha in reached if sha in own), "")
    newest = reached[0] if reached else ""
    if trunk and not graph.is_ancestor(trunk, newest):
        newest = trunk
    return Builds(graph, frozenset(known), newest, _unplaced(graph, known, newest))


def standing_of(builds: Builds, sha: str) -> Standing | None:
    """The position of a revision; None where this history cannot tell it."""
    graph, newest = builds.graph, builds.newest
    sure = not builds.unplaced
    if sha not in builds.shas:
        return Standing("not-built", newest=newest if sure else "")
    if not graph.knows(sha):
        return None
    if not newest:
        return Standing(_against_head(graph, sha)) if sure else None
    if sha != newest and graph.is_ancestor(sha, newest):
        return _behind(builds, sha, "behind") if sure else Standing("behind")
    position = _beside(graph, sha, newest) if sure else None
    return _behind(builds, sha, position) if position else None


def _unplaced(graph: HistoryGraph, shas: tuple[str, ...], newest: str) -> tuple[str, ...]:
    """None under a fresh head: what is newer lies between the newest build and it."""
    if graph.fresh and (graph.between(newest, graph.head) is not None if newest else graph.whole):
        return ()
    return tuple(sha for sha in shas if not graph.knows(sha))


def _beside(graph: HistoryGraph, sha: str, newest: str) -> Position | None:
    if sha == newest:
        return "current"
    newer, older = graph.is_ancestor(newest, sha), graph.is_ancestor(sha, newest)
    if newer is None or older is None:
        return None
    return "ahead" if newer else "diverged"


def _behind(builds: Builds, sha: str, position: Position) -> Standing:
    graph, newest = builds.graph, builds.newest
    commits = graph.count(sha, newest)
    if commits is None:
        return Standing(position, newest=newest)
    missed = [
        one
        for one in builds.shas
        if graph.is_ancestor(one, newest) and not graph.is_ancestor(one, sha)
    ]
    return Standing(position, len(missed), commits, newest)


def _against_head(graph: HistoryGraph, sha: str) -> Position:
    return "ahead" if graph.is_ancestor(graph.head, sha) else "diverged"
