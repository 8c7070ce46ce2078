"""The history graph: reachability, order and counts, and what cannot be told from a part of it."""

import pytest

from tests.verdicts.history.small_history import LINES
from whatsrunning.facts.git import GraphFacts
from whatsrunning.verdicts.history.graph import HistoryGraph, merged


def _facts(lines: dict[str, str], head: str = "f", *, whole: bool = True) -> GraphFacts:
    parents = {each: tuple(words.split()) for each, words in lines.items()}
    return GraphFacts("main", head, parents, whole)


def _count(graph: HistoryGraph, base: str, head: str) -> int | None:
    """How many commits `head` has that `base` lacks."""
    commits = graph.between(base, head)
    return None if commits is None else len(commits)


GRAPH = HistoryGraph(_facts(LINES))


@pytest.mark.parametrize(
    ("base", "head", "ancestor", "between"),
    [
        ("a", "f", True, "f m c s2 s1 b"),
        ("f", "f", True, ""),
        ("c", "f", True, "f m s2 s1"),
        ("s1", "f", True, "f m c s2"),
        ("s2", "c", False, "c"),
        ("f", "c", False, ""),
        ("c", "y", True, "y x"),
        ("y", "f", False, "f m s2 s1"),
        ("f", "y", False, "y x"),
        ("gone", "f", None, None),
        ("f", "gone", None, None),
    ],
)
def test_two_commits(base: str, head: str, ancestor: bool | None, between: str | None) -> None:
    known = None if between is None else tuple(between.split())
    assert GRAPH.is_ancestor(base, head) is ancestor
    assert GRAPH.between(base, head) == known


def test_the_default_branch() -> None:
    on = {each: GRAPH.is_ancestor(each, GRAPH.head) for each in (*LINES, "gone")}
    assert [each for each, yes in on.items() if yes is False] == ["y", "x"]
    assert [each for each, yes in on.items() if yes is None] == ["gone"]
    assert GRAPH.trunk == ("f", "m", "c", "b", "a")
    assert GRAPH.order(["a", "gone", "s1", "f", "a", "c"]) == ("f", "c", "s1", "a", "gone")


# Cut below c and s1: their parents were not read.
CUT = {key: words for key, words in LINES.items() if key not in ("b", "a")}


@pytest.mark.parametrize(
    ("base", "head", "ancestor", "count"),
    [
        ("c", "f", True, None),  # f also holds s1, whose past is not known to lie behind c
        ("c", "y", True, 2),
        ("y", "c", False, 0),
        ("x", "s2", None, None),
        ("m", "f", True, 1),
    ],
)
def test_a_cut_history(base: str, head: str, ancestor: bool | None, count: int | None) -> None:
    graph = HistoryGraph(_facts(CUT, whole=False))
    assert graph.is_ancestor(base, head) is ancestor
    assert _count(graph, base, head) == count


def test_a_shallow_clones_last_commits_are_no_roots() -> None:
    shallow = {**CUT, "c": "", "s1": ""}
    graph = HistoryGraph(_facts(shallow, whole=False))
    assert graph.is_ancestor("s1", "c") is None
    assert HistoryGraph(_facts(shallow)).is_ancestor("s1", "c") is False


def test_what_all_tips_share_is_no_cut() -> None:
    """A clone is read down to what the asked commits share: c, y and f all contain b."""
    graph = HistoryGraph(_facts(CUT), shared=("c", "y", "f"))
    assert (_count(graph, "c", "f"), _count(graph, "y", "f")) == (4, 4)
    assert graph.is_ancestor("y", "f") is False
    assert graph.is_ancestor("s1", "c") is None


def test_two_sources_are_one_history() -> None:
    local = _facts({each: LINES[each] for each in ("c", "b", "a")}, head="c")
    github = _facts({each: LINES[each] for each in ("f", "m", "s2", "s1", "c")}, whole=False)
    graph = HistoryGraph(merged(local, github), shared=("c",), fresh=True)
    assert (graph.head, graph.fresh, graph.whole) == ("f", True, True)
    assert graph.between("a", "f") == ("f", "m", "s2", "s1", "c", "b")
    shallow = _facts({"c": "", "y": "x", "x": "c"}, head="c", whole=False)
    assert merged(shallow, github).parents["c"] == ("b",)
    assert list(merged(shallow, github).parents) == ["f", "m", "s2", "s1", "y", "x", "c"]


def test_a_circle_ends() -> None:
    """A saved file may hold anything."""
    graph = HistoryGraph(_facts({"f": "m", "m": "f"}))
    assert graph.trunk == ("f", "m")
