"""`rollback-plan` on the world: candidates, reasons and the change, by git and the registry."""

from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

import pytest

from tests.world.git_writer import git
from tests.world.images import fetch_image
from tests.world.outage import github_down
from tests.world.prod import REPOSITORY, Prod
from tests.world.truth import Line, pull_requests

# What was built before web's revision: newest first, and where each image is.
BUILT: Mapping[str, str] = {
    "built-7": "local", "hostile": "registry", "revert": "registry", "built-6": "local",
    "reverted": "local", "built-5": "local", "merge": "registry",
}  # fmt: skip
MOST = 6


def _named(prod: Prod, document: Mapping[str, Any]) -> dict[str, Any]:
    """The candidates by the names of their commits, in the order of the plan."""
    names = {sha: name for name, sha in prod.world.history.named.items()}
    return {names[one["sha"]]: one for one in document["candidates"]}


def _codes(one: Mapping[str, Any]) -> set[str]:
    return {concern["code"] for concern in one["concerns"]} - {"updater-undoes"}


def _leaving(prod: Prod, base: str, head: str) -> set[int]:
    """The merged requests that `head` has and `base` lacks."""
    line, history = Line(prod.world.history), prod.world.history
    only = line.reach(head) - line.reach(base)
    numbers = {number for sha in only for number in pull_requests(history, sha)}
    return {number for number in numbers if history.pulls[number].state == "merged"}


def _numbers(one: Mapping[str, Any]) -> set[int]:
    return {pull["number"] for pull in one["leaves"]["items"]}


def _digest(prod: Prod, name: str) -> str:
    host, sha = prod.world.registry.host, prod.world.history.named[name]
    return fetch_image(host, REPOSITORY, sha, "linux/amd64").digest


@pytest.fixture(scope="module")
def red(prod: Prod) -> Iterator[str]:
    """CI failed on one of the builds that web could go back to."""
    sha = prod.world.history.named["hostile"]
    prod.world.github.tell(sha, "red")
    yield sha
    prod.world.github.tell(sha, "green")


@pytest.fixture(scope="module")
def web(prod: Prod, red: str) -> Any:
    """The plan for web while everything answers."""
    plan = prod.json("rollback-plan", "web")
    assert red in {one["sha"] for one in plan["candidates"]}
    return plan


def test_the_one_to_take(prod: Prod, web: Any) -> None:
    assert web["complete"], web["problems"]
    assert (web["service"], web["running"]["sha"]) == ("web", prod.runs["web"])
    assert (web["problem"], len(web["candidates"])) == (None, MOST)
    first = web["candidates"][0]
    assert first["sha"] == prod.before["web"] == prod.world.history.named["built-7"]
    assert [one["rank"] for one in web["candidates"]] == list(range(1, MOST + 1))
    assert [one["recommended"] for one in web["candidates"]] == [True] + [False] * (MOST - 1)
    image = f"{prod.image}@{_digest(prod, 'built-7')}"
    assert first["change"] == f"in the Compose file, service web: image: {image}"
    assert first["subject"] == prod.world.history.commits[first["sha"]].subject


def test_every_candidate_is_told_rightly(prod: Prod, web: Any) -> None:
    found = _named(prod, web)
    assert set(found) == set(list(BUILT)[:MOST])
    for name, one in found.items():
        assert one["image"] == BUILT[name], name
        assert one["digest"] == _digest(prod, name), name
        assert _numbers(one) == _leaving(prod, one["sha"], prod.runs["web"]), name
        red = name == "hostile"
        assert one["ci"]["at_deploy"] == ("red" if red else "green"), name


def test_order_and_reverts(prod: Prod, web: Any) -> None:
    """Usable ones in git order; then a red one, and those that would bring back what was reverted.

    Before #21 its revert leaves together with it, and nothing comes back.
    """
    found = _named(prod, web)
    assert list(found) == ["built-7", "revert", "built-5", "hostile", "built-6", "reverted"]
    codes = {name: _codes(one) for name, one in found.items()}
    assert codes == {
        "built-7": set(), "revert": set(), "built-5": set(), "hostile": {"ci-red"},
        "built-6": {"brings-back"}, "reverted": {"brings-back"},
    }  # fmt: skip
    [why] = [c["message"] for c in found["built-6"]["concerns"] if c["code"] == "brings-back"]
    named = prod.world.history.named
    assert (
        why == f"would bring back {named['reverted'][:12]}, which {named['revert'][:12]} reverted"
    )


def test_an_image_that_is_gone(prod: Prod) -> None:
    """What api ran before is told by an earlier look alone; the newest build before it is left."""
    found = _named(prod, prod.json("rollback-plan", "api"))
    assert list(found) == ["merge", "direct"]
    gone = found["direct"]
    assert gone["sha"] == prod.before["api"]
    assert (gone["image"], gone["digest"], gone["change"]) == ("gone", "", "")
    assert _codes(gone) == {"image-gone"}
    assert found["merge"]["recommended"]
    assert _numbers(gone) == _leaving(prod, gone["sha"], prod.runs["api"])


