"""Checks of what the engine says."""

from dataclasses import replace

import pytest

from tests.checks.cases import WEB, Cases, but, check_found, check_missed, each, found, stopped
from tests.reports.parts import PROD, before
from whatsrunning.report.container import Container

FINDS: Cases = {
    "nothing-running": {
        "it failed": [stopped(7)],
        "it ended well but was to stay up": [stopped(0, "always")],
        "out of memory": [stopped(137, oom_killed=True)],
        "never started": [but(state="created", health="none")],
        "two of one service": [stopped(7), stopped(1, id="b", name="web-2")],
    },
    "crash-looping": {
        "restarting": [but(state="restarting", exit_code=3)],
        "up for a minute": [but(restart_count=3, started_at=before(1))],
    },
    "unhealthy": {"its health check fails": [but(health="unhealthy")]},
}
MISSES: Cases = {
    "nothing-running": {
        "it ended well": [stopped(0)],
        "it ended well and restarts on failure": [stopped(0, "on-failure")],
        "another one runs": [stopped(7), WEB],
        "unmanaged": [stopped(7, managed=False)],
        "being removed": [stopped(0, state="removing")],
    },
    "crash-looping": {
        "up for an hour": [but(restart_count=3, started_at=before(60))],
        "restarted once": [but(restart_count=1, started_at=before(1))],
        "unmanaged": [but(state="restarting", managed=False)],
    },
    "unhealthy": {
        "starting": [but(health="starting")],
        "nobody could look": [but(health="unknown")],
    },
}


@each(FINDS)
def test_found(code: str, containers: list[Container]) -> None:
    check_found(code, containers)


@each(MISSES)
def test_near_misses(code: str, containers: list[Container]) -> None:
    check_missed(code, containers)


@pytest.mark.parametrize(
    ("skew", "times"),
    [(5.2, 1), (-9.0, 1), (5.0, 0), (None, 0)],
    ids=["ahead", "behind", "hardly", "not known"],
)
def test_clock_skew(skew: float | None, times: int) -> None:
    hits = found(WEB, engines=(replace(PROD, clock_skew_s=skew),))
    assert [finding.code for finding in hits] == ["clock-skew"] * times
    assert all("ahead of" in hit.message or "behind" in hit.message for hit in hits)


def test_what_runs_on_another_engine_is_a_warning() -> None:
    [finding] = found(replace(stopped(7), engine="prod-2", id="x"), WEB)
    assert (finding.code, finding.severity) == ("nothing-running", "warning")
    assert finding.engine == "prod-2"
