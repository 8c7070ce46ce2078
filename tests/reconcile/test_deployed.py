"""Deployed at, health and what the engine's list says in words (DESIGN sections 1 and 7)."""

from datetime import timedelta
from typing import Any

import pytest

from tests.facts import IMAGE, REPOSITORY, Scene, digest, minutes_ago, sha
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.verdicts.inventory.status_text import health, up_for

OLD = {"created_at": minutes_ago(5000), "status": "Up 2 minutes"}
STARTED: dict[str, Any] = {"started_at": minutes_ago(2), "finished_at": minutes_ago(90)}


def scene_of(inspection: dict[str, Any] | None, **said: Any) -> Scene:
    """One container of ours, and what an inspection of it would tell."""
    scene = Scene(project=REPOSITORY)
    scene.image(digest("config"), f"{IMAGE}:{sha('v')}")
    container = scene.container("web", f"{IMAGE}:{sha('v')}", digest("config"), **said)
    if inspection is not None:
        scene.inspect(container, **inspection)
    return scene


def other(scene: Scene, status: str) -> Scene:
    """A second container on the engine, up for as long as its status says."""
    scene.container("db", "postgres:15", digest("pg"), status=status)
    return scene


@pytest.mark.parametrize(
    ("scene", "minutes", "word"),
    [
        (scene_of(None), 30, "created"),
        (scene_of(None, status="Up About an hour", created_at=minutes_ago(60)), 60, "created"),
        (scene_of(STARTED, **OLD), 2, "started at"),
        (scene_of({**STARTED, "restart_count": 3, "restart_policy": "always"}, **OLD), 5000,
         "restart policy"),
        (scene_of({**STARTED, "restart_policy": "always"}, **OLD), 5000, "engine itself"),
        (other(scene_of({**STARTED, "restart_policy": "always"}, **OLD), "Up 3 weeks"), 2,
         "started at"),
        (other(scene_of({**STARTED, "restart_policy": "unless-stopped"}, **OLD), "Up 2 minutes"),
         5000, "engine itself"),
        (scene_of({"started_at": minutes_ago(30)}, state="exited", status="Exited (1)"), 30,
         "created"),
    ],
)  # fmt: skip
def test_deployed_at(scene: Scene, minutes: float, word: str) -> None:
    deployed = scene.one().deployed_at
    assert isinstance(deployed, Found)
    assert deployed.value.at == minutes_ago(minutes)
    assert word in deployed.value.evidence


def test_a_container_that_never_started_was_never_deployed() -> None:
    scene = scene_of({"started_at": None}, state="created", status="Created")
    assert scene.one().deployed_at == Nothing()


def test_without_its_inspection_it_is_unknown() -> None:
    scene = scene_of(STARTED, **OLD)
    scene.lose(ask.EngineInspect)
    assert isinstance(scene.one().deployed_at, Unknown)


@pytest.mark.parametrize(
    ("said", "asked"),
    [
        ({}, 0),
        ({"status": "Up 30 minutes (healthy)"}, 0),
        ({"status": "Up 29 minutes (Paused)", "state": "paused"}, 0),
        ({"status": "Up 30 minutes (unhealthy)"}, 1),
        ({"status": "Restarting (1) 2 seconds ago", "state": "restarting"}, 1),
        ({"status": "Exited (137) 2 hours ago", "state": "exited"}, 1),
        ({"image": digest("config")}, 1),
        (OLD, 1),
    ],
)
def test_only_some_are_inspected(said: dict[str, Any], asked: int) -> None:
    scene = Scene(project=REPOSITORY)
    scene.image(digest("config"), f"{IMAGE}:{sha('v')}")
    image = {"image": f"{IMAGE}:{sha('v')}", **said}
    scene.container("web", image.pop("image"), digest("config"), **image)
    scene.look()
    inspections = [q for q in scene.answers.asked if isinstance(q, ask.EngineInspect)]
    assert len(inspections) == asked


def test_what_an_inspection_adds() -> None:
    inspection = {
        "started_at": minutes_ago(3), "finished_at": minutes_ago(1), "exit_code": 137,
        "oom_killed": True, "restart_count": 4, "restart_policy": "always",
    }  # fmt: skip
    web = scene_of(inspection, state="exited", status="Exited (137) 1 minute ago").one()
    told = (web.exit_code, web.oom_killed, web.restart_count, web.restart_policy, web.finished_at)
    assert told == (137, True, 4, "always", minutes_ago(1))


@pytest.mark.parametrize(
    ("status", "least", "most"),
    [
        ("Up Less than a second", 0, 1),
        ("Up 5 seconds", 5, 6),
        ("Up 1 second", 1, 2),
        ("Up About a minute", 60, 120),
        ("Up 2 minutes (unhealthy)", 120, 180),
        ("Up 47 hours (Paused)", 47 * 3600 - 1800, 48 * 3600),
        ("Up 3 days", 3 * 86400, 4 * 86400),
        ("Up 2 weeks", 14 * 86400, 21 * 86400),
    ],
)
def test_up_for(status: str, least: int, most: int) -> None:
    assert up_for(status) == (timedelta(seconds=least), timedelta(seconds=most))


@pytest.mark.parametrize("status", ["", "Created", "Exited (0) 2 hours ago", "Up a while", "Up 3"])
def test_no_uptime(status: str) -> None:
    assert up_for(status) is None


@pytest.mark.parametrize(
    ("state", "status", "told"),
    [
        ("running", "Up 2 minutes", "none"),
        ("running", "Up 2 minutes (healthy)", "healthy"),
        ("running", "Up 2 minutes (unhealthy)", "unhealthy"),
        ("running", "Up 2 seconds (health: starting)", "starting"),
        ("exited", "Exited (1) 2 hours ago", "none"),
    ],
)
def test_health(state: str, status: str, told: str) -> None:
    assert health(state, status) == told
