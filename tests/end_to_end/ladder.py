"""From the bare command to all that may be added: what each command answers, and the truth."""

from collections.abc import Mapping
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from tests.world.truth import Line, pull_requests
from tests.world.typical import RUNS, Gift, Typical

LADDER: Mapping[str, tuple[Gift, ...]] = {
    "bare": (),
    "-R": ("repository",),
    "token": ("repository", "token"),
    "login": ("repository", "token", "login"),
    "clone": ("repository", "token", "login", "clone"),
    "clone alone": ("clone",),
    "clone and login": ("clone", "login"),
}
NAMED = tuple(rung for rung in LADDER if rung != "bare")
LOGGED_IN = tuple(rung for rung, gifts in LADDER.items() if "login" in gifts)
FIELDS = (
    "repository", "revision", "proof", "commit", "pull_requests", "ci", "built", "version",
    "deployed_at", "previous",
)  # fmt: skip
# Who told a thing may change: git instead of GitHub, GitHub instead of a commit's own message.
TELLERS = ("source", "evidence", "problem", "latest_problem")
PULLS = (31, 21, 23, 30)  # live in three, reverted in five, the revert itself, closed unmerged
SERVICES = ("worker", "cron", "web-1")

COMMANDS = (
    "ps", "diff", "history", "show web-1",
    *(f"has {number}" for number in PULLS), *(f"rollback-plan {name}" for name in SERVICES),
)  # fmt: skip

Answers = Mapping[str, Mapping[str, Any]]
"""What each command answered, as JSON with the exit code as `code`: by rung, then by command."""


def climb(typical: Typical) -> Answers:
    """Every command on every rung, two at a time."""

    def ask(rung: str, command: str) -> Any:
        result = typical.ask(*command.split(), "-o", "json", gifts=LADDER[rung])
        return {**result.json(), "code": result.code}

    with ThreadPoolExecutor(2) as pool:
        asked = {(r, c): pool.submit(ask, r, c) for r in LADDER for c in COMMANDS}
    return {rung: {c: asked[rung, c].result() for c in COMMANDS} for rung in LADDER}


def own(document: Mapping[str, Any]) -> dict[str, Any]:
    """The shop's six containers by name."""
    found = {one["name"]: one for one in document["containers"] if one["name"] in RUNS}
    assert set(found) == set(RUNS)
    return found


def position(typical: Typical, sha: str) -> tuple[str, int, int]:
    """Position, builds behind and commits behind, counted in the history as it was made."""
    line, built = Line(typical.history), frozenset(typical.built)
    behind = line.reach(line.newest(built)) - line.reach(sha)
    return "behind" if behind else "current", len(behind & built), len(behind)


def grows(before: Any, after: Any) -> bool:
    """Whether what was known stays as it was; unknown and empty may become anything."""
    if isinstance(before, dict):
        if before.get("status") == "unknown":
            return True
        known = (key for key in before if key not in TELLERS)
        return isinstance(after, dict) and all(grows(before[k], after.get(k)) for k in known)
    if isinstance(before, list):
        return len(before) == len(after) and all(map(grows, before, after))
    return before in ("", None) or before == after


def has_truth(typical: Typical, number: int) -> dict[str, tuple[str, str] | None]:
    """How each container holds a pull request, and what reverted it there."""
    history, line = typical.history, Line(typical.history)
    pull = history.pulls[number]
    target = pull.merge_sha or pull.commits[-1]
    truth: dict[str, tuple[str, str] | None] = {}
    for name, sha in typical.runs.items():
        reach = line.reach(sha)
        back = history.named["revert"] if number == 21 and history.named["revert"] in reach else ""
        holds = "same" if sha == target else "ancestor"
        truth[name] = (holds, back) if target in reach else None
    return truth


def leaving(typical: Typical, base: str, head: str) -> set[int]:
    """The merged pull requests that `head` has and `base` lacks."""
    line, history = Line(typical.history), typical.history
    only = line.reach(head) - line.reach(base)
    numbers = {number for sha in only for number in pull_requests(history, sha)}
    return {number for number in numbers if history.pulls[number].state == "merged"}
