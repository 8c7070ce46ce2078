"""Scenes with a past: the service `web` of the project `shop`, and what is left of it."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from tests.scene import IMAGE, REPOSITORY, Scene, digest, lost, minutes_ago, sha
from whatsrunning.facts.answers import Found
from whatsrunning.facts.engine import EngineContainers, EngineEvents, EngineInspect, EventFacts
from whatsrunning.facts.github import DeploymentFacts, GithubDeployments
from whatsrunning.facts.journal import JournalEntry, JournalLooks
from whatsrunning.facts.registry import RegistryContent, RegistryManifest, RegistryTags

LABELS = {"com.docker.compose.service": "web", "com.docker.compose.project": "shop"}


def scene_of_web(**scope: Any) -> Scene:
    """`web-1` runs `now`, deployed half an hour ago."""
    scene = Scene(**scope)
    runs(scene, "web-1", "now", 30)
    return scene


def runs(scene: Scene, name: str, word: str, age: float, **labels: str) -> str:
    """A container that runs a commit since so many minutes; its ID."""
    image = scene.image(digest(word), labels={"git.sha": sha(word)} if word else {})
    return scene.container(
        name, f"{IMAGE}:{sha(word)}", image, LABELS | labels, created_at=minutes_ago(age)
    )


def doubtful(scene: Scene) -> None:
    """The registry is not reached, and two labels of what runs disagree: nobody can tell."""
    listed = scene.answers[EngineContainers("prod")].value
    labels = {"org.opencontainers.image.revision": sha("else")}
    changed = [replace(one, labels={**one.labels, **labels}) for one in listed]
    scene.answers[EngineContainers("prod")] = Found(tuple(changed))
    scene.lose(RegistryManifest, RegistryContent, RegistryTags)


def stopped(scene: Scene, name: str, word: str, began: float, ended: float, **labels: str) -> None:
    """A container that served between these minutes before the look, and is still listed."""
    image = scene.image(digest(word), labels={"git.sha": sha(word)})
    gone = scene.container(
        name, f"{IMAGE}:{sha(word)}", image, LABELS | labels,
        state="exited", status="Exited (0)", created_at=minutes_ago(began),
    )  # fmt: skip
    scene.inspect(gone, started_at=minutes_ago(began), finished_at=minutes_ago(ended))


def look(word: str, at: float, since: float, **more: Any) -> JournalEntry:
    """A line of the journal: the commit was seen so many minutes ago, deployed at `since`."""
    known: dict[str, Any] = {
        "at": minutes_ago(at), "engine_id": "ID-prod", "service": "web", "container": "web-1",
        "sha": sha(word) if word else "", "image_id": digest(word),
        "deployed_at": minutes_ago(since),
    }  # fmt: skip
    return JournalEntry(**(known | more))


def event(word: str, action: str, at: float, name: str = "web-1", **labels: str) -> EventFacts:
    """An event of a container that is gone, so many minutes ago."""
    said = {**LABELS, "git.sha": sha(word), **labels}
    return EventFacts(minutes_ago(at), action, f"gone-{word}", name, IMAGE, said)


def deployment(word: str, at: float, **more: Any) -> DeploymentFacts:
    """GitHub's deployment of a commit, asked for so many minutes ago."""
    known: dict[str, Any] = {
        "id": 1, "sha": sha(word), "environment": "production", "created_at": minutes_ago(at),
        "state": "success", "url": "",
    }  # fmt: skip
    return DeploymentFacts(**(known | more))


def remember(
    scene: Scene,
    *,
    looks: tuple[JournalEntry, ...] = (),
    events: tuple[EventFacts, ...] = (),
    deployments: tuple[DeploymentFacts, ...] = (),
) -> Scene:
    """What the journal, the engine's events and GitHub tell; the same scene."""
    scene.clone("now", "old", "older")
    scene.answers[JournalLooks("ID-prod")] = Found(looks)
    scene.answers[EngineEvents("prod")] = Found(events)
    scene.answers[GithubDeployments(REPOSITORY)] = Found(deployments)
    return scene


def _stopped_ones() -> Scene:
    scene = remember(scene_of_web())
    stopped(scene, "web-old", "old", 129, 29)
    stopped(scene, "web-older", "older", 400, 300)
    return scene


def _a_replica_of_another_revision() -> Scene:
    scene = remember(scene_of_web(), looks=(look("older", 300, 500),))
    runs(scene, "web-2", "old", 90)
    return scene


def _down_in_between() -> Scene:
    scene = remember(scene_of_web(), looks=(look("old", 300, 500),))
    stopped(scene, "web-0", "now", 200, 100)
    return scene


def _another_project() -> Scene:
    """Two projects on one engine may both call a service `web`."""
    looks = (look("test", 35, 135, container="test-web-1"), look("old", 40, 140))
    scene = remember(scene_of_web(), looks=looks)
    runs(scene, "test-web-1", "test", 30, **{"com.docker.compose.project": "test"})
    return scene


def _without(source: JournalLooks | EngineEvents | GithubDeployments) -> Scene:
    scene = remember(scene_of_web())
    scene.answers[source] = lost(source)
    return scene


def _a_sibling_that_cannot_be_inspected() -> Scene:
    scene = _stopped_ones()
    for query in [query for query in scene.answers if isinstance(query, EngineInspect)]:
        scene.answers[query] = lost(query)
    return scene


SCENES: Mapping[str, Callable[[], Scene]] = {
    "nothing is left": lambda: remember(scene_of_web()),
    "stopped containers": _stopped_ones,
    "a look": lambda: remember(scene_of_web(), looks=(look("old", 40, 140),)),
    "a look that found no revision": lambda: remember(
        scene_of_web(), looks=(look("", 33, 40), look("old", 50, 140))
    ),
    "created again at the same revision": lambda: remember(
        scene_of_web(), looks=(look("now", 45, 60), look("old", 70, 80))
    ),
    "events from start to end": lambda: remember(
        scene_of_web(), events=(event("old", "start", 90), event("old", "die", 31))
    ),
    "an event of the end alone": lambda: remember(
        scene_of_web(), events=(event("old", "die", 30),)
    ),
    "an end soon after its replacement began": lambda: remember(
        scene_of_web(), events=(event("old", "die", 25),)
    ),
    "an end long after": lambda: remember(scene_of_web(), events=(event("old", "die", 5),)),
    "GitHub's deployments": lambda: remember(
        scene_of_web(), deployments=(deployment("now", 31), deployment("old", 100))
    ),
    "a replica of another revision": _a_replica_of_another_revision,
    "down in between": _down_in_between,
    "another project": _another_project,
    "no journal": lambda: _without(JournalLooks("ID-prod")),
    "no events": lambda: _without(EngineEvents("prod")),
    "no deployments": lambda: _without(GithubDeployments(REPOSITORY)),
    "no inspection": _a_sibling_that_cannot_be_inspected,
    "everything": lambda: remember(
        _stopped_ones(),
        looks=(look("ages", 700, 900), look("now", 10, 30)),
        events=(event("mid", "start", 250), event("mid", "die", 130)),
        deployments=(deployment("old", 131),),
    ),
}
"""Whatever can be left of a past, by name."""