def test_who_would_undo_it(prod: Prod, web: Any) -> None:
    plan = prod.json("rollback-plan", "worker")
    said = {c["code"]: c["message"] for c in plan["candidates"][0]["concerns"]}
    assert plan["candidates"][0]["sha"] == prod.before["worker"]
    assert set(said) == {"latest-undoes", "updater-undoes"}
    assert said["latest-undoes"].startswith(f":latest is {prod.runs['web'][:12]}")
    assert said["updater-undoes"].startswith("watchtower on this engine")
    codes = {concern["code"] for concern in web["candidates"][0]["concerns"]}
    assert codes == {"updater-undoes"}


def _changed(prod: Prod, base: str, head: str, path: str) -> Sequence[str]:
    clone = prod.world.history.clone
    return git(clone, "diff", "--name-only", "--no-renames", base, head, "--", path).splitlines()


def test_files_that_were_configured(prod: Prod, tmp_path: Path) -> None:
    config = tmp_path / "config.toml"
    config.write_text(
        '[repos."acme/shop"]\nmigrations = ["src/"]\n[services.web]\npaths = ["web/"]\n',
        encoding="utf-8",
    )
    plan = prod.json("rollback-plan", "web", "--config", str(config))
    for one in plan["candidates"]:
        said = {c["code"]: c["message"] for c in one["concerns"]}
        files = _changed(prod, one["sha"], prod.runs["web"], "src/")
        assert said["migrations"].startswith(", ".join(files[:3])), one
        assert f"and {len(files) - 3} more changed in between" in said["migrations"] or (
            len(files) <= 3
        )
        # Nothing is below web/: going back would change nothing of it.
        assert "paths-untouched" in said
        assert not one["recommended"]
    bare = prod.json("rollback-plan", "web", "--config", str(config), clone=False)
    [said] = [c["message"] for c in bare["candidates"][0]["concerns"] if c["code"] == "migrations"]
    assert "could not be read: git diff --stat" in said


def test_github_down(prod: Prod, web: Any) -> None:
    """Images, order, reverts and the change stand; CI and most requests are not known."""
    with github_down(prod.world):
        plan = prod.json("rollback-plan", "web")
    assert not plan["complete"]
    before, found = _named(prod, web), _named(prod, plan)
    assert set(found) == set(before)
    assert next(iter(found)) == "built-7"
    assert plan["candidates"][0]["recommended"]
    problems = {problem["id"] for problem in plan["problems"]}
    for name, one in found.items():
        for key in ("image", "digest", "change", "subject"):
            assert one[key] == before[name][key], name
        assert _codes(one) == _codes(before[name]) - {"ci-red"}, name
        assert one["ci"]["problem"] in problems
        told = one["leaves"]
        assert told.get("problem") in problems or _numbers(one) == _numbers(before[name])
    # Only squashes lie between these, and a squash names its request.
    assert _numbers(found["built-7"]) == _numbers(before["built-7"])


def test_no_clone(prod: Prod, web: Any) -> None:
    plan = prod.json("rollback-plan", "web", clone=False)
    assert plan["candidates"] == web["candidates"]
    assert plan["complete"]


def test_neither_clone_nor_github(prod: Prod, web: Any) -> None:
    """What served before is known without git; that there may be more is said."""
    with github_down(prod.world):
        plan = prod.json("rollback-plan", "web", clone=False)
        told = prod.ask("rollback-plan", "web", clone=False).stdout
    [only] = plan["candidates"]
    assert (only["sha"], only["recommended"]) == (prod.before["web"], True)
    assert only["change"] == web["candidates"][0]["change"]
    assert only["leaves"]["status"] == only["ci"]["status"] == "unknown"
    assert _codes(only) == {"reverts-unknown"}
    assert plan["problem"] in {problem["id"] for problem in plan["problems"]}
    assert "there may be more builds than these: no clone of acme/shop is at hand (p" in told


def test_the_registry_does_not_answer(prod: Prod, web: Any) -> None:
    """What the engine has is there to go back to."""
    prod.world.gates.registry.shut()
    try:
        plan = prod.json("rollback-plan", "web")
    finally:
        prod.world.gates.registry.open()
    found = _named(prod, plan)
    assert set(found) == {name for name, place in BUILT.items() if place == "local"}
    assert plan["candidates"][0]["change"] == web["candidates"][0]["change"]
    assert plan["candidates"][0]["recommended"]
    assert plan["problem"] in {problem["id"] for problem in plan["problems"]}


@pytest.mark.parametrize("output", ["table", "slack", "json"])
def test_no_command_is_made_up_and_no_secret_told(prod: Prod, output: str) -> None:
    result = prod.ask("rollback-plan", "web", "-o", output)
    assert result.code == 0, result.stderr
    plain = "".join(each for each in result.stdout if each not in " \n`*")
    assert f"serviceweb:image:{prod.image}@sha256:" in plain
    for never in ("docker run", "hunter2", "DATABASE_URL"):
        assert never not in result.stdout + result.stderr


def test_names_that_lead_nowhere(prod: Prod) -> None:
    assert prod.ask("rollback-plan", "no-such-service").code == 2
    unmanaged = prod.ask("rollback-plan", "watchtower", "-o", "json")
    assert "candidates" not in unmanaged.json() or unmanaged.json()["candidates"] == []
