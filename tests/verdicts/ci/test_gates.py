"""Which of everything that ran decides, where configuration names the gates."""

from dataclasses import replace

import pytest

from tests.scene import REPOSITORY
from tests.verdicts.ci.ci_scene import DONE, check, ci_of, scene_of, status
from whatsrunning.facts.github import GithubRequired
from whatsrunning.facts.scope import RepoRule, ServiceRule
from whatsrunning.verdicts.ci.gates import Rules


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
    ids=[
        "a job",
        "a workflow's job",
        "a workflow",
        "one by schedule",
        "one of a third party",
        "a matrix",
        "one that is absent",
        "an unfinished one and an absent one",
        "none that ran",
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
    assert GithubRequired(REPOSITORY) not in scene.answers.asked


def test_what_is_left_out_unless_configured() -> None:
    """Of statuses and of what a push started nothing is left out."""
    checks = [
        DONE, status("ci/x", -9, -5), check("night", -9, -5, event="schedule"),
        check("scan", -9, -5, kind="check", event=""), check("ship", -9, -5, deployment=True),
    ]  # fmt: skip
    assert Rules().left_out(checks) == ["night", "scan"]
