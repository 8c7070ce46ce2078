"""Exit codes, decided in one place: every row of `help exit-codes`."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any, Literal

import pytest

from tests.reports.parts import container
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
WEB = container("web-1", "web")
POSTGRES = replace(container("postgres", "postgres"), managed=False)
STOPPED = replace(WEB, state="exited")
UNSURE = replace(WEB, repository=Unknown(Problem("git", "", "dubious-ownership", "git refuses")))
SEEN = Report("ps", datetime(2026, 2, 1, tzinfo=UTC), True, (engine(),), (WEB,))
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


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({"containers": ()}, Exit.UNVOUCHED),
        ({"containers": (POSTGRES,)}, Exit.UNVOUCHED),
        ({"containers": (replace(POSTGRES, identified="acme/shop"),)}, Exit.UNVOUCHED),
        ({"containers": (POSTGRES, WEB)}, Exit.OK),
        ({"containers": (STOPPED,)}, Exit.UNVOUCHED),
        ({"containers": (replace(WEB, one_off=True),)}, Exit.UNVOUCHED),
        ({"containers": (STOPPED,), "command": "show"}, Exit.OK),
        ({"containers": (), "command": "diff"}, Exit.UNVOUCHED),
        ({"containers": (), "command": "history"}, Exit.UNVOUCHED),
        ({"containers": (), "command": "rollback-plan"}, Exit.UNVOUCHED),
        ({"containers": (), "findings": (finding("info"),)}, Exit.UNVOUCHED),
        ({"containers": (), "findings": (finding("critical"),)}, Exit.NO),
        ({"asked_repository": "acme/web"}, Exit.OK),
        ({"asked_repository": "Acme/Web"}, Exit.OK),
        ({"asked_repository": "acme/nosuch"}, Exit.UNVOUCHED),
        ({"asked_repository": "acme/nosuch", "findings": (finding("warning"),)}, Exit.NO),
        ({"asked_repository": "acme/nosuch", "containers": (UNSURE,)}, Exit.OK),
    ],
    ids=[
        "no container at all",
        "none is managed",
        "one is identified, and none managed",
        "one is managed",
        "all that are managed have stopped",
        "only a one-off is managed",
        "show: stopped, and yet judged",
        "diff: none is managed",
        "history: none is managed",
        "rollback-plan: none is managed",
        "none is managed, an info",
        "none is managed, and a service has no container",
        "-R: one comes from there",
        "-R: in other letters",
        "-R: nothing comes from there",
        "-R: nothing comes from there, a warning",
        "-R: whether one comes from there is unknown",
    ],
)
def test_check_vouches_only_for_what_was_judged(change: dict[str, Any], expected: Exit) -> None:
    assert decide(replace(SEEN, **change), check=True) == expected
    assert decide(replace(SEEN, **change), check=False) == Exit.OK
