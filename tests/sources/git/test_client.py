"""Commits, short SHAs and names, asked of one clone and of several."""

from pathlib import Path

import pytest

from tests.sources.git.clones import ABSENT, REPOSITORY, at, cloned, soon, whole
from tests.world.git_writer import GitWriter, git
from tests.world.history import ADA, History
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.query import SourceError


def test_what_the_clone_lacks_is_nothing_and_what_is_no_sha_is_unknown(history: History) -> None:
    blob = git(history.clone, "rev-parse", "HEAD:src/part1.py")
    tree = history.commits[history.head].tree
    hostile = ("--output=/nowhere", "HEAD", "main", history.head[:10], f"{history.head}\n", "")
    asked = [history.head, history.head.upper(), ABSENT, blob, tree, *hostile]
    told = at(history.clone).commits("ACME/Shop", asked, soon())
    assert list(told) == asked
    assert told[history.head] == told[history.head.upper()]
    assert [told[sha] for sha in (ABSENT, blob, tree)] == [Nothing()] * 3
    problems = [told[text] for text in hostile]
    assert {p.problem.code for p in problems if isinstance(p, Unknown)} == {"not-a-sha"}
    assert all(isinstance(p, Unknown) for p in problems)
    assert at(history.clone).commits(REPOSITORY, [], soon()) == {}


def test_several_clones_the_first_that_has_it_answers(history: History, tmp_path: Path) -> None:
    elsewhere = GitWriter(tmp_path / "other.git")
    only_here = elsewhere.commit([], "Only here", ADA)
    elsewhere.finish({"refs/heads/main": only_here, "refs/tags/v1": only_here})
    clones = at(tmp_path, cloned(tmp_path / "other.git", tmp_path / "clone"), history.clone)
    told = clones.commits(REPOSITORY, [history.head, only_here, ABSENT], soon())
    assert [type(answer) for answer in told.values()] == [Found, Found, Nothing]
    assert whole(clones, history.head[:7]) == Found(history.head)
    assert clones.reference(REPOSITORY, "v1", soon()) == Found(only_here)
    graph = clones.graph(REPOSITORY, [history.named["old"], history.named["merge"]], soon())
    assert graph.head == history.head
    assert [bool(facts.problem) for facts in clones.clones(soon())] == [True, False, False]


def test_a_name_is_the_remotes_branch_then_ours_then_a_tag(
    history: History, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(history.origin), "clone")
    git(clone, "remote", "set-url", "origin", "git@github.com:acme/shop.git")
    old, squash = history.named["old"], history.named["squash"]
    git(clone, "branch", "--force", "release/1.4", old)
    git(clone, "branch", "mine", old)
    git(clone, "tag", "a-tree", f"{old}^{{tree}}")
    for name in ("mine", "v2"):
        git(clone, "-c", "user.name=A", "-c", "user.email=a@b", "tag", "-am", "x", name, squash)
    clones = at(clone)
    named = {
        "main": Found(history.head),
        "release/1.4": Found(history.named["release-2"]),
        "origin/release/1.4": Found(history.named["release-2"]),
        "mine": Found(old),
        "v2": Found(squash),
    }
    nothing = (
        "a-tree",
        "main~1",
        "nosuch",
        "--all",
        "",
        "main^{tree}",
        "main:src",
        "a..b",
        "@{-1}",
        "x y",
    )
    expect: dict[str, Answer[str]] = {**named, **dict.fromkeys(nothing, Nothing())}
    assert {name: clones.reference(REPOSITORY, name, soon()) for name in expect} == expect


@pytest.mark.parametrize("any_clone", [True, False], ids=["of something else", "none at all"])
def test_no_clone_of_a_repository(history: History, any_clone: bool) -> None:
    clones = at(history.clone) if any_clone else at()
    with pytest.raises(SourceError) as caught:
        clones.graph("acme/other", [], soon())
    assert caught.value.problem.code == "no-clone"
    assert caught.value.problem.subject == "acme/other"
    assert "-C PATH" in caught.value.problem.hint
    assert len(clones.clones(soon())) == any_clone
