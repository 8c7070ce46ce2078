"""Attempts at gates, where servers tell less than they could: never a green that was not."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from whatsrunning.sources.github.runs import joined, run_from
from whatsrunning.sources.json_reader import MalformedReply

AT = datetime(2026, 3, 5, 10, tzinfo=UTC)
NEVER = "0001-01-01T00:00:00Z"


def _at(minutes: int) -> str:
    return (AT + timedelta(minutes=minutes)).isoformat()


def _run(**more: Any) -> dict[str, Any]:
    run = {"id": 1, "name": "CI", "path": ".github/workflows/ci.yml@main", "event": "push"}
    times = {"created_at": _at(0), "updated_at": _at(9)}
    return {**run, **times, "status": "in_progress", "check_suite_id": 5, **more}


def _check(number: int = 1, **more: Any) -> dict[str, Any]:
    return {"id": number, "name": "test", "status": "queued", "check_suite": {"id": 5}, **more}


def _status(number: int, state: str, minutes: int) -> dict[str, Any]:
    return {"id": number, "context": "jenkins", "state": state, "created_at": _at(minutes)}


@pytest.mark.parametrize(
    "times",
    [
        pytest.param({}, id="no times"),
        pytest.param({"started_at": None, "completed_at": None}, id="null for times"),
        pytest.param({"started_at": NEVER, "completed_at": NEVER}, id="year one for times"),
    ],
)
def test_a_check_that_tells_no_time_was_always_there(times: dict[str, Any]) -> None:
    (check,) = joined([_check(check_suite=None, **times)], [], [])
    assert (check.kind, check.conclusion, check.finished_at) == ("check", "", None)
    assert check.created_at == datetime(1970, 1, 1, tzinfo=UTC)


def test_an_older_server_does_not_tell_of_attempts() -> None:
    (job,) = joined([_check()], [run_from(_run())], [])
    assert (job.kind, job.attempt, job.created_at) == ("job", 1, AT)
    assert (job.workflow, job.workflow_path) == ("CI", ".github/workflows/ci.yml")


def test_a_run_without_a_suite_takes_no_foreign_check() -> None:
    run = run_from(_run(check_suite_id=None, name=None))
    checks = joined([_check(check_suite=None)], [run], [])
    assert [(check.kind, check.name) for check in checks] == [
        ("check", "test"),
        ("job", ".github/workflows/ci.yml"),
    ]


def test_a_conclusion_counts_only_once_it_is_completed() -> None:
    early: dict[str, Any] = {
        "status": "in_progress",
        "conclusion": "success",
        "completed_at": _at(5),
    }
    (check,) = joined([_check(check_suite=None, **early)], [], [])
    assert (check.conclusion, check.finished_at) == ("", None)
    (run,) = joined([], [run_from(_run(conclusion="success"))], [])
    assert (run.conclusion, run.finished_at) == ("", None)


@pytest.mark.parametrize(
    ("statuses", "attempts"),
    [
        pytest.param(
            [("pending", 0), ("success", 5)], [(1, "success", 0, 5)], id="pending, then an end"
        ),
        pytest.param(
            [("failure", 5), ("success", 7)],
            [(1, "failure", 5, 5), (2, "success", 7, 7)],
            id="two ends without a beginning",
        ),
        pytest.param(
            [("failure", 5), ("pending", 6), ("pending", 7)],
            [(1, "failure", 5, 5), (2, "", 6, None)],
            id="an attempt that is told twice to be under way",
        ),
    ],
)
def test_statuses_are_attempts_at_their_context(
    statuses: list[tuple[str, int]], attempts: list[tuple[int, str, int, int | None]]
) -> None:
    entries = [_status(number, *status) for number, status in enumerate(statuses)]
    checks = joined([], [], entries[::-1])
    assert [
        (check.attempt, check.conclusion, check.created_at, check.finished_at) for check in checks
    ] == [
        (number, end, AT + timedelta(minutes=since), until and AT + timedelta(minutes=until))
        for number, end, since, until in attempts
    ]


@pytest.mark.parametrize("missing", ["id", "name", "status"])
def test_a_check_that_lacks_what_github_describes_is_refused(missing: str) -> None:
    entry = _check()
    del entry[missing]
    with pytest.raises(MalformedReply):
        joined([entry], [], [])
