"""A real Swarm: services half-way through an update, and what a worker can tell."""

import re
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.program import whatsrunning
from tests.world.engine import PATIENCE, wait_until
from tests.world.gate import open_gate
from tests.world.swarm import SwarmProcess, start_swarm
from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.engine.client import DockerEngine

OLD, NEW, LABEL, OWN = "a" * 40, "b" * 40, "c" * 40, "d" * 40
# The next replica's turn never comes; a replica that ends is not started again.
_SLOWLY = ("--update-parallelism", "1", "--update-delay", "10h")
_WATCHED = (*_SLOWLY, "--update-monitor", "60s", "--rollback-monitor", "1s",
            "--restart-condition", "none")  # fmt: skip


@pytest.fixture(scope="module")
def swarm(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SwarmProcess]:
    """Five services of ours, each in its own trouble, and one that is not ours."""
    started = start_swarm(tmp_path_factory.mktemp("swarm"))
    try:
        _raise(started)
        yield started
    finally:
        started.stop()


def _raise(it: SwarmProcess) -> None:
    old, new = f"app:{OLD}", f"app:{NEW}"
    it.image(old, {"git.sha": OLD})
    it.image(new, {"git.sha": NEW})
    it.image("db:1", {})
    it.create("web", old, "--replicas", "3", *_SLOWLY)
    it.create("api", old, "--replicas", "2", "--update-failure-action", "pause", *_WATCHED)
    it.create("jobs", old, "--replicas", "2", "--update-failure-action", "rollback", *_WATCHED)
    it.create("tight", old, "--replicas", "2", "--replicas-max-per-node", "1")
    it.create("calm", old, "--label", f"git.sha={LABEL}", "--container-label", f"git.sha={OWN}")
    it.create("db", "db:1", "--mode", "global")
    it.create("away", "db:1", "--constraint", "node.labels.nowhere==1", "--replicas", "2")
    for name, count in {"web": 3, "api": 2, "jobs": 2, "tight": 1, "calm": 1}.items():
        _expect(partial(it.images, name), [old] * count)
    it.update("web", "--image", new)
    it.update("api", "--image", new, "--args", "false")
    it.update("jobs", "--image", new, "--args", "false")
    _expect(lambda: (it.state("web"), it.images("web")), ("updating", [old, old, new]))
    _expect(lambda: (it.state("api"), it.images("api")), ("paused", [old]))
    _expect(lambda: (it.state("jobs"), it.images("jobs")), ("rollback_completed", [old, old]))


def _expect(look: Callable[[], Any], wanted: object) -> None:
    assert wait_until(lambda: look() == wanted), look()


def _ps(it: SwarmProcess, *args: str) -> Any:
    result = whatsrunning("ps", "-o", "json", "--offline", "-H", it.manager.url, *args)
    assert result.code == 0, result.stderr
    return result.json()


def _services(document: Any) -> dict[str, Any]:
    [swarm] = document["swarms"]
    assert swarm["services"]["status"] == "found"
    return {service["name"]: service for service in swarm["services"]["items"]}


def test_asked_for_against_running(swarm: SwarmProcess) -> None:
    document = _ps(swarm)
    services = _services(document)
    counted = {n: (s["managed"], s["desired"], s["running"]) for n, s in services.items()}
    assert counted == {
        "web": (True, 3, 3),
        "api": (True, 2, 1),
        "jobs": (True, 2, 2),
        "tight": (True, 2, 1),
        "calm": (True, 1, 1),
        "db": (False, 1, 1),
        "away": (False, 2, 0),
    }
    states = {name: service["update"]["state"] for name, service in services.items()}
    assert (states["web"], states["api"], states["jobs"]) == (
        "updating", "paused", "rollback_completed"
    )  # fmt: skip
    assert states["calm"] == "none"
    roles = [(node["role"], node["state"]) for node in document["swarms"][0]["nodes"]["items"]]
    assert sorted(roles) == [("manager", "ready"), ("worker", "ready")]


def test_a_task_is_its_container(swarm: SwarmProcess) -> None:
    document = _ps(swarm, "web")
    running = {one["id"]: one for one in document["containers"] if one["state"] == "running"}
    [service] = _services(document).values()
    tasks = {task["container"]: task for task in service["tasks"] if task["state"] == "running"}
    assert set(tasks) == set(running)
    assert {running[key]["replica"] for key in running} == {1, 2, 3}
    assert all(running[key]["replica"] == task["slot"] for key, task in tasks.items())
    shas = sorted(one["revision"]["sha"] for one in running.values())
    assert shas == [OLD, OLD, NEW]


