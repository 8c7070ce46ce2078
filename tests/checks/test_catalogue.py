"""The table of checks: the codes that are promised, and next steps that exist."""

import re

import pytest

from tests import man
from tests.checks.test_findings import FINDS
from whatsrunning.checks.catalogue import CATALOGUE
from whatsrunning.checks.check import Check
from whatsrunning.cli.commands import program

# Retyped by hand, so that a change there is a decision.
PROMISED = {
    "critical": "contradicted-label built-outside-ci ci-red raced-then-red unhealthy "
    "crash-looping nothing-running",
    "warning": "deployed-before-ci-finished no-ci-run not-on-default-branch split-revisions "
    "reverted fix-waiting differs never-pushed dirty-build update-paused rolled-back "
    "replicas-missing re-creation",
    "info": "latest-moved label-only running-without-tag local-image-gone clock-skew "
    "stale-clone update-running",
}
SHOWN_ELSEWHERE = {  # by tests/end_to_end/test_compose.py, tests/verdicts and an engine's clock
    "update-paused", "rolled-back", "replicas-missing", "re-creation", "update-running",
    "clock-skew",
}  # fmt: skip


def test_the_codes_are_the_promised_ones() -> None:
    promised = {code: severity for severity, codes in PROMISED.items() for code in codes.split()}
    assert {check.code: check.severity for check in CATALOGUE} == promised
    assert len(CATALOGUE) == len(promised)


def test_every_code_has_a_case() -> None:
    assert FINDS.keys() | SHOWN_ELSEWHERE == {check.code for check in CATALOGUE}


@pytest.mark.parametrize("check", CATALOGUE, ids=lambda check: check.code)
def test_it_says_what_it_means_and_what_to_do(check: Check) -> None:
    assert check.meaning
    assert check.hint
    commands = {path.split()[1] for path, _ in man.leaves(program())}
    assert set(re.findall(r"whatsrunning ([a-z-]+)", check.hint)) <= commands
