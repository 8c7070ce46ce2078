"""What ran on the head of the pull request that brought the commit."""

from dataclasses import replace

import pytest

from tests.scene import REPOSITORY, Scene, commit_facts, pull_facts, sha
from tests.verdicts.ci.ci_scene import check, ci_of, scene_of
from whatsrunning.facts.answers import Found
from whatsrunning.facts.github import (
    CheckFacts,
    CiFacts,
    GithubCommit,
    GithubCommitFacts,
    GithubPull,
    GithubRuns,
)
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.verdicts.ci.merged_head import merged_head


def _merged(scene: Scene, *checks: CheckFacts, same_tree: bool) -> None:
    """The commit came by a pull request whose head has the checks."""
    pull = pull_facts(7, "c", commits=(sha("h1"), sha("h2")))
    scene.commit("c", pulls=(replace(pull, commits=()),))
    scene.answers[GithubPull(REPOSITORY, 7)] = Found(pull)
    tree = commit_facts("c").tree if same_tree else "another"
    head = GithubCommitFacts(replace(commit_facts("h2"), tree=tree), "", ())
    scene.answers[GithubCommit(REPOSITORY, sha("h2"))] = Found(head)
    scene.answers[GithubRuns(REPOSITORY, sha("h2"))] = Found(CiFacts(checks))


HEAD = {"event": "pull_request"}


@pytest.mark.parametrize(
    ("same_tree", "checks", "expected"),
    [
        (True, (check("test", -99, -95, **HEAD),), ("green", "same-tree", "")),
        (True, (check("test", -99, -95, "failure", **HEAD),), ("red", "same-tree", "")),
        (True, (), ("no-run", "", "")),
        (False, (check("test", -99, -95, **HEAD),), ("no-run", "", "tested-before-merge")),
        (False, (check("test", -99, -95, "failure", **HEAD),), ("no-run", "", "")),
        (False, (check("test", 1, 2, **HEAD),), ("no-run", "", "")),
    ],
    ids=["passed", "failed", "nothing", "passed elsewhere", "failed elsewhere", "only afterwards"],
)
@pytest.mark.parametrize("own", [(), (check("test", -9, -9, "skipped"),)], ids=["none", "skipped"])
def test_what_ran_before_the_merge(
    own: tuple[CheckFacts, ...],
    same_tree: bool,
    checks: tuple[CheckFacts, ...],
    expected: tuple[str, str, str],
) -> None:
    scene = scene_of(*own)
    _merged(scene, *checks, same_tree=same_tree)
    ci = ci_of(scene)
    if own and not expected[1]:
        expected = ("no-verdict", "", "")
    assert (ci.at_deploy, ci.via, ci.reason) == expected


@pytest.mark.parametrize(
    ("merge", "commits", "expected"),
    [
        ("c", ("h1", "h2"), sha("h2")),
        ("other", ("h1", "c"), sha("c")),
        ("other", ("c", "h2"), ""),
        ("other", (), ""),
        ("", ("h1", "c"), ""),
    ],
    ids=["merged as it", "its last commit", "in its middle", "no commits known", "not merged"],
)
def test_which_head_was_merged(merge: str, commits: tuple[str, ...], expected: str) -> None:
    scene = scene_of()
    _merged(scene, same_tree=True)
    pull = pull_facts(7, merge, commits=tuple(map(sha, commits)))
    scene.commit("c", pulls=(replace(pull, commits=()),))
    scene.answers[GithubPull(REPOSITORY, 7)] = Found(pull)
    head = merged_head(Case(FactStore(scene.answers), scene.scope), REPOSITORY, sha("c"))
    assert head.then(lambda known: Found(known.sha)).value_or("") == expected
    assert head.then(lambda known: Found(known.same_tree)).value_or(False) == (merge == "c")


def test_the_request_that_was_merged_as_the_commit_comes_first() -> None:
    scene = scene_of()
    _merged(scene, check("test", -99, -95, **HEAD), same_tree=True)
    other = pull_facts(6, "other", commits=(sha("h9"),))
    scene.answers[GithubPull(REPOSITORY, 6)] = Found(other)
    scene.commit("c", pulls=(other, pull_facts(7, "c")))
    assert ci_of(scene).via == "same-tree"


def test_a_head_of_the_same_tree_on_which_nothing_ran() -> None:
    scene = scene_of(check("scan", -9, -5, kind="check", app="acme", event=""))
    _merged(scene, same_tree=True)
    assert ci_of(scene).reason.startswith("only scan ran")
