"""What CI did on a commit, as plain data.

A story has `runs` (workflow runs with attempts and jobs), `checks` (of other apps) and `statuses`.
Times are seconds after the commit, or RFC 3339; a job without `finished` is still running.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, TypeAlias

Story: TypeAlias = Mapping[str, Any]
"""Plain data, fit for JSON."""


def job(
    name: str, conclusion: str = "success", started: Any = 40, finished: Any = 180, **more: Any
) -> Story:
    """One job of a run; an empty conclusion is one that is still running."""
    made = {"name": name, "started": started, "conclusion": conclusion, **more}
    return made | ({"finished": finished} if conclusion else {})


def run(*jobs: Story, workflow: str = "CI", event: str = "push", **more: Any) -> Story:
    """A workflow run of one attempt; `more` may give created, path, status, attempts."""
    attempts = more.pop("attempts", [{"began": more.get("created", 30), "jobs": list(jobs)}])
    path = f".github/workflows/{workflow.lower()}.yml"
    return {"workflow": workflow, "event": event, "path": path, "attempts": attempts, **more}


NAMED: Mapping[str, Story] = {
    "green": {"runs": [run(job("test"), job("lint"))]},
    "none": {},
    "red": {"runs": [run(job("test", "failure"), job("lint"))]},
    "unfinished": {"runs": [run(job("test", ""), job("lint"))]},
    "cancelled": {"runs": [run(job("test", "cancelled"), job("lint", "cancelled"))]},
    "skipped": {"runs": [run(job("test", "skipped"), job("lint", "skipped"))]},
    "rerun": {"runs": [run(attempts=[
        {"began": 30, "jobs": [job("test", "failure"), job("lint")]},
        {"began": 900, "jobs": [job("test", "success", 910, 1000)]},
    ])]},
    "between-jobs": {"runs": [run(job("lint"), status="in_progress")]},
    "startup-failure": {"runs": [run(status="completed", conclusion="startup_failure")]},
    "scheduled": {"runs": [run(job("nightly"), workflow="Nightly", event="schedule")]},
    "merge_group": {"runs": [run(job("test"), job("lint"), event="merge_group")]},
    "status-only": {"statuses": [
        {"context": "ci/jenkins", "state": "pending", "at": 20},
        {"context": "ci/jenkins", "state": "failure", "at": 300},
        {"context": "ci/jenkins", "state": "pending", "at": 400},
        {"context": "ci/jenkins", "state": "success", "at": 700},
    ]},
    "other-app": {"checks": [job("codecov/patch", app="codecov")]},
    "deploy-inside": {"runs": [run(job("test"), job("deploy", deployment=True))]},
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Told:
    """A story at its commit: everything with ids and times."""

    runs: tuple[dict[str, Any], ...]
    checks: tuple[dict[str, Any], ...]
    statuses: tuple[dict[str, Any], ...]


def tell(story: Story | str, sha: str, committed_at: str) -> Told:
    """The runs, check runs and statuses (newest first, as GitHub lists them) of one commit."""
    plain = NAMED[story] if isinstance(story, str) else story
    teller = _Teller(int(sha[:7], 16) * 1000, datetime.fromisoformat(committed_at))
    runs, checks = [], []
    for entry in plain.get("runs", ()):
        made, jobs = teller.run(entry)
        runs.append(made)
        checks += jobs
    checks += [teller.check(entry, teller.next(), {}) for entry in plain.get("checks", ())]
    statuses = [teller.status(entry) for entry in plain.get("statuses", ())]
    return Told(tuple(runs), tuple(checks), tuple(reversed(statuses)))


@dataclass(slots=True)
class _Teller:
    number: int
    start: datetime

    def next(self) -> int:
        self.number += 1
        return self.number

    def at(self, when: Any) -> str:
        moment = (
            datetime.fromisoformat(when)
            if isinstance(when, str)
            else self.start + timedelta(seconds=when)
        )
        return f"{moment.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    def run(self, entry: Story) -> tuple[dict[str, Any], list[dict[str, Any]]]:
        attempts = entry["attempts"]
        suite, last = self.next(), attempts[-1]
        checks = [
            self.check(each, suite, {"slug": "github-actions", "id": 15368})
            for attempt in attempts
            for each in attempt["jobs"]
        ]
        newest = list({check["name"]: check for check in checks}.values())
        done = all(check["completed_at"] for check in newest)
        status = entry.get("status") or ("completed" if done else "in_progress")
        ends = [check["completed_at"] for check in newest if check["completed_at"]]
        made = {
            "id": self.next(), "check_suite_id": suite, "name": entry["workflow"],
            "path": entry["path"], "event": entry["event"], "status": status,
            "conclusion": _conclusion(entry, newest) if status == "completed" else None,
            "run_attempt": len(attempts), "run_started_at": self.at(last["began"]),
            "created_at": self.at(entry.get("created", attempts[0]["began"])),
            "updated_at": max(ends, default=self.at(last["began"])),
        }  # fmt: skip
        return made, checks

    def check(self, entry: Story, suite: int, app: Story) -> dict[str, Any]:
        done = "finished" in entry
        return {
            "id": self.next(), "name": entry["name"], "suite": suite,
            "app": app or {"slug": entry["app"], "id": 254},
            "status": "completed" if done else "in_progress",
            "conclusion": entry["conclusion"] or None, "started_at": self.at(entry["started"]),
            "completed_at": self.at(entry["finished"]) if done else None,
            "deployment": bool(entry.get("deployment")),
        }  # fmt: skip

    def status(self, entry: Story) -> dict[str, Any]:
        at = self.at(entry["at"])
        return {"id": self.next(), "context": entry["context"], "state": entry["state"], "at": at}


def _conclusion(entry: Story, jobs: list[dict[str, Any]]) -> str:
    if "conclusion" in entry:
        return str(entry["conclusion"])
    seen = {check["conclusion"] for check in jobs}
    return next((each for each in ("failure", "cancelled", "success") if each in seen), "skipped")


def latest_only(checks: tuple[dict[str, Any], ...]) -> Iterator[dict[str, Any]]:
    """What `filter=latest` leaves: the newest of each name in a suite."""
    yield from {(check["suite"], check["name"]): check for check in checks}.values()
