"""Check runs, workflow runs and commit statuses of one SHA, joined into attempts at gates. Pure.

The check runs of GitHub Actions are its jobs: a job's check suite is its workflow run's.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime

from whatsrunning.facts.records import CheckFacts
from whatsrunning.sources.github.parse import instant, web_url
from whatsrunning.sources.json_reader import Object, inner, integer, moment, text

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


def run_from(entry: Object) -> Run:
    """A workflow run of the REST API; older servers do not tell when an attempt began."""
    created_at = instant(entry, "created_at")
    finished = text(entry, "status", "") == "completed"
    return Run(
        id=integer(entry, "id"),
        suite=integer(entry, "check_suite_id", 0),
        name=text(entry, "name", ""),
        path=text(entry, "path").partition("@")[0],
        event=text(entry, "event"),
        attempt=integer(entry, "run_attempt", 1),
        conclusion=text(entry, "conclusion", "") if finished else "",
        finished=finished,
        created_at=created_at,
        began=moment(entry, "run_started_at") or created_at,
        updated_at=instant(entry, "updated_at"),
        url=web_url(entry, "html_url"),
    )


def joined(
    check_runs: Sequence[Object], runs: Sequence[Run], statuses: Sequence[Object]
) -> tuple[CheckFacts, ...]:
    """Everything that ran, oldest first."""
    by_suite = {run.suite: run for run in runs if run.suite}
    jobs = tuple(_checks(check_runs, by_suite))
    checks = (*jobs, *_runs_between_jobs(jobs, runs), *_statuses(statuses))
    return tuple(sorted(checks, key=lambda check: (check.created_at, check.kind, check.name)))


def _checks(check_runs: Sequence[Object], by_suite: Mapping[int, Run]) -> Iterator[CheckFacts]:
    """Check runs in the order in which they were made; the same name again is a further attempt."""
    attempts: Counter[tuple[int, str]] = Counter()
    for entry in sorted(check_runs, key=lambda entry: integer(entry, "id")):
        suite = integer(inner(entry, "check_suite"), "id", 0)
        attempts[suite, text(entry, "name")] += 1
        yield _check(entry, by_suite.get(suite), attempts[suite, text(entry, "name")])


def _check(entry: Object, run: Run | None, attempt: int) -> CheckFacts:
    started_at, finished_at = moment(entry, "started_at"), moment(entry, "completed_at")
    done = text(entry, "status") == "completed"
    check = CheckFacts(
        name=text(entry, "name"),
        kind="check",
        conclusion=text(entry, "conclusion", "") if done else "",
        created_at=started_at or finished_at or _LONG_AGO,
        finished_at=finished_at if done else None,
        url=web_url(entry, "html_url") or web_url(entry, "details_url"),
        app=text(inner(entry, "app"), "slug", ""),
        attempt=attempt,
        deployment=entry.get("deployment") is not None,
    )
    return _job(check, run, started_at) if run else check


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


def _runs_between_jobs(jobs: Sequence[CheckFacts], runs: Sequence[Run]) -> Iterator[CheckFacts]:
    """Runs without jobs, and runs whose next job is not made yet: they are not green."""
    started = {job.run_id for job in jobs}
    working = {job.run_id for job in jobs if not job.conclusion}
    for run in runs:
        if run.id not in (started if run.finished else working):
            yield CheckFacts(
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


def _statuses(entries: Sequence[Object]) -> Iterator[CheckFacts]:
    """Attempts at each context: pending opens one, anything else ends it."""
    unfinished: dict[str, CheckFacts] = {}
    attempts: Counter[str] = Counter()
    for entry in sorted(
        entries, key=lambda entry: (instant(entry, "created_at"), integer(entry, "id"))
    ):
        name, state, at = (
            text(entry, "context"),
            text(entry, "state"),
            instant(entry, "created_at"),
        )
        begun = unfinished.pop(name, None)
        attempts[name] += begun is None
        status = CheckFacts(
            name=name,
            kind="status",
            conclusion="",
            created_at=begun.created_at if begun else at,
            finished_at=None,
            url=web_url(entry, "target_url"),
            attempt=attempts[name],
        )
        if state == "pending":
            unfinished[name] = status
        else:
            yield replace(status, conclusion=state, finished_at=at)
    yield from unfinished.values()
