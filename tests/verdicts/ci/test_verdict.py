"""CI at deploy where the table alone does not tell: age, deploys, what could not be asked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.scene import NOW, REPOSITORY, Scene, commit_facts, lost, sha
from tests.verdicts.ci.ci_scene import DONE, at, check, ci_of, scene_of, status, verdict_of
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.git import GitCommit
from whatsrunning.facts.github import CheckFacts, DeploymentFacts, GithubDeployments, GithubRuns
from whatsrunning.report.container import DeployedAt

DEPLOYMENTS = GithubDeployments(REPOSITORY)
RUNS = GithubRuns(REPOSITORY, sha("c"))
BUILD = check("build-and-ship", -5, 5, "failure")


def _unnamed(*checks: CheckFacts) -> Scene:
    """Nothing names the deploy: whatever ran through it may be the deploy itself."""
    scene = scene_of(*checks)
    scene.scope = replace(scene.scope, repo_rules={})
    return scene


def test_tests_and_deploy_that_cannot_be_told_apart() -> None:
    ci = ci_of(_unnamed(DONE, BUILD))
    assert (ci.at_deploy, ci.outcome) == ("unknown", "")
    assert "deploy_workflows" in ci.reason


@pytest.mark.parametrize(
    ("word", "url", "at_deploy"),
    [("c", BUILD.url, "green"), ("other", BUILD.url, "unknown"), ("c", "", "unknown")],
    ids=["of this commit", "of another", "without an address"],
)
def test_a_deployment_record_tells_them_apart(word: str, url: str, at_deploy: str) -> None:
    scene = _unnamed(DONE, replace(BUILD, url=BUILD.url if url else ""))
    record = DeploymentFacts(1, sha(word), "prod", at(-1), "failure", url)
    scene.answers[DEPLOYMENTS] = Found((record,))
    assert ci_of(scene).at_deploy == at_deploy


def test_deployment_records_that_could_not_be_read() -> None:
    scene = _unnamed(DONE, BUILD)
    scene.answers[DEPLOYMENTS] = lost(DEPLOYMENTS)
    assert verdict_of(scene) == lost(DEPLOYMENTS)


def test_a_status_is_no_deploy() -> None:
    assert ci_of(_unnamed(DONE, status("ci/x", -5, 5))).at_deploy == "raced"


def test_what_ran_but_does_not_count_is_named() -> None:
    scans = [check(f"scan{n}", -9, -5, kind="check", app="acme", event="") for n in range(7)]
    ci = ci_of(scene_of(*scans, check("ship", -9, -5, event="schedule", deployment=True)))
    named = "scan0, scan1, scan2, scan3, scan4"
    assert ci.reason == f"only {named} ran, which configuration must name"


@pytest.mark.parametrize(
    ("written", "deployed", "at_deploy"),
    [(401, 1, "unknown"), (399, 1, "no-run"), (1, 401, "unknown"), (None, 401, "unknown")],
    ids=["an old commit", "nearly", "an old deploy", "an old deploy of who knows what"],
)
def test_what_github_no_longer_keeps(written: int | None, deployed: int, at_deploy: str) -> None:
    scene = scene_of()
    if written:
        commit = replace(commit_facts("c"), committed_at=NOW - timedelta(days=written))
        scene.answers[GitCommit(REPOSITORY, sha("c"))] = Found(commit)
    since: dict[str, Any] = {
        "deployed_at": Found(DeployedAt(NOW - timedelta(days=deployed), "created"))
    }
    ci = verdict_of(scene, **since)
    assert isinstance(ci, Found)
    assert ci.value.at_deploy == at_deploy


@pytest.mark.parametrize("part", ["repository", "revision", "deployed_at"])
@pytest.mark.parametrize("answer", [lost(RUNS), Nothing()], ids=["unknown", "none"])
def test_what_of_the_container_is_not_there(part: str, answer: Unknown | Nothing) -> None:
    given: dict[str, Any] = {part: answer}
    assert verdict_of(scene_of(DONE), **given) == answer


def test_unknown_comes_before_none() -> None:
    given: dict[str, Any] = {"repository": Nothing(), "deployed_at": lost(RUNS)}
    assert verdict_of(scene_of(DONE), **given) == lost(RUNS)


@pytest.mark.parametrize("answer", [lost(RUNS), Nothing()], ids=["unknown", "none"])
def test_runs_that_are_not_there(answer: Unknown | Nothing) -> None:
    scene = scene_of(DONE)
    scene.answers[RUNS] = answer
    assert verdict_of(scene) == answer


def test_without_a_token_only_the_engine_is_asked() -> None:
    scene = scene_of(DONE)
    scene.scope = replace(scene.scope, github_token=False)
    refused = verdict_of(scene)
    assert isinstance(refused, Unknown)
    assert refused.problem.code == "no-token"
    assert {query.source for query in scene.answers.asked} == {"engine"}
