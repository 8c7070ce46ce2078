"""A manager's and a worker's facts, built by hand: services, tasks, nodes."""

from dataclasses import replace
from typing import Any

from tests.scene import IMAGE, NOW, Scene, digest, minutes_ago, sha
from whatsrunning.checks.findings import findings
from whatsrunning.facts.answers import Found
from whatsrunning.facts.engine import EngineInfo, EngineNodes, EngineServices, EngineTasks
from whatsrunning.facts.swarm import NodeFacts, ServiceFacts, TaskFacts, UpdateFacts
from whatsrunning.report.container import Finding
from whatsrunning.report.swarm import SwarmService

V, W = sha("v"), sha("w")
MANAGERS = ("10.0.0.1:2377", "[fd00::2]:2377")
CODES = {
    "update-running", "update-paused", "rolled-back", "replicas-missing", "nothing-running",
    "split-revisions",
}  # fmt: skip
LONG_AGO = 600
"""Minutes, more than any update takes to settle."""


def service(name: str = "web", **more: Any) -> ServiceFacts:
    """A managed replicated service that was never updated."""
    known: dict[str, Any] = {
        "id": f"{name}-id", "name": name, "image": f"{IMAGE}:{V}", "mode": "replicated",
        "replicas": 2, "created_at": minutes_ago(LONG_AGO), "updated_at": minutes_ago(LONG_AGO),
        "update": UpdateFacts("none"), "container_labels": {"git.sha": V},
    }  # fmt: skip
    return ServiceFacts(**(known | more))


def updated(state: Any, message: str = "", **more: Any) -> ServiceFacts:
    """A service whose newest update is so far."""
    return service(update=UpdateFacts(state, message, minutes_ago(5)), **more)


def task(slot: int = 1, state: str = "running", **more: Any) -> TaskFacts:
    """A task on the first node that is meant to run."""
    known: dict[str, Any] = {
        "id": f"t{slot}{state}", "service": "web-id", "node": "n1", "slot": slot,
        "image": f"{IMAGE}:{V}", "container": f"c{slot}", "state": state, "desired": "running",
        "at": minutes_ago(5), "error": "",
    }  # fmt: skip
    return TaskFacts(**(known | more))


def failed(slot: int, error: str = "task: non-zero exit (1)") -> TaskFacts:
    """A task that ended, and is not to run again."""
    return task(slot, "failed", desired="shutdown", error=error)


def node(name: str, **more: Any) -> NodeFacts:
    """A node that is ready."""
    known: dict[str, Any] = {
        "id": name, "name": f"host-{name}", "role": "manager", "leader": name == "n1",
        "state": "ready", "availability": "active", "address": "10.0.0.1",
    }  # fmt: skip
    return NodeFacts(**(known | more))


NODES = (node("n1"), node("n2", role="worker"), node("n3", state="down"))
BOTH = (task(1), task(2))


def managed(*told: ServiceFacts, tasks: tuple[TaskFacts, ...] = BOTH) -> Scene:
    """A manager that tells of these."""
    scene = Scene(offline=True, journal=False)
    manage(scene, *told, tasks=tasks)
    return scene


def manage(scene: Scene, *told: ServiceFacts, tasks: tuple[TaskFacts, ...] = BOTH) -> None:
    """Make the scene's newest engine a manager."""
    name = scene.engine
    info = scene.answers[EngineInfo(name)].value
    swarm = replace(info, swarm="manager", managers=MANAGERS)
    scene.answers[EngineInfo(name)] = Found(swarm)
    scene.answers[EngineServices(name)] = Found(told)
    scene.answers[EngineTasks(name)] = Found(tasks)
    scene.answers[EngineNodes(name)] = Found(NODES)


def container(scene: Scene, name: str, label: str = V, **more: Any) -> str:
    """A task's container on the scene's newest engine."""
    labels = {
        "git.sha": label,
        "com.docker.swarm.service.name": name.partition(".")[0],
        "com.docker.swarm.task.name": name,
    }
    return scene.container(name, f"{IMAGE}:{label}", digest("i"), labels, **more)


def told(scene: Scene, **scope: Any) -> list[Finding]:
    """The findings that are Swarm's business."""
    report = scene.look(**scope)
    known = findings(report, NOW)
    return [finding for finding in known if finding.code in CODES]


def only(scene: Scene, **scope: Any) -> SwarmService:
    """The one service of the one Swarm."""
    [swarm] = scene.look(**scope).swarms
    assert isinstance(swarm.services, Found)
    [known] = swarm.services.value
    return known


def worker(scene: Scene, managers: tuple[str, ...] = MANAGERS) -> Scene:
    """Make the scene's newest engine a worker."""
    query = EngineInfo(scene.engine)
    info = scene.answers[query].value
    scene.answers[query] = Found(replace(info, swarm="worker", managers=managers))
    return scene


def managed_beside(name: str) -> Scene:
    """A manager, and one more engine."""
    scene = Scene()
    manage(scene, service())
    scene.add_engine(name)
    return scene
