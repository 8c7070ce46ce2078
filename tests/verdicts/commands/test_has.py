"""`has`: by merge, squash, cherry-pick and branch; reverts after it; and when it cannot be told."""

from dataclasses import replace
from datetime import timedelta
from itertools import pairwise
from typing import Any

import pytest

from tests.facts import IMAGE, REPOSITORY, Scene, commit_facts, digest, lost, pull_facts, sha
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.records import Base, CompareFacts, Head
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.commands import Has
from whatsrunning.verdicts.commands.contains import _goes_back_before
from whatsrunning.verdicts.commands.has import has
from whatsrunning.verdicts.containers import containers
from whatsrunning.verdicts.history.git_ref import ParsedRef, parse_ref


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("412", ParsedRef(412)),
        ("#412", ParsedRef(412)),
        ("#12345678", ParsedRef(12345678)),
        ("1234567", ParsedRef(sha="1234567", name="1234567")),
        ("ABCDEF0", ParsedRef(sha="abcdef0", name="ABCDEF0")),
        ("v1.2.3", ParsedRef(name="v1.2.3")),
        (" main ", ParsedRef(name="main")),
        ("https://github.com/acme/shop/pull/412/files", ParsedRef(412, repository="acme/shop")),
        ("https://github.com/acme/shop/commit/" + "a" * 40,
         ParsedRef(sha="a" * 40, repository="acme/shop")),
    ],
)  # fmt: skip
def test_what_is_meant(text: str, expected: ParsedRef) -> None:
    assert parse_ref(text, "github.com") == expected


# Newest first; `fix` came by #7, `undo` takes it back, `redo` takes that back.
LINE = ("late", "redo", "mid", "undo", "fix", "base")


def _scene() -> Scene:
    """One container at each of these commits, in the line of a clone that has them all."""
    scene = Scene()
    for word in ("late", "undo", "fix", "base"):
        image = scene.image(digest(word), labels={"git.sha": sha(word)})
        scene.container(word, f"{IMAGE}:{sha(word)}", image)
    scene.commit("fix", "Fix it (#7)", pulls=(pull_facts(7, "fix"),))
    scene.commit("undo", 'Revert "Fix it (#7)" (#8)', "Reverts acme/shop#7")
    scene.commit("redo", 'Reapply "Fix it"', f"This reverts commit {sha('undo')}.")
    scene.answers[ask.GithubPull(REPOSITORY, 7)] = Found(
        pull_facts(7, "fix", commits=(sha("topic"),))
    )
    scene.clone(*LINE)
    return scene


def _has(scene: Scene, ref: str, **scope: Any) -> Has:
    about = replace(scene.scope, argument=ref, **scope)
    case = Case(FactStore(scene.answers), scene.scope)
    return has(replace(case, scope=about), containers(case))


def _live(answer: Has) -> dict[str, tuple[str, str]]:
    words = {sha(word): word for word in (*LINE, "unpick")} | {"": ""}
    return {one.container: (one.by, words[one.reverted_by]) for one in answer.live}


@pytest.mark.parametrize("ref", ["7", "#7", sha("fix"), "https://github.com/acme/shop/pull/7"])
def test_live_and_taken_back(ref: str) -> None:
    answer = _has(_scene(), ref)
    assert answer.resolved == Found((sha("fix"),))
    assert _live(answer) == {
        "fix": ("same", ""), "undo": ("ancestor", "undo"), "late": ("ancestor", ""),
    }  # fmt: skip
    assert [one.container for one in answer.not_live] == ["base"]
    assert answer.unknown_at == ()


def test_a_short_sha_and_a_branch() -> None:
    scene = _scene()
    scene.answers[ask.GitPrefix(REPOSITORY, sha("mid")[:9])] = Found(sha("mid"))
    assert set(_live(_has(scene, sha("mid")[:9]))) == {"late"}
    scene.answers[ask.GitReference(REPOSITORY, "release")] = Found(sha("base"))
    assert len(_has(scene, "release").live) == 4
    scene.answers[ask.GithubReference(REPOSITORY, "release")] = Found(sha("late"))
    assert set(_live(_has(scene, "release"))) == {"late"}


def test_nothing_of_that_name() -> None:
    scene = _scene()
    for ref in ("9", "no-such-branch", "abcdef1"):
        answer = _has(scene, ref)
        assert answer.resolved == Nothing()
        assert (answer.live, answer.not_live, answer.unknown_at) == ((), (), ())


def test_an_open_pull_request_is_live_where_its_head_runs() -> None:
    scene = _scene()
    scene.answers[ask.GithubPull(REPOSITORY, 9)] = Found(pull_facts(9, commits=(sha("undo"),)))
    assert set(_live(_has(scene, "9"))) == {"undo", "late"}


