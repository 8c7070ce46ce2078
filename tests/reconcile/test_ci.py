"""CI at deploy: every verdict of the table, the gates, the clocks, and what is not told apart."""

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.facts import NOW, REPOSITORY, engine_facts, lost, sha
from tests.reconcile.ci_scene import DEPLOY, DONE, at, check, ci_of, scene_of, status, verdict_of
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Unknown
from whatsrunning.facts.records import CheckFacts, DeploymentFacts
from whatsrunning.facts.scope import RepoRule, ServiceRule

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


def test_gates_are_told_with_their_ends() -> None:
    ci = ci_of(scene_of(DONE, check("e2e", -5, 5, "failure"), DEPLOY))
    assert [(gate.name, gate.conclusion) for gate in ci.gates] == [
        ("e2e", "failure"), ("test", "success"),
    ]  # fmt: skip
    assert ci.finished_at == at(5)
    twins = ci_of(scene_of(DONE, check("test", -9, -5, workflow="Nightly")))
    assert [gate.name for gate in twins.gates] == ["CI / test", "Nightly / test"]


@pytest.mark.parametrize(
    ("gates", "at_deploy", "reason"),
    [
        (("test",), "green", ""),
        (("CI / test",), "green", ""),
        (("CI",), "red", ""),
        (("night",), "red", ""),
        (("scan",), "raced", ""),
        (("matrix",), "green", ""),
        (("test", "absent"), "no-run", "no run of absent"),
        (("scan", "absent"), "raced", ""),
        (("absent",), "no-run", ""),
    ],
)
def test_configured_gates(gates: tuple[str, ...], at_deploy: str, reason: str) -> None:
    """They decide alone, whatever started them; the service's come before the repository's."""
    scene = scene_of(
        DONE, check("lint", -9, -6, "failure"), check("matrix (3.11)", -9, -6, workflow="M"),
        check("night", -9, -5, "failure", event="schedule", workflow="N"),
        check("scan", -9, 5, kind="check", app="acme", event="", workflow=""),
    )  # fmt: skip
    rules = {REPOSITORY: RepoRule(gates=("lint",))}
    scene.scope = replace(
        scene.scope, repo_rules=rules, service_rules={"web": ServiceRule(gates=gates)}
    )
    ci = ci_of(scene)
    assert ci.at_deploy == at_deploy
    assert ci.reason.startswith(reason)
    scene.scope = replace(scene.scope, service_rules={})
    assert ci_of(scene).at_deploy == "red"
    assert ask.GithubRequired(REPOSITORY) not in scene.answers.asked


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
)
def test_required_checks(required: tuple[str, ...], at_deploy: str, reason: str) -> None:
    """As of today; where none of them runs after the merge, a red push must still be seen."""
    scene = scene_of(DONE, check("lint", -9, -6, "failure"), check("scan", -9, -5, kind="check"))
    scene.answers[ask.GithubRequired(REPOSITORY)] = Found(required)
    ci = ci_of(scene)
    assert (ci.at_deploy, ci.reason) == (at_deploy, reason)


def test_required_checks_that_may_not_be_read() -> None:
    scene = scene_of(DONE)
    question = ask.GithubRequired(REPOSITORY)
    scene.answers[question] = lost(question, "forbidden")
    assert ci_of(scene).at_deploy == "green"


# The last gate ended at T by our clock. The engine's clock may be off, and the request took 4 s.
@pytest.mark.parametrize(
    ("skew", "took", "at_deploy"),
    [
        (-30.0, 0.0, "green"),  # the engine's clock is late: it was deployed after CI had ended
        (30.0, 0.0, "raced"),
        (-4.0, 4.0, "green"),
        (4.0, 4.0, "raced"),
        (-2.0, 4.0, "unknown"),
        (2.0, 4.0, "unknown"),
        (0.0, 0.0, "unknown"),
        (None, 0.0, "unknown"),
    ],
)
def test_clocks(skew: float | None, took: float, at_deploy: str) -> None:
    scene = scene_of(check("test", -9, 0))
    asked = NOW - timedelta(seconds=took)
    scene.answers[ask.EngineInfo("prod")] = Found(engine_facts(asked_at=asked))
    ci = ci_of(scene, skew)
    assert ci.at_deploy == at_deploy
    assert bool(ci.reason) is (at_deploy == "unknown")


def test_tests_and_deploy_that_cannot_be_told_apart() -> None:
    """Nothing names the deploy: whatever ran through it may be the deploy itself."""
    build = check("build-and-ship", -5, 5, "failure")
    scene = scene_of(DONE, build)
    scene.scope = replace(scene.scope, repo_rules={})
    ci = ci_of(scene)
    assert (ci.at_deploy, ci.outcome) == ("unknown", "")
    assert "deploy_workflows" in ci.reason
    record = DeploymentFacts(1, sha("c"), "prod", at(-1), "failure", build.url)
    scene.answers[ask.GithubDeployments(REPOSITORY)] = Found((record,))
    assert ci_of(scene).at_deploy == "green"
    scene.answers[ask.GithubDeployments(REPOSITORY)] = lost(ask.GithubDeployments(REPOSITORY))
    assert isinstance(verdict_of(scene), Unknown)
    finished = scene_of(DONE, status("ci/x", -5, 5))
    finished.scope = replace(finished.scope, repo_rules={})
    assert ci_of(finished).at_deploy == "raced"
