"""CI at deploy: every verdict of the table, the clocks, and what may not be told apart."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.facts import NOW, REPOSITORY, Scene, commit_facts, engine_facts, lost, pull_facts, sha
from whatsrunning.model import questions as ask
from whatsrunning.model.answers import Answer, Found, Nothing, Unknown
from whatsrunning.model.facts import (
    CheckFacts,
    CiFacts,
    DeploymentFacts,
    ForgeCommitFacts,
    LookFacts,
)
from whatsrunning.model.report import Ci, DeployedAt, Revision
from whatsrunning.model.scope import RepoRule, ServiceRule
from whatsrunning.questions import Facts
from whatsrunning.reconcile.ci import verdict

T = NOW - timedelta(hours=1)


def _at(minutes: float) -> datetime:
    """Minutes after the deploy."""
    return T + timedelta(minutes=minutes)


def check(
    name: str, began: float, ended: float | None, conclusion: str = "success", **more: Any
) -> CheckFacts:
    """An attempt at a gate, times in minutes after the deploy; a job of a push unless told else."""
    known: dict[str, Any] = {
        "name": name, "kind": "job", "conclusion": conclusion if ended is not None else "",
        "created_at": _at(began), "finished_at": None if ended is None else _at(ended),
        "url": f"https://github.com/acme/shop/runs/{name}/{began}", "workflow": "CI",
        "workflow_path": ".github/workflows/ci.yml", "event": "push", "run_id": 1,
    }  # fmt: skip
    return CheckFacts(**(known | more))


def status(name: str, began: float, ended: float | None, state: str = "success") -> CheckFacts:
    """A commit status."""
    return check(name, began, ended, state, kind="status", workflow="", event="", run_id=0)


def _scene(*checks: CheckFacts, **more: Any) -> Scene:
    scene = Scene(repo_rules={REPOSITORY: RepoRule(deploy_workflows=("deploy.yml",))})
    scene.answers[ask.ForgeRuns(REPOSITORY, sha("c"))] = Found(CiFacts(checks, **more))
    scene.commit("c")
    return scene


def _verdict(scene: Scene, skew: float | None = 0.0, **more: Any) -> Answer[Ci]:
    known: dict[str, Any] = {
        "service": "web", "repository": Found(REPOSITORY), "engine": "prod", "skew_s": skew,
        "revision": Found(Revision(sha("c"), "image-label")),
        "deployed": Found(DeployedAt(T, "created")),
    }  # fmt: skip
    return verdict(Facts(scene.answers), scene.scope, **(known | more))


def _ci(scene: Scene, skew: float | None = 0.0) -> Ci:
    answer = _verdict(scene, skew)
    assert isinstance(answer, Found), answer
    return answer.value


DONE = check("test", -9, -5)
DEPLOY = check("ship", -4, 3, workflow="Deploy", workflow_path=".github/workflows/deploy.yml")

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
    ci = _ci(_scene(*checks))
    assert (ci.at_deploy, ci.outcome) == (at_deploy, outcome)


def test_gates_are_told_with_their_ends() -> None:
    ci = _ci(_scene(DONE, check("e2e", -5, 5, "failure"), DEPLOY))
    assert [(gate.name, gate.conclusion) for gate in ci.gates] == [
        ("e2e", "failure"), ("test", "success"),
    ]  # fmt: skip
    assert ci.finished_at == _at(5)
    twins = _ci(_scene(DONE, check("test", -9, -5, workflow="Nightly")))
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
    scene = _scene(
        DONE, check("lint", -9, -6, "failure"), check("matrix (3.11)", -9, -6, workflow="M"),
        check("night", -9, -5, "failure", event="schedule", workflow="N"),
        check("scan", -9, 5, kind="check", app="acme", event="", workflow=""),
    )  # fmt: skip
    rules = {REPOSITORY: RepoRule(gates=("lint",))}
    scene.scope = replace(
        scene.scope, repo_rules=rules, service_rules={"web": ServiceRule(gates=gates)}
    )
    ci = _ci(scene)
    assert ci.at_deploy == at_deploy
    assert ci.reason.startswith(reason)
    scene.scope = replace(scene.scope, service_rules={})
    assert _ci(scene).at_deploy == "red"
    assert ask.ForgeRequired(REPOSITORY) not in scene.answers.asked


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
    scene = _scene(DONE, check("lint", -9, -6, "failure"), check("scan", -9, -5, kind="check"))
    scene.answers[ask.ForgeRequired(REPOSITORY)] = Found(required)
    ci = _ci(scene)
    assert (ci.at_deploy, ci.reason) == (at_deploy, reason)


def test_required_checks_that_may_not_be_read() -> None:
    scene = _scene(DONE)
    question = ask.ForgeRequired(REPOSITORY)
    scene.answers[question] = lost(question, "forbidden")
    assert _ci(scene).at_deploy == "green"


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
    scene = _scene(check("test", -9, 0))
    asked = NOW - timedelta(seconds=took)
    scene.answers[ask.EngineInfo("prod")] = Found(engine_facts(asked_at=asked))
    ci = _ci(scene, skew)
    assert ci.at_deploy == at_deploy
    assert bool(ci.reason) is (at_deploy == "unknown")


def test_tests_and_deploy_that_cannot_be_told_apart() -> None:
    """Nothing names the deploy: whatever ran through it may be the deploy itself."""
    build = check("build-and-ship", -5, 5, "failure")
    scene = _scene(DONE, build)
    scene.scope = replace(scene.scope, repo_rules={})
    ci = _ci(scene)
    assert (ci.at_deploy, ci.outcome) == ("unknown", "")
    assert "deploy_workflows" in ci.reason
    record = DeploymentFacts(1, sha("c"), "prod", _at(-1), "failure", build.url)
    scene.answers[ask.ForgeDeployments(REPOSITORY)] = Found((record,))
    assert _ci(scene).at_deploy == "green"
    scene.answers[ask.ForgeDeployments(REPOSITORY)] = lost(ask.ForgeDeployments(REPOSITORY))
    assert isinstance(_verdict(scene), Unknown)
    finished = _scene(DONE, status("ci/x", -5, 5))
    finished.scope = replace(finished.scope, repo_rules={})
    assert _ci(finished).at_deploy == "raced"


def _merged(scene: Scene, *checks: CheckFacts, same_tree: bool) -> None:
    """The commit came by a pull request whose head has the checks."""
    pull = pull_facts(7, "c", commits=(sha("h1"), sha("h2")))
    scene.commit("c", pulls=(replace(pull, commits=()),))
    scene.answers[ask.ForgePull(REPOSITORY, 7)] = Found(pull)
    tree = commit_facts("c").tree if same_tree else "another"
    head = ForgeCommitFacts(replace(commit_facts("h2"), tree=tree), "", ())
    scene.answers[ask.ForgeCommit(REPOSITORY, sha("h2"))] = Found(head)
    scene.answers[ask.ForgeRuns(REPOSITORY, sha("h2"))] = Found(CiFacts(checks))


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
)
@pytest.mark.parametrize("own", [(), (check("test", -9, -9, "skipped"),)], ids=["none", "skipped"])
def test_what_ran_before_the_merge(
    own: tuple[CheckFacts, ...],
    same_tree: bool,
    checks: tuple[CheckFacts, ...],
    expected: tuple[str, str, str],
) -> None:
    scene = _scene(*own)
    _merged(scene, *checks, same_tree=same_tree)
    ci = _ci(scene)
    if own and not expected[1]:
        expected = ("no-verdict", "", "")
    assert (ci.at_deploy, ci.via, ci.reason) == expected


def test_a_tree_that_the_source_found() -> None:
    ci = _ci(_scene(same_tree={sha("h2"): (check("test", -99, -95, **HEAD),)}))
    assert (ci.at_deploy, ci.via) == ("green", "same-tree")


def test_why_nothing_ran() -> None:
    assert _ci(_scene(path_filtered=True)).reason == "path-filtered"
    others = _ci(_scene(check("scan", -9, -5, kind="check", app="acme", event="")))
    assert "scan" in others.reason
    old = _scene()
    past = replace(commit_facts("c"), committed_at=NOW - timedelta(days=401))
    old.answers[ask.LocalCommit(REPOSITORY, sha("c"))] = Found(past)
    assert _ci(old).at_deploy == "unknown"
    past = replace(past, committed_at=NOW - timedelta(days=399))
    old.answers[ask.LocalCommit(REPOSITORY, sha("c"))] = Found(past)
    assert _ci(old).at_deploy == "no-run"


def test_creating_it_again_never_improves_a_verdict() -> None:
    """Earlier looks saw the same revision begin while CI ran, with nothing else in between."""
    scene = _scene(check("test", -20, -10))
    assert _ci(scene).at_deploy == "green"
    seen = LookFacts(_at(-5), "ID-prod", "web", "web-1", sha("c"), "sha256:1", _at(-15))
    scene.answers[ask.Earlier("ID-prod")] = Found((seen,))
    ci = _ci(scene)
    assert (ci.at_deploy, ci.outcome) == ("raced", "success")
    assert "first deployed" in ci.reason
    between = replace(seen, at=_at(-3), deployed_at=_at(-4), sha=sha("other"))
    scene.answers[ask.Earlier("ID-prod")] = Found((seen, between))
    assert _ci(scene).at_deploy == "green"
    scene.answers[ask.Earlier("ID-prod")] = Found((replace(seen, service="api"),))
    assert _ci(scene).at_deploy == "green"


def test_none_is_not_unknown() -> None:
    scene = _scene(DONE)
    runs = ask.ForgeRuns(REPOSITORY, sha("c"))
    unknown = lost(runs)
    for part in ("repository", "revision", "deployed"):
        for answer in (unknown, Nothing()):
            given: dict[str, Any] = {part: answer}
            assert _verdict(scene, **given) == answer
    scene.answers[runs] = unknown
    assert _verdict(scene) == unknown
    scene.answers[runs] = Nothing()
    assert _verdict(scene) == Nothing()
    scene.scope = replace(scene.scope, forge_token=False)
    scene.answers.asked.clear()
    refused = _verdict(scene)
    assert isinstance(refused, Unknown)
    assert refused.problem.code == "no-token"
    assert not scene.answers.asked
