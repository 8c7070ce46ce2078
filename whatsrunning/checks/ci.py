"""Checks of CI at deploy."""

from collections.abc import Iterator

from whatsrunning.checks.check import CheckInput, Hit, hit, listed, revision
from whatsrunning.facts.answers import Found
from whatsrunning.report.container import FAILED_CONCLUSIONS, Ci, CiVerdict, Container
from whatsrunning.text import one_line

_FINE = ("tested-before-merge", "path-filtered")


def ci_red(looked: CheckInput) -> Iterator[Hit]:
    """CI had failed already."""
    for one, ci in _judged(looked, "red"):
        yield hit(one, f"was deployed at {revision(one)} although CI had failed{_gates(ci)}")


def raced_then_red(looked: CheckInput) -> Iterator[Hit]:
    """CI was still running, and failed."""
    for one, ci in _judged(looked, "raced", "pending"):
        if ci.outcome == "failure":
            yield hit(
                one, f"was deployed at {revision(one)} while CI ran, and CI failed{_gates(ci)}"
            )


def deployed_before_ci_finished(looked: CheckInput) -> Iterator[Hit]:
    """CI was still running."""
    for one, ci in _judged(looked, "raced", "pending"):
        if ci.outcome == "failure":
            continue
        if ci.at_deploy == "pending":
            end = "which has not finished yet"
        else:
            end = "which passed" if ci.outcome == "success" else f"which ended {ci.outcome}"
        yield hit(one, f"was deployed at {revision(one)} before CI finished, {end}")


def no_ci_run(looked: CheckInput) -> Iterator[Hit]:
    """Nothing tested the commit."""
    for one, ci in _judged(looked, "no-run"):
        if ci.reason not in _FINE:
            why = f" ({one_line(ci.reason, 160)})" if ci.reason else ""
            yield hit(one, f"runs {revision(one)}, on which CI did not run{why}")


def _judged(looked: CheckInput, *verdicts: CiVerdict) -> Iterator[tuple[Container, Ci]]:
    for one in looked.serving:
        if isinstance(one.ci, Found) and one.ci.value.at_deploy in verdicts:
            yield one, one.ci.value


def _gates(ci: Ci) -> str:
    failed = [gate.name for gate in ci.gates if gate.conclusion in FAILED_CONCLUSIONS]
    return f" ({listed(failed)})" if failed else ""
