"""Every verdict of the table: attempts in minutes around the deploy, and what is said of them."""

import pytest

from tests.verdicts.ci.ci_scene import DEPLOY, DONE, at, check, ci_of, scene_of, status
from whatsrunning.facts.github import CheckFacts
from whatsrunning.verdicts.ci.table import by_gate, judge

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
