"""The graph relates commits exactly as the history was made, and is no larger than that needs."""

import random
from pathlib import Path

import pytest

from tests.sources.git.clones import ABSENT, REPOSITORY, at, cloned, reachable, soon, write_commit
from tests.world.git_writer import GitWriter
from tests.world.history import ADA, History
from whatsrunning.facts.git import GraphFacts
from whatsrunning.sources.git import log as git_log


def _within(graph: GraphFacts, tip: str) -> set[str]:
    """What the graph says lies before a commit, and the commit."""
    seen: set[str] = set()
    open_ = [tip]
    while open_:
        sha = open_.pop()
        if sha in graph.parents and sha not in seen:
            seen.add(sha)
            open_ += graph.parents[sha]
    return seen


def check_relations(made: History, graph: GraphFacts, shas: list[str]) -> None:
    """Every pair of commits stands as it was made: ancestry, and the commits only one has."""
    assert set(shas) <= set(graph.parents)
    order = {sha: place for place, sha in enumerate(graph.parents)}
    for sha, parents in graph.parents.items():
        assert parents == made.commits[sha].parents
        assert all(order[sha] < order[parent] for parent in parents if parent in order)
    true = {sha: reachable(made, sha) for sha in shas}
    told = {sha: _within(graph, sha) for sha in shas}
    for one in shas:
        for other in shas:
            assert (one in told[other]) == (one in true[other])
            assert told[other] - told[one] == true[other] - true[one]


def test_every_pair_of_the_shops_commits_is_related_as_it_was_made(history: History) -> None:
    shas = sorted(history.named.values())
    graph = at(history.clone).graph(REPOSITORY, shas, soon())
    assert (graph.branch, graph.head, graph.whole) == ("main", history.head, True)
    check_relations(history, graph, shas)


@pytest.mark.parametrize("seed", range(6))
def test_any_commits_of_the_long_history_are_related_as_they_were_made(
    bulk: History, seed: int
) -> None:
    inside = sorted(reachable(bulk, bulk.head))
    shas = random.Random(seed).sample(inside, 2 + seed)
    graph = at(bulk.clone).graph(REPOSITORY, [*shas, ABSENT], soon())
    check_relations(bulk, graph, [*shas, bulk.head])
    assert graph.whole
    assert ABSENT not in graph.parents


def test_the_graph_stops_at_what_all_have_in_common(history: History) -> None:
    clones = at(history.clone)
    assert set(clones.graph(REPOSITORY, [], soon()).parents) == {history.head}
    before, oldest = history.mainline[3], history.mainline[-1]
    some = set(clones.graph(REPOSITORY, [before], soon()).parents)
    assert before in some
    assert some <= reachable(history, history.head) - reachable(history, before) | {before}
    whole = clones.graph(REPOSITORY, [oldest, "--all", "main"], soon())
    assert set(whole.parents) == reachable(history, history.head)
    assert whole.parents[oldest] == ()


def test_histories_without_a_common_commit(tmp_path: Path) -> None:
    writer = GitWriter(tmp_path / "two.git")
    one = writer.commit([writer.commit([], "Root", ADA)], "Main", ADA)
    other = writer.commit([writer.commit([], "Other root", ADA)], "Pages", ADA)
    writer.finish({"refs/heads/main": one, "refs/heads/pages": other})
    clone = cloned(tmp_path / "two.git", tmp_path / "clone")
    graph = at(clone).graph(REPOSITORY, [other], soon())
    assert set(graph.parents) == set(writer.commits)
    assert graph.whole


def test_a_clock_that_was_wrong_does_not_turn_the_order_around(
    history: History, tmp_path: Path
) -> None:
    clone = cloned(history.origin, tmp_path / "clone")
    parent = history.mainline[1]
    early = write_commit(clone, history.commits[parent].tree, parent, second=1000)
    order = list(at(clone).graph(REPOSITORY, [early], soon()).parents)
    assert order[-1] == parent
    assert set(order) == {history.head, early, parent}


def test_a_shallow_clone_says_that_it_was_cut(history: History, tmp_path: Path) -> None:
    shallow = at(cloned(history.origin, tmp_path / "shallow", "--depth=5"))
    (facts,) = shallow.clones(soon())
    assert facts.shallow
    assert facts.head == history.head
    near, old = history.mainline[1], history.named["old"]
    assert shallow.graph(REPOSITORY, [near], soon()).whole
    cut = shallow.graph(REPOSITORY, [near, history.named["release-2"], old], soon())
    assert near in cut.parents
    assert old not in cut.parents
    deepest = at(cloned(history.origin, tmp_path / "one", "--depth=1"))
    assert not deepest.graph(REPOSITORY, [old], soon()).whole


def test_a_graph_that_is_too_long_is_not_whole(
    history: History, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(git_log, "LIMIT", 10)
    graph = at(history.clone).graph(REPOSITORY, [history.mainline[-1]], soon())
    assert len(graph.parents) == 10
    assert history.head in graph.parents
    assert not graph.whole


def test_of_two_clones_the_one_that_is_whole_is_read(history: History, tmp_path: Path) -> None:
    shallow = cloned(history.origin, tmp_path / "shallow", "--depth=1")
    graph = at(shallow, history.clone).graph(REPOSITORY, [history.head], soon())
    assert graph.parents == {history.head: history.commits[history.head].parents}
    deeper = [history.head, history.mainline[3]]
    assert set(deeper) <= set(at(shallow, history.clone).graph(REPOSITORY, deeper, soon()).parents)
