"""The REST operations that the stand-in knows; any other path is a violation."""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import unquote

from tests.world.github import bodies
from tests.world.github.ground import GitCommit, Ground
from tests.world.github.stories import Told, latest_only, tell


@dataclass(frozen=True, slots=True)
class Call:
    """A request as an operation sees it: the ground, what a test set meanwhile, and the query."""

    ground: Ground
    control: Mapping[str, Any]
    query: Mapping[str, str]

    def told(self, found: GitCommit) -> Told:
        """What CI did on a commit: by default a push run of every commit on the main branch."""
        default = "green" if found.sha in self.ground.mainline else "none"
        story = self.control.get("stories", {}).get(found.sha, default)
        return tell(story, found.sha, found.committed_at)

    def deployments(self) -> list[dict[str, Any]]:
        """The deployments that a test set, newest first."""
        return sorted(
            self.control.get("deployments", ()), key=lambda each: each["created_at"], reverse=True
        )

    def page(self, entries: Sequence[Any]) -> tuple[Sequence[Any], bool]:
        """This page of a list, and whether there is a next one."""
        size, number = int(self.query.get("per_page", "30")), int(self.query.get("page", "1"))
        start = (number - 1) * min(size, 100)
        return entries[start : start + min(size, 100)], len(entries) > start + min(size, 100)


@dataclass(frozen=True, slots=True)
class Answered:
    """A reply before it becomes bytes."""

    status: int
    body: Any
    more: bool = False
    headers: Mapping[str, str] = field(default_factory=dict)


Route: TypeAlias = Callable[..., Answered]


def error(status: int, message: str, **headers: str) -> Answered:
    """An error as GitHub words it."""
    body = {"message": message, "documentation_url": "https://docs.github.com/rest"}
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    return Answered(status, body | {"status": str(status)}, headers=named)


def _unknown(name: str) -> Answered:
    return error(422, f"No commit found for SHA: {name}")


def _home(call: Call) -> Answered:
    return Answered(200, bodies.home(call.ground))


def _commits(call: Call) -> Answered:
    shas, more = call.page(call.ground.history(call.query.get("sha", call.ground.branch)))
    found = (call.ground.commit(sha) for sha in shas)
    return Answered(200, [bodies.commit(call.ground, each) for each in found if each], more)


def _commit(call: Call, name: str) -> Answered:
    found = call.ground.commit(name)
    return Answered(200, bodies.commit(call.ground, found)) if found else _unknown(name)


def _pulls_of(call: Call, sha: str) -> Answered:
    numbers, more = call.page(call.ground.pulls_of.get(sha, ()))
    told = [call.ground.pulls[number] for number in numbers]
    made = [bodies.pull(call.ground, each, "pull-request-simple") for each in told]
    return Answered(200, made, more)


def _check_runs(call: Call, name: str) -> Answered:
    found = call.ground.commit(name)
    if found is None:
        return _unknown(name)
    told = call.told(found).checks
    chosen = told if call.query.get("filter") == "all" else tuple(latest_only(told))
    some, more = call.page(chosen)
    made = [bodies.check_run(call.ground, found.sha, each) for each in some]
    return Answered(200, {"total_count": len(chosen), "check_runs": made}, more)


def _statuses(call: Call, name: str) -> Answered:
    found = call.ground.commit(name)
    if found is None:
        return _unknown(name)
    some, more = call.page(call.told(found).statuses)
    return Answered(200, [bodies.status(each) for each in some], more)


def _runs(call: Call) -> Answered:
    found = call.ground.commit(call.query.get("head_sha", ""))
    told = call.told(found).runs if found else ()
    some, more = call.page(told)
    sha = found.sha if found else ""
    made = [bodies.workflow_run(call.ground, sha, each) for each in some]
    return Answered(200, {"total_count": len(told), "workflow_runs": made}, more)


def _branch(call: Call, name: str) -> Answered:
    found = call.ground.commit(f"heads/{name}")
    if found is None:
        return error(404, "Branch not found")
    return Answered(200, bodies.branch(call.ground, name, found))


def _compare(call: Call, base: str, head: str) -> Answered:
    left, right = call.ground.commit(base), call.ground.commit(head)
    if left is None or right is None:
        return error(404, "Not Found")
    ahead, behind = call.ground.apart(left.sha, right.sha)
    return Answered(200, bodies.comparison(call.ground, left, ahead, behind))


def _pull(call: Call, number: str) -> Answered:
    told = call.ground.pulls.get(int(number))
    if told is None:
        return error(404, "Not Found")
    return Answered(200, bodies.pull(call.ground, told, "pull-request"))


def _pull_commits(call: Call, number: str) -> Answered:
    told = call.ground.pulls.get(int(number))
    if told is None:
        return error(404, "Not Found")
    shas, more = call.page(told["commits"][:250])
    found = (call.ground.commit(sha) for sha in shas)
    return Answered(200, [bodies.commit(call.ground, each) for each in found if each], more)


def _deployments(call: Call) -> Answered:
    some, more = call.page(call.deployments())
    return Answered(200, [bodies.deployment(each) for each in some], more)


def _deployment_statuses(call: Call, number: str) -> Answered:
    told = next((each for each in call.deployments() if each["id"] == int(number)), None)
    if told is None:
        return error(404, "Not Found")
    states, more = call.page(list(reversed(told["states"])))
    return Answered(200, [bodies.deployment_status(told, each) for each in states], more)


ROUTES: Mapping[str, Route] = {
    "": _home,
    "/commits": _commits,
    r"/commits/([0-9a-f]{40})/pulls": _pulls_of,
    r"/commits/(.+)/check-runs": _check_runs,
    r"/commits/(.+)/statuses": _statuses,
    r"/commits/((?:(?!/check-suites$|/status$).)+)": _commit,
    "/actions/runs": _runs,
    r"/branches/(.+)": _branch,
    r"/compare/(.+)\.\.\.(.+)": _compare,
    r"/pulls/(\d+)": _pull,
    r"/pulls/(\d+)/commits": _pull_commits,
    "/deployments": _deployments,
    r"/deployments/(\d+)/statuses": _deployment_statuses,
}
"""Path below `/repos/OWNER/NAME` -> operation; the first that fits."""


def answer(call: Call, path: str) -> Answered | None:
    """The reply to GET of a path below the repository; None for one that the stand-in has not."""
    for pattern, route in ROUTES.items():
        if found := re.fullmatch(pattern, path):
            return route(call, *(unquote(part) for part in found.groups()))
    return None
