"""A Swarm as its manager tells it, while one service is updated and another stands still."""

from dataclasses import replace

from tests.reports.parts import NEW, NOW, OLD, PROD, REPOSITORY, before, container
from whatsrunning.facts.answers import Found, Problem, Unknown
from whatsrunning.report.container import Finding
from whatsrunning.report.report import Report
from whatsrunning.report.swarm import Swarm, SwarmNode, SwarmService, SwarmTask, SwarmUpdate

_LOST = Problem(
    "engine", "edge", "api-error", "the engine at edge answered 503: the swarm has no leader", ""
)


def swarm() -> Report:
    """Two Swarms: one with an update that was paused, one whose manager does not tell."""
    web = replace(container("web.1.k1", "web"), replica=1)
    lagging = replace(container("web.2.k2", "web", OLD, 900), replica=2)
    edge = replace(PROD, id="EDGE", context="edge", name="edge-1")
    told = Swarm("prod", Found((_web(), _service("api", 2, 2))), Found((_node(1), _node(2))))
    silent = Swarm("edge", Unknown(_LOST), Unknown(_LOST))
    paused = Finding("update-paused", "warning", "prod", "", "web", "web has a paused update", "")
    return Report(
        "ps", NOW, False, (PROD, edge), (web, lagging), (paused,), (_LOST,), swarms=(told, silent)
    )


def _web() -> SwarmService:
    update = SwarmUpdate("paused", "update paused due to failure", before(12), None)
    tasks = (
        _task(1, NEW, "running"),
        _task(2, OLD, "running"),
        replace(_task(3, NEW, "failed"), error="task: non-zero exit (1)"),
    )
    return replace(_service("web", 3, 2), update=update, tasks=tasks)


def _service(name: str, desired: int, running: int) -> SwarmService:
    return SwarmService(
        id=f"{name}id",
        name=name,
        managed=True,
        image=f"{REPOSITORY}:{NEW}",
        mode="replicated",
        desired=desired,
        running=running,
        update=SwarmUpdate("none", "", None, None),
        labels={"git.sha": OLD},
        container_labels={"git.sha": NEW},
        image_labels=None if name == "api" else {"org.opencontainers.image.revision": NEW},
        tasks=(),
    )


def _task(slot: int, sha: str, state: str) -> SwarmTask:
    image = f"{REPOSITORY}:{sha}"
    return SwarmTask(
        f"t{slot}", slot, "node-1", f"c{slot}", image, state, "running", before(12), ""
    )


def _node(number: int) -> SwarmNode:
    state = "ready" if number == 1 else "down"
    return SwarmNode(
        f"n{number}", f"node-{number}", "manager", number == 1, state, "active", "10.0.0.1"
    )
