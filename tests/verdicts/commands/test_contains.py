"""Whether a revision contains a change: cherry-picks, reverts, and histories that do not reach."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, commit_facts, digest, lost, pull_facts, sha
from tests.verdicts.commands.has_scene import LINE, has_of, live_of, scene_of_line
from whatsrunning.facts.answers import Found
from whatsrunning.facts.git import Base, Head
from whatsrunning.facts.github import CompareFacts, GithubCompare, GithubGraph, GithubPull
from whatsrunning.verdicts.commands.contains import _goes_back_before


def test_no_clone() -> None:
    """GitHub's compare is the last way; where it fails too, it cannot be told."""
    scene = scene_of_line()
    scene.answers.graphs.clear()
    scene.answers[GithubGraph(REPOSITORY)] = lost(GithubGraph(REPOSITORY))
    for word, behind in (("undo", 0), ("base", 2)):
        compare = GithubCompare(REPOSITORY, Base(sha("fix")), Head(sha(word)))
        scene.answers[compare] = Found(CompareFacts(1, behind))
    late = GithubCompare(REPOSITORY, Base(sha("fix")), Head(sha("late")))
    scene.answers[late] = lost(late)
    answer = has_of(scene, "7")
    assert set(live_of(answer)) == {"fix"}
    assert {(one.container, one.by) for one in answer.unknown_at} == {
        ("undo", "ancestor"), ("late", ""), ("base", ""),
    }  # fmt: skip


def test_a_cherry_pick_and_its_revert() -> None:
    scene = scene_of_line()
    body = f"(cherry picked from commit {sha('fix')})"
    scene.commit("pick", "Fix it", body)
    scene.commit("unpick", 'Revert "Fix it"', f"This reverts commit {sha('pick')}.")
    for word in ("pick", "unpick"):
        image = scene.image(digest(word), labels={"git.sha": sha(word)})
        scene.container(word, f"{IMAGE}:{sha(word)}", image)
    known = scene.answers.graphs[REPOSITORY]
    assert isinstance(known, Found)
    graph = known.value
    extra = {sha("unpick"): (sha("pick"),), sha("pick"): (sha("base"),)}
    both = replace(graph, parents={**extra, **graph.parents})
    scene.answers.graphs[REPOSITORY] = Found(both)
    found = live_of(has_of(scene, "7"))
    assert found["pick"] == ("ancestor", "")
    assert found["unpick"] == ("ancestor", "unpick")


def _beside(scene: Scene, *words: str) -> None:
    """One more container, at the newest of these commits (newest first) on a branch from base."""
    image = scene.image(digest(words[0]), labels={"git.sha": sha(words[0])})
    scene.container(words[0], f"{IMAGE}:{sha(words[0])}", image)
    known = scene.answers.graphs[REPOSITORY]
    assert isinstance(known, Found)
    line = {sha(a): (sha(b),) for a, b in pairwise((*words, "base"))}
    scene.answers.graphs[REPOSITORY] = Found(
        replace(known.value, parents={**line, **known.value.parents})
    )


@pytest.mark.parametrize(
    ("picked", "live"),
    [
        (("fix",), False),  # the last commit of a rebase is not all of it
        (("undo", "fix"), True),
        (("step-1",), False),
        (("step-1", "step-2"), True),  # its own branch's commits
    ],
)
def test_only_a_whole_request_is_picked(picked: tuple[str, ...], live: bool) -> None:
    """#5 was rebased: two commits of its branch became `fix` and `undo` on main."""
    scene = scene_of_line()
    scene.commit("undo", "Second step")
    scene.commit("fix", "First step")
    scene.answers[GithubPull(REPOSITORY, 5)] = Found(
        pull_facts(5, "undo", commits=(sha("step-1"), sha("step-2")))
    )
    words = tuple(f"pick-{word}" for word in picked)
    for word, name in zip(words, picked, strict=True):
        scene.commit(word, name, f"(cherry picked from commit {sha(name)})")
    _beside(scene, *words)
    answer = has_of(scene, "5")
    assert (words[0] in live_of(answer)) is live
    assert (words[0] in {one.container for one in answer.not_live}) is not live


def test_a_branch_that_nothing_at_hand_relates() -> None:
    """Neither in the clone nor in GitHub's newest history: compare says no, and nobody picked."""
    scene = scene_of_line()
    scene.answers[GithubPull(REPOSITORY, 9)] = Found(pull_facts(9, commits=(sha("elsewhere"),)))
    for word in ("late", "undo", "fix", "base"):
        query = GithubCompare(REPOSITORY, Base(sha("elsewhere")), Head(sha(word)))
        scene.answers[query] = Found(CompareFacts(1, 1))
    answer = has_of(scene, "9")
    assert len(answer.not_live) == 4
    cut = scene.answers.graphs[REPOSITORY]
    assert isinstance(cut, Found)
    scene.answers.graphs[REPOSITORY] = Found(replace(cut.value, whole=False))
    scene.commit("elsewhere")
    assert {one.problem.code for one in has_of(scene, "9").unknown_at if one.problem} == {"untold"}


def test_a_history_that_goes_back_far_enough() -> None:
    read = tuple(commit_facts(f"old-{number}") for number in range(20))
    made = replace(read[0], committed_at=read[0].committed_at + timedelta(days=2))
    assert _goes_back_before(read, made)
    assert not _goes_back_before(read[1:], made)
    assert not _goes_back_before((*read[1:], made), made)


def test_a_commit_that_nobody_has() -> None:
    scene = scene_of_line()
    image = scene.image(digest("lost"), labels={"git.sha": sha("lost")})
    scene.container("lost", f"{IMAGE}:{sha('lost')}", image)
    [one] = has_of(scene, "7", project=REPOSITORY).unknown_at
    assert (one.container, one.problem.code if one.problem else "") == ("lost", "no-such-commit")


def test_a_branch_that_the_clone_lacks() -> None:
    """The clone is read no further than what the look relates; GitHub's history goes on."""
    scene = scene_of_line()
    pull = pull_facts(9, commits=(sha("elsewhere"),))
    scene.answers[GithubPull(REPOSITORY, 9)] = Found(pull)
    for word in LINE:
        query = GithubCompare(REPOSITORY, Base(sha("elsewhere")), Head(sha(word)))
        scene.answers[query] = Found(CompareFacts(1, 1))
    scene.clone(*LINE, "root")
    scene.commit("elsewhere", local=False)
    known = scene.answers.graphs[REPOSITORY]
    scene.answers[GithubGraph(REPOSITORY)] = known
    assert len(has_of(scene, "9").not_live) == 4
