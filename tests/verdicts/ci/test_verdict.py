"""CI at deploy where the table alone does not tell: age, deploys, what could not be asked."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

from tests.facts import NOW, REPOSITORY, commit_facts, lost, sha
from tests.verdicts.ci.ci_scene import DONE, at, check, ci_of, scene_of, status, verdict_of
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.records import DeploymentFacts


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


def test_why_nothing_ran() -> None:
    others = ci_of(scene_of(check("scan", -9, -5, kind="check", app="acme", event="")))
    assert "scan" in others.reason
    old = scene_of()
    past = replace(commit_facts("c"), committed_at=NOW - timedelta(days=401))
    old.answers[ask.GitCommit(REPOSITORY, sha("c"))] = Found(past)
    assert ci_of(old).at_deploy == "unknown"
    past = replace(past, committed_at=NOW - timedelta(days=399))
    old.answers[ask.GitCommit(REPOSITORY, sha("c"))] = Found(past)
    assert ci_of(old).at_deploy == "no-run"


def test_none_is_not_unknown() -> None:
    scene = scene_of(DONE)
    runs = ask.GithubRuns(REPOSITORY, sha("c"))
    unknown = lost(runs)
    for part in ("repository", "revision", "deployed_at"):
        for answer in (unknown, Nothing()):
            given: dict[str, Any] = {part: answer}
            assert verdict_of(scene, **given) == answer
    scene.answers[runs] = unknown
    assert verdict_of(scene) == unknown
    scene.answers[runs] = Nothing()
    assert verdict_of(scene) == Nothing()
    scene.scope = replace(scene.scope, github_token=False)
    scene.answers.asked.clear()
    refused = verdict_of(scene)
    assert isinstance(refused, Unknown)
    assert refused.problem.code == "no-token"
    assert {query.source for query in scene.answers.asked} == {"engine"}
