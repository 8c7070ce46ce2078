"""Check runs, workflow runs and commit statuses of one SHA, joined into attempts at gates. Pure.

The check runs of GitHub Actions are its jobs: a job's check suite is its workflow run's.
"""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any

from whatsrunning.facts.records import CheckFacts
from whatsrunning.sources.github.parse import (
    field,
    moment,
    moment_or_none,
    number,
    text,
    text_or_empty,
    web_url,
)

# A check that waits and tells no time counts as one that was already there: never a false green.
_LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Run:
    """One workflow run; a rerun keeps `id` and `suite`, and moves `began` and `attempt`."""

    id: int
    suite: int
    name: str
    path: str
    event: str
    attempt: int
    conclusion: str
    finished: bool
    created_at: datetime
    began: datetime
    updated_at: datetime
    url: str


def run_from(entry: Any) -> Run:
    """A workflow run of the REST API; older servers do not tell when an attempt began."""
    created_at = moment(entry, "created_at")
    finished = text_or_empty(entry, "status") == "completed"
    return Run(
        id=number(entry, "id"),
        suite=0 if field(entry, "check_suite_id") is None else number(entry, "check_suite_id"),
        name=text_or_empty(entry, "name"),
        path=text(entry, "path").partition("@")[0],
        event=text(entry, "event"),
        attempt=1 if field(entry, "run_attempt") is None else number(entry, "run_attempt"),
        conclusion=text_or_empty(entry, "conclusion") if finished else "",
        finished=finished,
        created_at=created_at,
        began=moment_or_none(entry, "run_started_at") or created_at,
        updated_at=moment(entry, "updated_at"),
        url=web_url(entry, "html_url"),
    )


def joined(
    check_runs: Sequence[Any], runs: Sequence[Run], statuses: Sequence[Any]
) -> tuple[CheckFacts, ...]:
    """Everything that ran, oldest first."""
    by_suite = {run.suite: run for run in runs if run.suite}
    found = list(_checks(check_runs, by_suite))
    found += _runs_between_jobs(found, runs)
    found += _statuses(statuses)
    return tuple(sorted(found, key=lambda check: (check.created_at, check.kind, check.name)))


def _checks(check_runs: Sequence[Any], by_suite: Mapping[int, Run]) -> Iterator[CheckFacts]:
    """Check runs in the order in which they were made; the same name again is a further attempt."""
    seen: dict[tuple[int, str], int] = {}
    for entry in sorted(check_runs, key=lambda entry: number(entry, "id")):
        suite = 0 if field(entry, "check_suite") is None else number(entry, "check_suite", "id")
        key = (suite, text(entry, "name"))
        seen[key] = seen.get(key, 0) + 1
        yield _check(entry, by_suite.get(suite), seen[key])


def _check(entry: Any, run: Run | None, attempt: int) -> CheckFacts:
    started_at = moment_or_none(entry, "started_at")
    finished_at = moment_or_none(entry, "completed_at")
    done = text(entry, "status") == "completed"
    check = CheckFacts(
        name=text(entry, "name"),
        kind="check",
        conclusion=text_or_empty(entry, "conclusion") if done else "",
        created_at=started_at or finished_at or _LONG_AGO,
        finished_at=finished_at if done else None,
        url=web_url(entry, "html_url") or web_url(entry, "details_url"),
        app=text_or_empty(entry, "app", "slug"),
        attempt=attempt,
        deployment=field(entry, "deployment") is not None,
    )
    return check if run is None else _job(check, run, started_at)


def _job(check: CheckFacts, run: Run, started_at: datetime | None) -> CheckFacts:
    """A job exists since its attempt of the run was made, although GitHub lists it later."""
    latest = run.attempt > 1 and (started_at is None or started_at >= run.began)
    attempt = run.attempt if latest else min(check.attempt, run.attempt)
    first = run.created_at if attempt == 1 else check.created_at
    since = run.began if latest else first
    return replace(
        check,
        kind="job",
        created_at=since if started_at is None else min(since, started_at),
        attempt=attempt,
        workflow=run.name,
        workflow_path=run.path,
        event=run.event,
        run_id=run.id,
    )


def _runs_between_jobs(jobs: Sequence[CheckFacts], runs: Sequence[Run]) -> list[CheckFacts]:
    """Runs without jobs, and runs whose next job is not made yet: they are not green."""
    working = {job.run_id for job in jobs if not job.conclusion}
    known = {job.run_id for job in jobs}
    quiet = [
        run for run in runs if run.id not in known or (not run.finished and run.id not in working)
    ]
    return [
        CheckFacts(
            name=run.name or run.path,
            kind="job",
            conclusion=run.conclusion,
            created_at=run.began,
            finished_at=run.updated_at if run.finished else None,
            url=run.url,
            app="github-actions",
            workflow=run.name,
            workflow_path=run.path,
            event=run.event,
            attempt=run.attempt,
            run_id=run.id,
        )
        for run in quiet
    ]


def _statuses(entries: Sequence[Any]) -> list[CheckFacts]:
    """Attempts at each context: pending opens one, anything else ends it."""
    open_since: dict[str, CheckFacts] = {}
    attempts: dict[str, int] = {}
    ended: list[CheckFacts] = []
    for entry in sorted(
        entries, key=lambda entry: (moment(entry, "created_at"), number(entry, "id"))
    ):
        name, state, at = text(entry, "context"), text(entry, "state"), moment(entry, "created_at")
        begun = open_since.pop(name, None)
        if begun is None:
            attempts[name] = attempts.get(name, 0) + 1
        created_at = at if begun is None else begun.created_at
        url = web_url(entry, "target_url")
        status = CheckFacts(name, "status", "", created_at, None, url, attempt=attempts[name])
        if state == "pending":
            open_since[name] = status
        else:
            ended.append(replace(status, conclusion=state, finished_at=at))
    return [*ended, *open_since.values()]
