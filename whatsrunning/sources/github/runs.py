"""Everything that ran on a SHA: check runs, workflow runs and commit statuses, all attempts.

The check runs of GitHub Actions are its jobs: a job's check suite is its workflow run's. Not the
combined status: it is "pending" where there are none, as where all CI is GitHub Actions,
https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from operator import itemgetter

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.github import CheckFacts, CiFacts
from whatsrunning.facts.query import SourceError
from whatsrunning.sources import json_reader as read
from whatsrunning.sources.github import parse
from whatsrunning.sources.github.http import RepositoryApi, RequestFailed

_PAGES = 10  # a thousand of each; more is not judged, because what is missing could be red
_MERGED = 3  # pull requests that one commit can be the merge of, at most
_GATE_EVENTS = ("push", "merge_group")
# A check that waits and tells no time counts as one that was already there: never a false green.
_LONG_AGO = datetime.fromtimestamp(0, UTC)


def runs(api: RepositoryApi, sha: str) -> Answer[CiFacts]:
    """What ran on a SHA, and if no gate did, what ran on the same tree before it was merged."""

    def with_same_tree(checks: tuple[CheckFacts, ...]) -> Answer[CiFacts]:
        is_gated = any(
            check.kind == "status" or (check.kind == "job" and check.event in _GATE_EVENTS)
            for check in checks
        )
        return Found(CiFacts(checks, {} if is_gated else _same_tree(api, sha)))

    return _ran(api, sha).then(with_same_tree)


def _same_tree(api: RepositoryApi, sha: str) -> dict[str, tuple[CheckFacts, ...]]:
    """What ran on the heads of the pull requests that this commit merged, if the tree is equal."""
    pulls = parse.entries(api.get(f"/commits/{sha}/pulls", per_page=10))
    merged = [pull for pull in pulls if pull.get("merge_commit_sha") == sha]
    heads = dict.fromkeys(parse.sha(pull, "head", "sha") for pull in merged[:_MERGED])
    return {
        head: _ran(api, head).value_or(())
        for head in heads
        if head != sha and _tree(api, head) == _tree(api, sha)
    }


def _tree(api: RepositoryApi, sha: str) -> str:
    """The tree of a commit; the head of a deleted fork's branch may be gone."""
    reply = api.find(f"/commits/{sha}", 404, 422, per_page=1).value_or(None)
    return f"none of {sha}" if reply is None else parse.sha(reply, "commit", "tree", "sha")


def _ran(api: RepositoryApi, sha: str) -> Answer[tuple[CheckFacts, ...]]:
    # By default only the latest of a name are listed, and a red one that was run again is lost:
    # https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
    try:
        checks = _all(api, f"/commits/{sha}/check-runs", "check_runs", filter="all")
    except RequestFailed as failed:
        return failed.nothing(409, 422)
    listed = _all(api, "/actions/runs", "workflow_runs", head_sha=sha)
    workflow_runs = [run_from(entry) for entry in listed if read.text(entry, "head_sha") == sha]
    statuses = _all(api, f"/commits/{sha}/statuses")
    return Found(joined(checks, workflow_runs, statuses))


def _all(api: RepositoryApi, path: str, *inside: str, **parameters: str) -> list[read.Object]:
    """Every entry of a list, or SourceError `too-many`."""
    listed, more = api.pages(path, _PAGES, *inside, **parameters)
    if more:
        message = f"more checks ran on one commit of {api.request.repository} than are read"
        raise SourceError(api.request.problem("too-many", message, "look at the commit at GitHub"))
    return listed


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
    workflow = read.text(entry, "name", default="")
    path = read.text(entry, "path").partition("@")[0]
    latest = CheckFacts(
        name=workflow or path,
        kind="job",
        conclusion=read.text(entry, "conclusion", default="") if finished else "",
        created_at=read.moment_or_none(entry, "run_started_at") or created_at,
        finished_at=read.moment(entry, "updated_at") if finished else None,
        url=parse.web_url(entry, "html_url"),
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
    started = {job.run_id for job in jobs}
    working = {job.run_id for job in jobs if not job.conclusion}
    # Runs without jobs, and runs whose next job is not made yet: they are not green.
    between = (
        run.latest
        for run in runs
        if run.latest.run_id not in (started if run.latest.finished_at else working)
    )
    checks = (*jobs, *between, *_statuses(statuses))
    return tuple(sorted(checks, key=lambda check: (check.created_at, check.kind, check.name)))


def _checks(check_runs: Sequence[read.Object], by_suite: Mapping[int, Run]) -> Iterator[CheckFacts]:
    """Check runs in the order in which they were made; the same name again is a further attempt."""
    attempts: Counter[tuple[int, str]] = Counter()
    for entry in sorted(check_runs, key=lambda entry: read.integer(entry, "id")):
        suite = read.integer(entry, "check_suite", "id", default=0)
        attempts[name := (suite, read.text(entry, "name"))] += 1
        yield _check(entry, by_suite.get(suite), attempts[name])


def _check(entry: read.Object, run: Run | None, attempt: int) -> CheckFacts:
    started_at = read.moment_or_none(entry, "started_at")
    finished_at = read.moment_or_none(entry, "completed_at")
    done = read.text(entry, "status") == "completed"
    check = CheckFacts(
        name=read.text(entry, "name"),
        kind="check",
        conclusion=read.text(entry, "conclusion", default="") if done else "",
        created_at=started_at or finished_at or _LONG_AGO,
        finished_at=finished_at if done else None,
        url=parse.web_url(entry, "html_url") or parse.web_url(entry, "details_url"),
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


def _statuses(entries: Sequence[read.Object]) -> Iterator[CheckFacts]:
    """Attempts at each context: pending opens one, anything else ends it."""
    unfinished: dict[str, CheckFacts] = {}
    attempts: Counter[str] = Counter()
    dated = [
        (read.moment(entry, "created_at"), read.integer(entry, "id"), entry) for entry in entries
    ]
    for at, _, entry in sorted(dated, key=itemgetter(0, 1)):
        name, url = read.text(entry, "context"), parse.web_url(entry, "target_url")
        begun = unfinished.pop(name, None)
        attempts[name] += begun is None
        since = begun.created_at if begun else at
        status = CheckFacts(name, "status", "", since, None, url, attempt=attempts[name])
        if (state := read.text(entry, "state")) == "pending":
            unfinished[name] = status
        else:
            yield replace(status, conclusion=state, finished_at=at)
    yield from unfinished.values()