def test_findings(swarm: SwarmProcess) -> None:
    ours = ("update", "rolled", "replicas", "split", "nothing")
    told = {
        (one["service"], one["code"]): one
        for one in _ps(swarm)["findings"]
        if one["code"].startswith(ours)
    }
    assert {key: one["severity"] for key, one in told.items()} == {
        ("web", "update-running"): "info",
        ("web", "split-revisions"): "info",
        ("api", "update-paused"): "warning",
        ("api", "replicas-missing"): "warning",
        ("jobs", "rolled-back"): "warning",
        ("tight", "replicas-missing"): "warning",
    }
    assert "1 of 3 running replicas" in told["web", "update-running"]["message"]
    assert "non-zero exit (1)" in told["api", "update-paused"]["message"]
    assert (
        "1 of 2 replicas running (no suitable node" in told["tight", "replicas-missing"]["message"]
    )


def test_the_labels_of_service_container_and_image_are_kept_apart(swarm: SwarmProcess) -> None:
    document = _ps(swarm, "calm")
    service = _services(document)["calm"]
    carried = {
        carrier: {label["key"]: label["value"] for label in service[f"{carrier}_labels"]}
        for carrier in ("service", "container", "image")
    }
    assert carried == {
        "service": {"git.sha": LABEL},
        "container": {"git.sha": OWN},
        "image": {"git.sha": OLD},
    }
    [one] = document["containers"]
    claims = {(claim["sha"], claim["claimed_by"], claim["copied"]) for claim in one["claims"]}
    assert {(OWN, "container-label", True), (OLD, "image-label", False)} <= claims
    shown = whatsrunning("show", one["name"], "-o", "plain", "--offline", "-H", swarm.manager.url)
    for fact in (f"service label git.sha={LABEL}", f"container label git.sha={OWN}", "replica 1"):
        assert fact in re.sub(" +", " ", shown.stdout)


def test_the_first_screen(swarm: SwarmProcess) -> None:
    shown = whatsrunning("ps", "-o", "plain", "--offline", "-H", swarm.manager.url).stdout
    assert "web: 3 of 3 running, update running" in shown
    assert "api: 1 of 2 running, update PAUSED" in shown
    assert "jobs: 2 of 2 running, ROLLED BACK" in shown
    assert "calm 1/1; 2 nodes, all ready" in shown
    assert "db 1/1" not in shown


def test_a_worker_says_where_the_managers_are(swarm: SwarmProcess) -> None:
    gate = open_gate(str(swarm.worker.socket), swarm.worker.run / "gate.sock")
    try:
        url = f"unix://{gate.address}"
        result = whatsrunning("ps", "--check", "-o", "json", "--offline", "-H", url)
        paths = [path.partition("?")[0].rpartition("/")[2] for _, path in gate.requests]
    finally:
        gate.shut()
    document = result.json()
    # Nothing of ours is on this node: there is nothing to vouch for.
    assert (result.code, document["complete"], document["swarms"]) == (3, True, [])
    [problem] = document["problems"]
    assert problem["code"] == "swarm-worker"
    assert swarm.address in problem["message"]
    assert f"ssh://USER@{swarm.address}" in problem["hint"]
    assert len(paths) == 3
    assert not {"services", "tasks", "nodes"} & set(paths)


def test_a_worker_beside_its_manager_has_nothing_to_add(
    swarm: SwarmProcess, tmp_path: Path
) -> None:
    for name, engine in {"one": swarm.manager, "two": swarm.worker}.items():
        described = f"host={engine.url}"
        swarm.manager.docker("context", "create", name, "--docker", described, check=False)
    env = {"DOCKER_CONFIG": swarm.manager.environment()["DOCKER_CONFIG"]}
    both = ("-c", "two", "-c", "one")
    result = whatsrunning("ps", "-o", "json", "--offline", *both, env=env, home=tmp_path)
    document = result.json()
    assert [engine["status"] for engine in document["engines"]] == ["ok", "ok"]
    assert [swarm["engine"] for swarm in document["swarms"]] == ["one"]
    assert "swarm-worker" not in {problem["code"] for problem in document["problems"]}


def test_only_a_manager_can_be_asked(swarm: SwarmProcess) -> None:
    ours = DockerEngine("w", Endpoint("unix", path=str(swarm.worker.socket)))
    for ask in (ours.services, ours.tasks, ours.nodes):
        with pytest.raises(SourceError) as caught:
            ask(Deadline.after(PATIENCE))
        assert caught.value.problem.code == "api-error"
        assert "manager" in caught.value.problem.message
    ours.close()


def test_a_service_without_a_container_here_can_be_named(swarm: SwarmProcess) -> None:
    document = _ps(swarm, "away")
    assert (document["containers"], list(_services(document))) == ([], ["away"])
    assert _services(document)["away"]["running"] == 0
