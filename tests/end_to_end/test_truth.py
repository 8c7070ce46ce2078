"""`ps`, `show` and `diff` against the truth: every container, every field that matters."""

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest

from tests.world.everything import World
from tests.world.fleet import Truth
from tests.world.truth import place, pull_requests


@pytest.fixture(scope="module")
def ps(world: World) -> dict[str, dict[str, Any]]:
    """The containers of one `ps`, by name."""
    result = world.ask("ps", "-o", "json")
    assert result.code == 0, result.stderr
    document = result.json()
    assert document["complete"], document["problems"]
    return {container["name"]: container for container in document["containers"]}


def test_every_container_is_there(ps: dict[str, Any], world: World) -> None:
    assert sorted(ps) == sorted(world.fleet.truths)


def _claims(said: dict[str, Any]) -> list[tuple[str, str]]:
    return sorted((claim["sha"], claim["claimed_by"]) for claim in said["claims"])


def _wrong(said: dict[str, Any], truth: Truth, world: World) -> dict[str, tuple[Any, Any]]:
    """The fields that are not as they should be: (said, true)."""
    pairs: dict[str, tuple[Any, Any]] = {
        "managed": (said["managed"], truth.managed),
        "state": (said["state"], truth.state),
        "proof": (said["proof"]["status"], truth.proof),
        "claims": (_claims(said), sorted(truth.claims)),
        "service": (said["service"], truth.service or truth.name),
        "health": (said["health"], truth.health),
    }
    if truth.managed:
        pairs |= _judged(said, truth, world)
    return {key: pair for key, pair in pairs.items() if pair[0] != pair[1]}


def _judged(said: dict[str, Any], truth: Truth, world: World) -> dict[str, tuple[Any, Any]]:
    pairs: dict[str, tuple[Any, Any]] = {
        "revision": (said["revision"].get("sha"), truth.sha),
        "identified_by": (said["revision"].get("identified_by"), truth.by),
    }
    if not truth.in_history:
        return {**pairs, "commit": (said["commit"]["status"], "none")}
    commit = world.history.commits[truth.sha]
    where = place(world.fleet, truth, alone=truth.name == "mirrored")
    numbers = tuple(sorted(item["number"] for item in said["pull_requests"].get("items", ())))
    pairs |= {
        "commit": (said["commit"].get("sha"), truth.sha),
        "author": (said["commit"].get("author"), commit.author),
        "pull_requests": (numbers, pull_requests(world.history, truth.sha)),
        "position": (said["built"].get("position"), where.position),
    }
    if where.builds_behind is not None:
        pairs["builds_behind"] = (said["built"].get("builds_behind"), where.builds_behind)
        pairs["commits_behind"] = (said["built"].get("commits_behind"), where.commits_behind)
        pairs["newest"] = (said["built"].get("newest_sha"), where.newest)
    return pairs


def test_ps_tells_the_truth(ps: dict[str, Any], world: World) -> None:
    wrong = {
        name: difference
        for name, truth in world.fleet.truths.items()
        if (difference := _wrong(ps[name], truth, world))
    }
    assert wrong == {}


def test_show_says_the_same_of_every_container(ps: dict[str, dict[str, Any]], world: World) -> None:
    def shown(name: str) -> dict[str, Any]:
        containers = world.ask("show", name, "-o", "json").json()["containers"]
        assert [container["name"] for container in containers] == [name]
        said: dict[str, Any] = containers[0]
        return said

    with ThreadPoolExecutor(4) as pool:
        said = dict(zip(ps, pool.map(shown, ps), strict=True))
    fields = ("claims", "revision", "proof", "commit", "pull_requests", "built", "ci")
    managed = [name for name, truth in world.fleet.truths.items() if truth.managed]
    wrong = {n: field for n in managed for field in fields if said[n][field] != ps[n][field]}
    assert wrong == {}
    # What is asked for by name is looked up, whosever it is.
    assert all(container["managed"] for container in said.values())
    problems = [said[name][field].get("problem") for name in ps for field in ("revision", "ci")]
    assert not [problem for problem in problems if problem and "/unmanaged/" in problem]


def test_diff_orders_by_git(world: World) -> None:
    document = world.ask("diff", "-o", "json").json()
    timeline = next(t for t in document["timelines"] if t["repository"].endswith("/acme/shop"))
    entries = [entry["sha"] for entry in timeline["entries"]]
    order = list(world.history.mainline)
    assert [sha for sha in entries if sha in order] == [sha for sha in order if sha in entries]
    built = {e["sha"] for e in timeline["entries"] if e["built"]["status"] == "found"}
    assert built == world.fleet.built
    running = {
        entry["sha"]: {place["container"] for place in entry["running_on"]}
        for entry in timeline["entries"]
        if entry["running_on"]
    }
    expected: dict[str, set[str]] = {}
    for name, truth in world.fleet.truths.items():
        if truth.managed and truth.name != "mirrored" and truth.state not in ("exited", "created"):
            expected.setdefault(truth.sha, set()).add(name)
    assert running == expected
