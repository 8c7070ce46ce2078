"""Exit codes, decided in one place: every row of `help exit-codes`."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from whatsrunning.app.exit_code import decide
from whatsrunning.errors import Exit
from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.report.commands import Has, Live
from whatsrunning.report.container import Engine, Finding, Severity
from whatsrunning.report.report import Report


def engine(status: Literal["ok", "unreachable"] = "ok") -> Engine:
    return Engine("id", "prod", "unix:///x", "host", "20.10", status, "-c prod")


def finding(severity: Severity) -> Finding:
    return Finding("code", severity, "prod", "web-1", "web", "message", "")


LIVE = Live("prod", "web", "web-1", "a" * 40, "same", "")
BACK = replace(LIVE, by="ancestor", reverted_by="b" * 40)
SEEN = Report("ps", datetime(2026, 2, 1, tzinfo=UTC), True, (engine(),), ())
LATE = Unknown(Problem("github", "acme/shop", "timeout", "late"))
NOWHERE = Has("412", Found(("a" * 40,)), (), (LIVE,), ())


@pytest.mark.parametrize(
    ("change", "check", "expected"),
    [
        ({}, False, Exit.OK),
        ({"complete": False}, False, Exit.OK),
        ({"findings": (finding("critical"),)}, False, Exit.OK),
        ({}, True, Exit.OK),
        ({"findings": (finding("info"),)}, True, Exit.OK),
        ({"findings": (finding("info"), finding("warning"))}, True, Exit.NO),
        ({"findings": (finding("critical"),), "complete": False}, True, Exit.NO),
        ({"complete": False}, True, Exit.UNVOUCHED),
        ({"engines": (engine(), engine("unreachable")), "complete": False}, False, Exit.OK),
        ({"engines": (engine("unreachable"),), "complete": False}, False, Exit.NO_ENGINE),
        ({"engines": (engine("unreachable"),), "complete": False}, True, Exit.NO_ENGINE),
        ({"command": "has", "has": replace(NOWHERE, live=(LIVE,))}, False, Exit.OK),
        (
            {"command": "has", "has": replace(NOWHERE, live=(LIVE,)), "complete": False},
            False,
            Exit.OK,
        ),
        ({"command": "has", "has": NOWHERE}, False, Exit.NO),
        ({"command": "has", "has": replace(NOWHERE, live=(BACK,))}, False, Exit.NO),
        ({"command": "has", "has": replace(NOWHERE, live=(BACK, LIVE))}, False, Exit.OK),
        (
            {"command": "has", "has": replace(NOWHERE, live=(BACK,), unknown_at=(LIVE,))},
            False,
            Exit.UNVOUCHED,
        ),
        ({"command": "has", "has": NOWHERE, "complete": False}, False, Exit.UNVOUCHED),
        ({"command": "has", "has": replace(NOWHERE, unknown_at=(LIVE,))}, False, Exit.UNVOUCHED),
        ({"command": "has", "has": replace(NOWHERE, resolved=LATE)}, False, Exit.UNVOUCHED),
        ({"command": "has", "has": replace(NOWHERE, resolved=Nothing())}, False, Exit.NO),
        ({"command": "has"}, False, Exit.UNVOUCHED),
    ],
    ids=[
        "shown",
        "not complete",
        "a finding",
        "--check: nothing found",
        "--check: an info",
        "--check: a warning",
        "--check: a finding, not complete",
        "--check: not complete",
        "one engine of two is silent",
        "no engine answered",
        "--check: no engine answered",
        "has: live",
        "has: live, not complete",
        "has: nowhere",
        "has: reverted everywhere",
        "has: reverted at one place only",
        "has: reverted, unknown elsewhere",
        "has: nowhere, not complete",
        "has: unknown somewhere",
        "has: not resolved",
        "has: no such change",
        "has: not looked at",
    ],
)
def test_the_exit_code(change: dict[str, Any], check: bool, expected: Exit) -> None:
    assert decide(replace(SEEN, **change), check=check) == expected
    assert decide(replace(SEEN, **change), check=check, faults=True) == Exit.FAULT
