"""Scenes for CI at deploy: attempts in minutes around the deploy, and the verdict on them."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

from tests.reports.parts import container
from tests.scene import NOW, REPOSITORY, Scene, sha
from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.engine import EngineInfo
from whatsrunning.facts.github import CheckFacts, CiFacts, GithubRuns
from whatsrunning.facts.scope import RepoRule
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.container import Ci, DeployedAt, Revision
from whatsrunning.verdicts.ci.verdict import ci_at_deploy

T = NOW - timedelta(hours=1)


def at(minutes: float) -> datetime:
    """Minutes after the deploy."""
    return T + timedelta(minutes=minutes)


def check(
    name: str, began: float, ended: float | None, conclusion: str = "success", **more: Any
) -> CheckFacts:
    """An attempt at a gate, times in minutes after the deploy; a job of a push unless told else."""
    known: dict[str, Any] = {
        "name": name, "kind": "job", "conclusion": conclusion if ended is not None else "",
        "created_at": at(began), "finished_at": None if ended is None else at(ended),
        "url": f"https://github.com/acme/shop/runs/{name}/{began}", "workflow": "CI",
        "workflow_path": ".github/workflows/ci.yml", "event": "push", "run_id": 1,
    }  # fmt: skip
    return CheckFacts(**(known | more))


def status(name: str, began: float, ended: float | None, state: str = "success") -> CheckFacts:
    """A commit status."""
    return check(name, began, ended, state, kind="status", workflow="", event="", run_id=0)


def scene_of(*checks: CheckFacts, **more: Any) -> Scene:
    """A commit on which these ran; the deploy's workflow is configured."""
    scene = Scene(repo_rules={REPOSITORY: RepoRule(deploy_workflows=("deploy.yml",))})
    scene.answers[GithubRuns(REPOSITORY, sha("c"))] = Found(CiFacts(checks, **more))
    scene.commit("c")
    return scene


def verdict_of(scene: Scene, skew: float | None = 0.0, **more: Any) -> Answer[Ci]:
    """The verdict on a container that runs the commit since T; `skew` is engine minus us."""
    info = scene.answers[EngineInfo("prod")].value
    middle = info.asked_at + (info.answered_at - info.asked_at) / 2
    clock = None if skew is None else middle + timedelta(seconds=skew)
    scene.answers[EngineInfo("prod")] = Found(replace(info, system_time=clock))
    known: dict[str, Any] = {
        "repository": Found(REPOSITORY), "revision": Found(Revision(sha("c"), "image-label")),
        "deployed_at": Found(DeployedAt(T, "created")),
    }  # fmt: skip
    case = Case(FactStore(scene.answers), scene.scope)
    return ci_at_deploy(case, replace(container("web", "web"), **(known | more)))


def ci_of(scene: Scene, skew: float | None = 0.0) -> Ci:
    """The verdict, which must have been found."""
    answer = verdict_of(scene, skew)
    assert isinstance(answer, Found), answer
    return answer.value


DONE = check("test", -9, -5)
DEPLOY = check("ship", -4, 3, workflow="Deploy", workflow_path=".github/workflows/deploy.yml")