def test_github_down() -> None:
    """A squash names its number; a merged number that nothing names stays unknown."""
    scene = _scene()
    scene.answers[ask.GithubPull(REPOSITORY, 7)] = lost(ask.GithubPull(REPOSITORY, 7))
    scene.answers[ask.GithubPull(REPOSITORY, 5)] = lost(ask.GithubPull(REPOSITORY, 5))
    assert set(_live(_has(scene, "7"))) == {"fix", "undo", "late"}
    unknown = _has(scene, "5")
    assert isinstance(unknown.resolved, Unknown)
    assert len(unknown.unknown_at) == 4


def test_no_clone() -> None:
    """GitHub's compare is the last way; where it fails too, it cannot be told."""
    scene = _scene()
    scene.answers.graphs.clear()
    scene.answers[ask.GithubGraph(REPOSITORY)] = lost(ask.GithubGraph(REPOSITORY))
    for word, behind in (("undo", 0), ("base", 2)):
        compare = ask.GithubCompare(REPOSITORY, Base(sha("fix")), Head(sha(word)))
        scene.answers[compare] = Found(CompareFacts(1, behind))
    late = ask.GithubCompare(REPOSITORY, Base(sha("fix")), Head(sha("late")))
    scene.answers[late] = lost(late)
    answer = _has(scene, "7")
    assert set(_live(answer)) == {"fix"}
    assert {(one.container, one.by) for one in answer.unknown_at} == {
        ("undo", "ancestor"), ("late", ""), ("base", ""),
    }  # fmt: skip


def test_a_cherry_pick_and_its_revert() -> None:
    scene = _scene()
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
    found = _live(_has(scene, "7"))
    assert found["pick"] == ("ancestor", "")
    assert found["unpick"] == ("ancestor", "unpick")


def test_only_services_of_that_repository_count() -> None:
    scene = _scene()
    image = scene.image(digest("api"), labels={"git.sha": sha("api")})
    scene.container("api", f"registry.test/acme/api:{sha('api')}", image)
    scene.clone("api", repository="acme/api")
    answer = _has(scene, "7")
    assert {one.container for one in (*answer.live, *answer.not_live)} == {
        "late", "undo", "fix", "base",
    }  # fmt: skip
    scene.answers[ask.GithubPull("acme/api", 7)] = Found(pull_facts(7, "api"))
    twice = _has(scene, "7")
    assert isinstance(twice.resolved, Unknown)
    assert twice.resolved.problem.code == "ambiguous"
    assert set(_live(_has(scene, "7", project="acme/api"))) == {"api"}


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
    scene = _scene()
    scene.commit("undo", "Second step")
    scene.commit("fix", "First step")
    scene.answers[ask.GithubPull(REPOSITORY, 5)] = Found(
        pull_facts(5, "undo", commits=(sha("step-1"), sha("step-2")))
    )
    words = tuple(f"pick-{word}" for word in picked)
    for word, name in zip(words, picked, strict=True):
        scene.commit(word, name, f"(cherry picked from commit {sha(name)})")
    _beside(scene, *words)
    answer = _has(scene, "5")
    assert (words[0] in _live(answer)) is live
    assert (words[0] in {one.container for one in answer.not_live}) is not live


def test_a_branch_that_nothing_at_hand_relates() -> None:
    """Neither in the clone nor in GitHub's newest history: compare says no, and nobody picked."""
    scene = _scene()
    scene.answers[ask.GithubPull(REPOSITORY, 9)] = Found(pull_facts(9, commits=(sha("elsewhere"),)))
    for word in ("late", "undo", "fix", "base"):
        question = ask.GithubCompare(REPOSITORY, Base(sha("elsewhere")), Head(sha(word)))
        scene.answers[question] = Found(CompareFacts(1, 1))
    answer = _has(scene, "9")
    assert len(answer.not_live) == 4
    cut = scene.answers.graphs[REPOSITORY]
    assert isinstance(cut, Found)
    scene.answers.graphs[REPOSITORY] = Found(replace(cut.value, whole=False))
    scene.commit("elsewhere")
    assert {one.problem.code for one in _has(scene, "9").unknown_at if one.problem} == {"untold"}


def test_a_history_that_goes_back_far_enough() -> None:
    read = tuple(commit_facts(f"old-{number}") for number in range(20))
    made = replace(read[0], committed_at=read[0].committed_at + timedelta(days=2))
    assert _goes_back_before(read, made)
    assert not _goes_back_before(read[1:], made)
    assert not _goes_back_before((*read[1:], made), made)


def test_where_nothing_of_ours_runs() -> None:
    scene = Scene()
    answer = _has(scene, "7")
    assert isinstance(answer.resolved, Unknown)
    assert answer.resolved.problem.code == "no-repository"
    scene.clone("base")
    assert _has(scene, "7").resolved == Nothing()


def test_a_commit_that_nobody_has() -> None:
    scene = _scene()
    image = scene.image(digest("lost"), labels={"git.sha": sha("lost")})
    scene.container("lost", f"{IMAGE}:{sha('lost')}", image)
    [one] = _has(scene, "7", project=REPOSITORY).unknown_at
    assert (one.container, one.problem.code if one.problem else "") == ("lost", "no-such-commit")
