"""The table of verdicts, required checks, a tree tested elsewhere, a revision deployed again."""

from dataclasses import replace

import pytest

from tests.scene import REPOSITORY, lost, sha
from tests.verdicts.ci.ci_scene import DEPLOY, DONE, at, check, ci_of, scene_of, status
from whatsrunning.facts.answers import Found
from whatsrunning.facts.github import CheckFacts, GithubRequired
from whatsrunning.facts.journal import JournalEntry, JournalLooks
from whatsrunning.facts.scope import RepoRule
from whatsrunning.verdicts.ci.at_deploy import by_gate, judge

# Attempts in minutes around the deploy, and what is said of them.
TABLE: dict[str, tuple[tuple[CheckFacts, ...], str, str]] = {
    "all passed": ((DONE, check("lint", -9, -6)), "green", "success"),
    "one did not have to run": ((DONE, check("e2e", -9, -9, "skipped")), "green", "success"),
    "one failed": ((DONE, check("lint", -9, -6, "failure")), "red", "failure"),
    "timed out is failed": ((check("test", -9, -5, "timed_out"),), "red", "failure"),
    "red by then, while another ran": (
        (check("lint", -9, -6, "failure"), check("test", -9, 4)), "red", "failure"),
    "unfinished, passed since": ((check("test", -5, 5),), "raced", "success"),
    "unfinished, failed since": ((DONE, check("e2e", -5, 5, "failure")), "raced", "failure"),
    "unfinished, cancelled since": ((DONE, check("e2e", -5, 5, "cancelled")), "raced", "cancelled"),
    "still unfinished": ((DONE, check("e2e", -5, None)), "pending", ""),
    "still unfinished, another failed": (
        (check("lint", -5, 5, "failure"), check("e2e", -5, None)), "pending", "failure"),
    "began only afterwards, failed": ((check("test", 2, 5, "failure"),), "raced", "failure"),
    "run again before: the later attempt counts": (
        (check("test", -9, -8, "failure"), check("test", -7, -5, attempt=2)), "green", "success"),
    "run again afterwards: the first attempt counts": (
        (check("test", -9, -8, "failure"), check("test", 7, 9, attempt=2)), "red", "failure"),
    "only skipped": ((check("test", -9, -9, "skipped"),), "no-verdict", "skipped"),
    "cancelled": ((DONE, check("e2e", -9, -6, "cancelled")), "no-verdict", "cancelled"),
    "nothing": ((), "no-run", ""),
    "a merge queue's run": ((check("test", -9, -5, event="merge_group"),), "green", "success"),
    "a status beside the jobs": ((DONE, status("ci/x", -9, -5, "error")), "red", "failure"),
    "a status still pending": ((DONE, status("ci/x", -9, 5)), "raced", "success"),
    "the deploy's own job": ((DONE, DEPLOY), "green", "success"),
    "a deployment record's job": (
        (DONE, check("prod", -4, 4, deployment=True)), "green", "success"),
    "nightly": ((DONE, check("night", -9, -5, "failure", event="schedule")), "green", "success"),
    "dispatched": ((check("test", -9, -5, event="workflow_dispatch"),), "no-run", ""),
    "after CI": ((DONE, check("d", -9, 5, event="workflow_run")), "green", "success"),
    "third party": ((check("scan", -9, -5, kind="check", app="acme"),), "no-run", ""),
    "a pull request's": ((check("test", -9, -5, "failure", event="pull_request"),), "no-run", ""),
}  # fmt: skip


@pytest.mark.parametrize("case", TABLE)
def test_the_table(case: str) -> None:
    checks, at_deploy, outcome = TABLE[case]
    ci = ci_of(scene_of(*checks))
    assert (ci.at_deploy, ci.outcome) == (at_deploy, outcome)


@pytest.mark.parametrize(
    ("began", "ended", "at_deploy"),
    [(0, 0, "green"), (-1, 0, "green"), (-1, 0.1, "raced"), (0.1, 0.2, "raced")],
    ids=["all at once", "ends with it", "ends after it", "begins after it"],
)
def test_the_instant_itself(began: float, ended: float, at_deploy: str) -> None:
    ci = judge(by_gate([check("test", began, ended)]), at(0))
    assert ci.at_deploy == at_deploy
    assert ci.reason == ("CI began only after the deploy" if began > 0 else "")


def test_attempts_are_told_apart_by_their_time_before_their_number() -> None:
    later = check("test", -5, -4, "failure", attempt=1)
    gates = by_gate([check("test", -9, -8, attempt=2), later])
    assert judge(gates, at(0)).at_deploy == "red"
    assert judge(gates, at(-6)).at_deploy == "green"
    assert judge(gates, at(-5)).at_deploy == "raced"


def test_gates_are_told_with_their_ends() -> None:
    ci = ci_of(scene_of(DONE, check("e2e", -5, 5, "failure"), DEPLOY))
    assert [(gate.name, gate.conclusion) for gate in ci.gates] == [
        ("e2e", "failure"), ("test", "success"),
    ]  # fmt: skip
    assert ci.finished_at == at(5)
    twins = ci_of(scene_of(DONE, check("test", -9, -5, workflow="Nightly")))
    assert [gate.name for gate in twins.gates] == ["CI / test", "Nightly / test"]


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
