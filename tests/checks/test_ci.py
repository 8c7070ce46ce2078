"""Checks of CI at deploy."""

from tests.checks.cases import Cases, but, check_found, check_missed, ci, each
from whatsrunning.facts.answers import Nothing
from whatsrunning.report.container import Container

FINDS: Cases = {
    "ci-red": {"a gate had failed": [ci("red", "failure", gate="failure")]},
    "raced-then-red": {
        "it failed afterwards": [ci("raced", "failure", gate="failure")],
        "others still run": [ci("pending", "failure")],
    },
    "deployed-before-ci-finished": {
        "it passed afterwards": [ci("raced", "success")],
        "it still runs": [ci("pending")],
    },
    "no-ci-run": {
        "nothing ran": [ci("no-run")],
        "a gate did not run": [ci("no-run", reason="no run of e2e")],
    },
}
MISSES: Cases = {
    "ci-red": {
        "it failed later": [ci("raced", "failure")],
        "nobody could look": [ci("unknown")],
        "there is no CI": [but(ci=Nothing())],
    },
    "raced-then-red": {
        "it was cancelled": [ci("raced", "cancelled")],
        "it had failed before": [ci("red", "failure")],
    },
    "deployed-before-ci-finished": {
        "it had passed": [ci("green", "success")],
        "it failed afterwards": [ci("raced", "failure")],
    },
    "no-ci-run": {
        "the head before the merge was tested": [ci("no-run", reason="tested-before-merge")],
        "its paths start no run": [ci("no-run", reason="path-filtered")],
        "all was skipped": [ci("no-verdict")],
        "nobody could look": [ci("unknown")],
    },
}


@each(FINDS)
def test_found(code: str, containers: list[Container]) -> None:
    check_found(code, containers)


@each(MISSES)
def test_near_misses(code: str, containers: list[Container]) -> None:
    check_missed(code, containers)
