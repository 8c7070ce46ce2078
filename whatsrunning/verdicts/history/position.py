"""Where a revision stands among builds, by history alone. Pure."""

from collections.abc import Mapping
from dataclasses import dataclass

from whatsrunning.report.container import Built, Position
from whatsrunning.verdicts.history.graph import HistoryGraph


@dataclass(frozen=True, slots=True)
class Builds:
    """The builds (SHA to tag) of an image repository in a history; `newest` may be empty.

    It is the newest that the default branch contains. `unplaced` are those that could be newer
    than all we can place: a stale clone lacks them.
    """

    graph: HistoryGraph
    tags: Mapping[str, str]
    newest: str
    unplaced: tuple[str, ...]


def builds_in(graph: HistoryGraph, tags: Mapping[str, str]) -> Builds:
    """The builds, with the newest that the default branch contains.

    Of builds side by side, the one on the branch's own line wins over a merged branch's.
    """
    reached = [sha for sha in graph.order(tags) if graph.reaches(sha)]
    trunk = frozenset(graph.trunk)
    newest, on_trunk = next(iter(reached), ""), next((sha for sha in reached if sha in trunk), "")
    if on_trunk and not graph.is_ancestor(on_trunk, newest):
        newest = on_trunk
    # Under a fresh head what is newer lies between the newest build and it.
    read = graph.between(newest, graph.head) is not None if newest else graph.whole
    unplaced = () if graph.fresh and read else (sha for sha in tags if not graph.knows(sha))
    return Builds(graph, tags, newest, tuple(unplaced))


def standing_of(builds: Builds, sha: str) -> Built | None:
    """The position of a revision, without `:latest`; None where this history cannot tell it.

    Counts are None where it cannot tell those.
    """
    graph, newest, sure = builds.graph, builds.newest, not builds.unplaced
    if sha not in builds.tags:
        return Built("not-built", None, None, newest if sure else "", "")
    if not graph.knows(sha):
        return None
    if newest and sha != newest and graph.is_ancestor(sha, newest):
        # That holds however many builds are newer.
        return _counted(builds, sha, "behind") if sure else Built("behind", None, None, "", "")
    position = _position(graph, sha, newest) if sure else None
    return _counted(builds, sha, position) if position else None


def _position(graph: HistoryGraph, sha: str, newest: str) -> Position | None:
    """Of a revision that is not behind; without a newest build, against the branch's head."""
    if sha == newest:
        return "current"
    if not newest:
        return "ahead" if graph.is_ancestor(graph.head, sha) else "diverged"
    newer, older = graph.is_ancestor(newest, sha), graph.is_ancestor(sha, newest)
    if newer is None or older is None:
        return None
    return "ahead" if newer else "diverged"


def _counted(builds: Builds, sha: str, position: Position) -> Built:
    graph, newest = builds.graph, builds.newest
    commits = graph.between(sha, newest) if newest else None
    if commits is None:
        return Built(position, None, None, newest, "")
    missed = [
        build
        for build in builds.tags
        if graph.is_ancestor(build, newest) and not graph.is_ancestor(build, sha)
    ]
    return Built(position, len(missed), len(commits), newest, "")
