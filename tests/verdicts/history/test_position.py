"""Where a revision stands among builds, and when that may not be said."""

import pytest

from tests.scene import sha
from tests.verdicts.history.small_history import shas, small_history
from whatsrunning.report.container import Built, Position
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.position import Builds, builds_in, standing_of

FRESH, CLONE = HistoryGraph(small_history(), fresh=True), HistoryGraph(small_history())


def _builds(graph: HistoryGraph, words: str) -> Builds:
    return builds_in(graph, dict.fromkeys(shas(words), "a tag"))


@pytest.mark.parametrize(
    ("running", "tags", "expected"),
    [
        ("m", "m c a", ("current", 0, 0, "m")),
        ("c", "m c a", ("behind", 1, 3, "m")),
        ("a", "f m c a", ("behind", 3, 6, "f")),
        ("a", "c x y a", ("behind", 1, 2, "c")),  # a branch's builds are newer for nobody
        ("y", "c y", ("ahead", 0, 0, "c")),
        ("y", "f y c", ("diverged", 1, 4, "f")),
        ("s2", "s2 c", ("diverged", 1, 1, "c")),  # side by side: main's own line wins
        ("b", "s2 b", ("behind", 1, 2, "s2")),
        ("b", "m", ("not-built", None, None, "m")),
        ("y", "y", ("diverged", None, None, "")),
    ],
)
def test_position(
    running: str, tags: str, expected: tuple[Position, int | None, int | None, str]
) -> None:
    position, missed, commits, newest = expected
    standing = Built(position, missed, commits, sha(newest) if newest else "", "")
    assert standing_of(_builds(FRESH, tags), sha(running)) == standing


@pytest.mark.parametrize(
    ("running", "position"), [("m", None), ("c", "behind"), ("y", None), ("b", "not-built")]
)
def test_a_build_that_the_clone_lacks(running: str, position: Position | None) -> None:
    """It could be newer than everything: `current` may not be said, `behind` still holds."""
    standing = standing_of(_builds(CLONE, "m c y stranger"), sha(running))
    assert standing == (Built(position, None, None, "", "") if position else None)


def test_a_build_that_a_fresh_history_lacks() -> None:
    """What is newer would lie between the newest build and the head."""
    current = Built("current", 0, 0, sha("m"), "")
    assert standing_of(_builds(FRESH, "m c y stranger"), sha("m")) == current
    assert standing_of(_builds(FRESH, "m gone"), sha("gone")) is None


def test_builds_of_which_the_branch_has_none() -> None:
    builds = _builds(CLONE, "stranger")
    assert (builds.newest, builds.unplaced) == ("", shas("stranger"))
