"""Required checks as of today, a tree that was tested elsewhere, and a revision deployed again."""

from dataclasses import replace

import pytest

from tests.scene import REPOSITORY, lost, sha
from tests.verdicts.ci.ci_scene import DONE, at, check, ci_of, scene_of
from whatsrunning.facts.answers import Found
from whatsrunning.facts.github import CheckFacts, GithubRequired
from whatsrunning.facts.journal import JournalEntry, JournalLooks
from whatsrunning.facts.scope import RepoRule


@pytest.mark.parametrize(
    ("required", "at_deploy", "reason"),
    [
        (("test",), "green", "required checks as of today"),
        (("test", "title"), "green", "required checks as of today"),
        (("scan",), "green", "required checks as of today"),
        (("lint",), "red", "required checks as of today"),
        (("title",), "red", "no required check runs here"),
        ((), "red", ""),
    ],
    ids=["one", "one of two", "a check", "one that failed", "none that runs here", "none"],
)
def test_required_checks(required: tuple[str, ...], at_deploy: str, reason: str) -> None:
    """As of today; where none of them runs after the merge, a red push must still be seen."""
    scene = scene_of(DONE, check("lint", -9, -6, "failure"), check("scan", -9, -5, kind="check"))
    scene.answers[GithubRequired(REPOSITORY)] = Found(required)
    ci = ci_of(scene)
    assert (ci.at_deploy, ci.reason) == (at_deploy, reason)


def test_required_checks_that_may_not_be_read() -> None:
    scene = scene_of(DONE)
    query = GithubRequired(REPOSITORY)
    scene.answers[query] = lost(query, "forbidden")
    assert ci_of(scene).at_deploy == "green"


HEAD = {"event": "pull_request"}


def test_a_tree_that_the_source_found() -> None:
    ci = ci_of(scene_of(same_tree={sha("h2"): (check("test", -99, -95, **HEAD),)}))
    assert (ci.at_deploy, ci.via) == ("green", "same-tree")


SEEN = JournalEntry(at(-5), "ID-prod", "web", "web-1", sha("c"), "sha256:1", at(-15))
BETWEEN = replace(SEEN, at=at(-3), deployed_at=at(-4), sha=sha("other"))


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ([], ("green", "success", "")),
        ([SEEN], ("raced", "success", "first deployed at")),
        ([SEEN, BETWEEN], ("green", "success", "")),
        ([replace(SEEN, service="api")], ("green", "success", "")),
    ],
    ids=["never seen", "seen before", "another in between", "another service"],
)
def test_creating_it_again_never_improves_a_verdict(
    seen: list[JournalEntry], expected: tuple[str, str, str]
) -> None:
    """Earlier looks saw the same revision begin while CI ran."""
    scene = scene_of(check("test", -20, -10))
    scene.answers[JournalLooks("ID-prod")] = Found(tuple(seen))
    ci = ci_of(scene)
    assert (ci.at_deploy, ci.outcome, ci.reason[:17]) == expected


PULL = check("test", -99, -95, event="pull_request")
TREE = {sha("h2"): (PULL, check("e2e", -99, -95, "failure", event="pull_request"))}


@pytest.mark.parametrize(
    ("own", "expected"),
    [
        ((check("lint", -9, -5, "failure"),), ("red", "")),
        ((check("lint", -9, -5),), ("green", "")),
        ((check("test", -9, -9, "skipped"),), ("red", "same-tree")),
        ((), ("red", "same-tree")),
    ],
    ids=["failed here", "passed here", "skipped here", "not run here"],
)
def test_the_tree_decides_only_where_the_commit_does_not(
    own: tuple[CheckFacts, ...], expected: tuple[str, str]
) -> None:
    ci = ci_of(scene_of(*own, same_tree=TREE))
    assert (ci.at_deploy, ci.via) == expected


def test_what_was_cancelled_here_counts_as_it_ran_on_the_tree() -> None:
    own = (check("test", -9, -5, "cancelled"), check("e2e", -9, -5))
    ci = ci_of(scene_of(*own, same_tree=TREE))
    assert (ci.at_deploy, ci.via) == ("green", "same-tree")
    assert [(gate.name, gate.conclusion) for gate in ci.gates] == [
        ("e2e", "success"), ("test", "success"),
    ]  # fmt: skip


def test_configured_gates_that_ran_on_the_tree_are_not_missing() -> None:
    scene = scene_of(DONE, same_tree={sha("h2"): (check("e2e", -99, -95, event="pull_request"),)})
    scene.scope = replace(scene.scope, repo_rules={REPOSITORY: RepoRule(gates=("test", "e2e"))})
    ci = ci_of(scene)
    assert (ci.at_deploy, ci.via, ci.reason) == ("green", "same-tree", "")


def test_required_checks_that_ran_on_the_tree_alone() -> None:
    scene = scene_of(check("lint", -9, -6, "failure"), same_tree={sha("h2"): (PULL,)})
    scene.answers[GithubRequired(REPOSITORY)] = Found(("test",))
    ci = ci_of(scene)
    assert (ci.at_deploy, ci.reason) == ("green", "required checks as of today")
    nothing = scene_of()
    nothing.answers[GithubRequired(REPOSITORY)] = Found(("test",))
    assert (ci_of(nothing).at_deploy, ci_of(nothing).reason) == ("no-run", "")


@pytest.mark.parametrize(
    ("entry", "skew", "at_deploy"),
    [
        (replace(SEEN, at=at(1), deployed_at=at(-15)), 0.0, "green"),
        (replace(SEEN, deployed_at=at(-10.5)), 0.0, "raced"),
        (replace(SEEN, deployed_at=at(-10.5)), -60.0, "green"),
        (replace(SEEN, deployed_at=None, at=at(-15)), 0.0, "raced"),
    ],
    ids=["seen after it", "by the clock", "by a clock that is late", "as of the look"],
)
def test_which_earlier_look_counts(entry: JournalEntry, skew: float, at_deploy: str) -> None:
    scene = scene_of(check("test", -20, -10))
    scene.answers[JournalLooks("ID-prod")] = Found((entry,))
    assert ci_of(scene, skew).at_deploy == at_deploy
