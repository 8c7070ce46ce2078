"""One real case of every CI verdict, told at GitHub and asked of the whole program."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.world.everything import World
from tests.world.github.stories import Story, job, run, tell

Said = Mapping[str, Any]
DEPLOY = job("deploy", deployment=True)


def _at(deployed: datetime, seconds: int) -> str:
    """An instant around the deploy; a minute is more than the clocks' error."""
    return (deployed + timedelta(seconds=seconds)).isoformat()


def _around(deployed: datetime, conclusion: str, *others: Story) -> Story:
    """A job that began before the deploy and ended after it, or goes on where it concludes ''."""
    began, ends = _at(deployed, -120), _at(deployed, 60)
    return {"runs": [run(job("test", conclusion, began, ends), *others, created=began)]}


def _failed_then_run_again(deployed: datetime) -> Story:
    """Green by now, and red when it was deployed."""
    first = {"began": 30, "jobs": [job("test", "failure"), job("lint")]}
    began, ends = _at(deployed, 60), _at(deployed, 90)
    again = {"began": began, "jobs": [job("test", "success", began, ends)]}
    return {"runs": [run(attempts=[first, again])]}


def _rolling_out(deployed: datetime) -> Story:
    """Tests that have passed, and a last job that runs until the deploy is done."""
    return {"runs": [run(job("test"), job("rollout", "", _at(deployed, -20)))]}


def _told(deployed: Mapping[str, datetime]) -> dict[str, Story | str]:
    """What CI did on the commit of each container."""
    branch: Story = {"runs": [run(job("test"), event="pull_request")]}
    return {
        "hostile": "green",
        "two-tags": "rerun",
        "tag-only": "status-only",
        "rebuilt": "red",
        "denied": _failed_then_run_again(deployed["denied"]),
        "rebase-2": _around(deployed["rebase-2"], "success", DEPLOY),
        "revert": _around(deployed["revert"], "failure", DEPLOY),
        "cherry-pick": _around(deployed["cherry-pick"], "", DEPLOY),
        "shop_web_1": _around(deployed["shop_web_1"], ""),
        "never-pushed": _rolling_out(deployed["never-pushed"]),
        "multi-arch": "cancelled",
        "pruned": "scheduled",
        "merge": "none",
        "merge/head": branch,  # of the request that merge-side's commit is in the middle of
        "squash": "none",
        "squash/head": branch,
        "saved": "none",
    }


# container -> at_deploy, outcome, via, and what its reason names
CASES: Mapping[str, tuple[str, str, str, str]] = {
    "hostile": ("green", "success", "", ""),
    "two-tags": ("green", "success", "", ""),
    "tag-only": ("green", "success", "", ""),
    "rebuilt": ("red", "failure", "", ""),
    "denied": ("red", "failure", "", ""),
    "rebase-2": ("raced", "success", "", ""),
    "revert": ("raced", "failure", "", ""),
    "cherry-pick": ("pending", "", "", ""),
    "shop_web_1": ("unknown", "", "", "cannot be told apart"),
    "never-pushed": ("green", "success", "", ""),
    "multi-arch": ("no-verdict", "cancelled", "", ""),
    "pruned": ("no-run", "", "", "nightly"),
    "merge": ("no-run", "", "", "tested-before-merge"),
    "squash": ("green", "success", "same-tree", ""),
    "saved": ("no-run", "", "", "path-filtered"),
    "merge-side": ("no-run", "", "", ""),
}


def _ask(world: World) -> dict[str, Any]:
    result = world.ask("ps", "-o", "json")
    assert result.code == 0, result.stderr
    document: dict[str, Any] = result.json()
    return document


def _containers(document: Said) -> dict[str, Any]:
    return {container["name"]: container for container in document["containers"]}


def _sha(world: World, name: str) -> str:
    """A container's commit; `NAME/head` is the last commit of the pull request that brought it."""
    container, _, head = name.partition("/")
    sha = world.fleet.truths[container].sha
    if not head:
        return sha
    (number,) = world.history.pulls_of[sha]
    return world.history.pulls[number].commits[-1]


def _record(world: World, sha: str, story: Story | str) -> Said:
    """A deployment whose log is the last job of the story, as a deploy action writes it."""
    committed = world.history.commits[sha].committed_at
    rollout = tell(story, sha, committed.isoformat()).checks[-1]
    page = f"https://github.com/acme/shop/runs/{rollout['id']}"
    return {
        "id": 41, "sha": sha, "environment": "production", "states": ["in_progress"], "url": page,
        "created_at": f"{committed:%Y-%m-%dT%H:%M:%SZ}",
    }  # fmt: skip


@pytest.fixture(scope="module")
def document(world: World) -> Any:
    """One `ps` while GitHub tells the stories; everything is green again afterwards."""
    deployed = {
        name: datetime.fromisoformat(said["deployed_at"]["at"])
        for name, said in _containers(_ask(world)).items()
        if said["deployed_at"]["status"] == "found"
    }
    told = {_sha(world, name): story for name, story in _told(deployed).items()}
    for sha, story in told.items():
        world.github.tell(sha, story)
    shipped = _sha(world, "never-pushed")
    world.github.deploy(_record(world, shipped, told[shipped]))
    yield _ask(world)
    for sha in told:
        world.github.tell(sha, "green" if sha in world.history.mainline else "none")
    world.github.deploy()


@pytest.mark.parametrize("name", CASES)
def test_ci_at_deploy(document: Said, name: str) -> None:
    ci = _containers(document)[name]["ci"]
    assert ci["status"] == "found", ci
    at_deploy, outcome, via, reason = CASES[name]
    assert (ci["at_deploy"], ci.get("outcome") or "", ci.get("via") or "") == (
        at_deploy, outcome, via,
    ), ci  # fmt: skip
    said = ci.get("reason") or ""
    assert reason.casefold() in said.casefold()
    assert bool(said) == bool(reason), said


def test_every_verdict_has_its_case() -> None:
    verdicts = {"green", "raced", "red", "pending", "no-run", "no-verdict", "unknown"}
    assert {at_deploy for at_deploy, *_ in CASES.values()} == verdicts


def test_what_the_on_call_is_told(document: Said) -> None:
    ours = [found for found in document["findings"] if found["container"] in CASES]
    codes = {"ci-red", "raced-then-red", "deployed-before-ci-finished", "no-ci-run"}
    told = {(found["container"], found["code"]) for found in ours if found["code"] in codes}
    assert told == {
        ("rebuilt", "ci-red"),
        ("denied", "ci-red"),
        ("revert", "raced-then-red"),
        ("rebase-2", "deployed-before-ci-finished"),
        ("cherry-pick", "deployed-before-ci-finished"),
        ("pruned", "no-ci-run"),
        ("merge-side", "no-ci-run"),
    }


def test_gates_are_named(document: Said) -> None:
    gates = _containers(document)["rebuilt"]["ci"]["gates"]
    assert {gate["name"]: gate["conclusion"] for gate in gates} == {
        "lint": "success",
        "test": "failure",
    }
    assert all(gate["url"].startswith("https://github.com/acme/shop/") for gate in gates)
