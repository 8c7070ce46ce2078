"""Check runs, workflow runs and commit statuses of one SHA, joined into attempts at gates. Pure.

The check runs of GitHub Actions are its jobs: a job's check suite is its workflow run's.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from whatsrunning.facts.github import CheckFacts
from whatsrunning.sources import json_reader as read
from whatsrunning.sources.github.parse import web_url

# A check that waits and tells no time counts as one that was already there: never a false green.
_LONG_AGO = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class Run:
    """One workflow run as if it were a job of its latest attempt; a rerun keeps the rest."""

    suite: int
    created_at: datetime
    latest: CheckFacts


def run_from(entry: read.Object) -> Run:
    """A workflow run of the REST API; older servers do not tell when an attempt began."""
    created_at = read.moment(entry, "created_at")
    finished = read.text(entry, "status", default="") == "completed"
    workflow, path = (
        read.text(entry, "name", default=""),
        read.text(entry, "path").partition("@")[0],
    )
    latest = CheckFacts(
        name=workflow or path,
        kind="job",
        conclusion=read.text(entry, "conclusion", default="") if finished else "",
        created_at=read.moment_or_none(entry, "run_started_at") or created_at,
        finished_at=read.moment(entry, "updated_at") if finished else None,
        url=web_url(entry, "html_url"),
        app="github-actions",
        workflow=workflow,
        workflow_path=path,
        event=read.text(entry, "event"),
        attempt=read.integer(entry, "run_attempt", default=1),
        run_id=read.integer(entry, "id"),
    )
    return Run(read.integer(entry, "check_suite_id", default=0), created_at, latest)


def joined(
    check_runs: Sequence[read.Object], runs: Sequence[Run], statuses: Sequence[read.Object]
) -> tuple[CheckFacts, ...]:
    """Everything that ran, oldest first."""
    by_suite = {run.suite: run for run in runs if run.suite}
    jobs = tuple(_checks(check_runs, by_suite))
    checks = (*jobs, *_runs_between_jobs(jobs, runs), *_statuses(statuses))
    return tuple(sorted(checks, key=lambda check: (check.created_at, check.kind, check.name)))


def _checks(check_runs: Sequence[read.Object], by_suite: Mapping[int, Run]) -> Iterator[CheckFacts]:
    """Check runs in the order in which they were made; the same name again is a further attempt."""
    attempts: Counter[tuple[int, str]] = Counter()
    for entry in sorted(check_runs, key=lambda entry: read.integer(entry, "id")):
        suite = read.integer(entry, "check_suite", "id", default=0)
        attempts[suite, read.text(entry, "name")] += 1
        yield _check(entry, by_suite.get(suite), attempts[suite, read.text(entry, "name")])


def _check(entry: read.Object, run: Run | None, attempt: int) -> CheckFacts:
    started_at, finished_at = (
        read.moment_or_none(entry, "started_at"),
        read.moment_or_none(entry, "completed_at"),
    )
    done = read.text(entry, "status") == "completed"
    check = CheckFacts(
        name=read.text(entry, "name"),
        kind="check",
        conclusion=read.text(entry, "conclusion", default="") if done else "",
        created_at=started_at or finished_at or _LONG_AGO,
        finished_at=finished_at if done else None,
        url=web_url(entry, "html_url") or web_url(entry, "details_url"),
        app=read.text(entry, "app", "slug", default=""),
        attempt=attempt,
        deployment=entry.get("deployment") is not None,
    )
    return _job(check, run, started_at) if run else check


def _job(check: CheckFacts, run: Run, started_at: datetime | None) -> CheckFacts:
    """A job exists since its attempt of the run was made, although GitHub lists it later."""
    began, newest = run.latest.created_at, run.latest.attempt
    is_latest = newest > 1 and (started_at is None or started_at >= began)
    attempt = newest if is_latest else min(check.attempt, newest)
    since = began if is_latest else run.created_at if attempt == 1 else check.created_at
    return replace(
        check,
        kind="job",
        created_at=since if started_at is None else min(since, started_at),
        attempt=attempt,
        workflow=run.latest.workflow,
        workflow_path=run.latest.workflow_path,
        event=run.latest.event,
        run_id=run.latest.run_id,
    )


def _runs_between_jobs(jobs: Sequence[CheckFacts], runs: Sequence[Run]) -> Iterator[CheckFacts]:
    """Runs without jobs, and runs whose next job is not made yet: they are not green."""
    started = {job.run_id for job in jobs}
    working = {job.run_id for job in jobs if not job.conclusion}
    for run in runs:
        if run.latest.run_id not in (started if run.latest.finished_at else working):
            yield run.latest


def _statuses(entries: Sequence[read.Object]) -> Iterator[CheckFacts]:
    """Attempts at each context: pending opens one, anything else ends it."""
    unfinished: dict[str, CheckFacts] = {}
    attempts: Counter[str] = Counter()
    for entry in sorted(
        entries, key=lambda entry: (read.moment(entry, "created_at"), read.integer(entry, "id"))
    ):
        name, at = read.text(entry, "context"), read.moment(entry, "created_at")
        begun = unfinished.pop(name, None)
        attempts[name] += begun is None
        since, url = begun.created_at if begun else at, web_url(entry, "target_url")
        status = CheckFacts(name, "status", "", since, None, url, attempt=attempts[name])
        if (state := read.text(entry, "state")) == "pending":
            unfinished[name] = status
        else:
            yield replace(status, conclusion=state, finished_at=at)
    yield from unfinished.values()
