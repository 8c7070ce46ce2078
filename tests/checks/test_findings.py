"""All checks together: their order, their words, and what they make of unknowns."""

import re
from dataclasses import replace
from typing import Any

import pytest

from tests.checks import test_ci, test_history, test_image, test_runtime
from tests.checks.cases import WEB, found, image, proof
from tests.reports.parts import PROD, container
from whatsrunning.facts.answers import Problem, Unknown
from whatsrunning.report.container import Container, Proof

FINDS = {**test_runtime.FINDS, **test_image.FINDS, **test_ci.FINDS, **test_history.FINDS}
MISSES = {**test_runtime.MISSES, **test_image.MISSES, **test_ci.MISSES, **test_history.MISSES}


def test_every_code_with_a_case_has_a_near_miss() -> None:
    assert FINDS.keys() == MISSES.keys()
    assert all(FINDS.values())
    assert all(MISSES.values())


def test_a_healthy_fleet_has_none() -> None:
    others = replace(container("db", "db"), managed=False, health="unhealthy")
    assert found(WEB, others, engines=(PROD,)) == ()


def test_worst_first_and_stable() -> None:
    sick = replace(WEB, name="b", id="b", health="unhealthy")
    both = replace(sick, name="a", id="a", proof=Proof("denied"))
    ordered = found(image(gone=True), sick, both, proof("differs"))
    assert [(finding.severity, finding.code, finding.container) for finding in ordered] == [
        ("critical", "unhealthy", "b"), ("critical", "unhealthy", "a"),
        ("critical", "built-outside-ci", "a"), ("warning", "differs", "web-1"),
        ("info", "local-image-gone", "web-1"),
    ]  # fmt: skip


@pytest.mark.parametrize("code", FINDS)
def test_messages_are_short_and_plain(code: str) -> None:
    """SHAs at 12 characters, one sentence, and nothing from outside that can do harm."""
    hostile = "web\x1b[31m\n<!channel> " + "x" * 200
    fleet: list[Container] = [web for case in FINDS[code].values() for web in case]
    messages = [hit.message for web in fleet for hit in found(replace(web, name=hostile))]
    assert messages or code == "split-revisions"
    for message in messages:
        assert len(message) < 320
        assert "\n" not in message
        assert "\x1b" not in message
        assert not re.search(r"[0-9a-f]{13}", message), message
        assert not message.endswith(".")


@pytest.mark.parametrize("verdict", ["differs", "unknown"])
def test_checks_do_not_raise_on_unknowns(verdict: Any) -> None:
    problem = Unknown(Problem("registry", "x", "timeout", "x did not answer"))
    blank = replace(
        WEB, deployed_at=problem, repository=problem, claims=(), revision=problem,
        proof=Proof(verdict), commit=problem, pull_requests=problem, ci=problem, built=problem,
        previous=problem,
    )  # fmt: skip
    codes = {finding.code for finding in found(blank, replace(blank, state="exited", id="2"))}
    assert codes == ({"differs"} if verdict == "differs" else set())
