"""Checks of CI at deploy."""

from collections.abc import Iterator

from whatsrunning.checks.check import CheckInput, Hit, hit, listed, revision
from whatsrunning.report.container import FAILED_CONCLUSIONS, Ci, CiVerdict, Container
from whatsrunning.text import one_line

_FINE = ("tested-before-merge", "path-filtered")


def ci_red(given: CheckInput) -> Iterator[Hit]:
    """CI had failed when it was deployed."""
    for container, ci in _judged(given, "red"):
        deployed = f"was deployed at {revision(container)}"
        yield hit(container, f"{deployed} although CI had failed{_gates(ci)}")


def raced_then_red(given: CheckInput) -> Iterator[Hit]:
    """CI was still running when it was deployed, and failed."""
    for container, ci in _judged(given, "raced", "pending"):
        if ci.outcome == "failure":
            deployed = f"was deployed at {revision(container)}"
            yield hit(container, f"{deployed} while CI ran, and CI failed{_gates(ci)}")


def deployed_before_ci_finished(given: CheckInput) -> Iterator[Hit]:
    """CI was still running when it was deployed, and has not failed."""
    for container, ci in _judged(given, "raced", "pending"):
        if ci.outcome != "failure":
            ended = "which passed" if ci.outcome == "success" else f"which ended {ci.outcome}"
            end = "which has not finished yet" if ci.at_deploy == "pending" else ended
            yield hit(container, f"was deployed at {revision(container)} before CI finished, {end}")


def no_ci_run(given: CheckInput) -> Iterator[Hit]:
    """Nothing tested the commit, and nothing says that this was as it should be."""
    for container, ci in _judged(given, "no-run"):
        if ci.reason not in _FINE:
            why = f" ({one_line(ci.reason, 160)})" if ci.reason else ""
            yield hit(container, f"runs {revision(container)}, on which CI did not run{why}")


def _judged(given: CheckInput, *verdicts: CiVerdict) -> Iterator[tuple[Container, Ci]]:
    for container in given.serving:
        ci: Ci | None = container.ci.value_or(None)
        if ci and ci.at_deploy in verdicts:
            yield container, ci


def _gates(ci: Ci) -> str:
    failed = [gate.name for gate in ci.gates if gate.conclusion in FAILED_CONCLUSIONS]
    return f" ({listed(failed)})" if failed else ""
