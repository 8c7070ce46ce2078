"""When a container became what serves, and which containers are inspected for it."""

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, minutes_ago, sha
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.engine import EngineInspect
from whatsrunning.verdicts.inventory.deployed_at import add_clamped

OLD = {"created_at": minutes_ago(5000), "status": "Up 2 minutes"}
STARTED: dict[str, Any] = {"started_at": minutes_ago(2), "finished_at": minutes_ago(90)}


def scene_of(inspection: dict[str, Any] | None, **listed: Any) -> Scene:
    """One managed container, and what an inspection of it would tell."""
    scene = Scene(project=REPOSITORY)
    scene.image(digest("config"), f"{IMAGE}:{sha('v')}")
    container = scene.container("web", f"{IMAGE}:{sha('v')}", digest("config"), **listed)
    if inspection is not None:
        scene.inspect(container, **inspection)
    return scene


def restarted(policy: str, other: str = "", **inspection: Any) -> Scene:
    """An old container, started again under a restart policy; `other` is another one's status."""
    scene = scene_of({**STARTED, "restart_policy": policy, **inspection}, **OLD)
    if other:
        scene.container("db", "postgres:15", digest("pg"), status=other)
    return scene


@pytest.mark.parametrize(
    ("scene", "minutes", "word"),
    [
        pytest.param(scene_of(None), 30, "created", id="started as it was created"),
        pytest.param(
            scene_of(None, status="Up About an hour", created_at=minutes_ago(60)), 60, "created",
            id="the uptime in words",
        ),
        pytest.param(scene_of(STARTED, **OLD), 2, "started at", id="started by hand"),
        pytest.param(
            restarted("always", restart_count=3), 5000, "restart policy", id="restarted by policy"
        ),
        pytest.param(
            restarted("always"), 5000, "engine itself", id="the engine restarted, no other to tell"
        ),
        pytest.param(
            restarted("always", "Up 3 weeks"), 2, "started at", id="another one kept running"
        ),
        pytest.param(
            restarted("unless-stopped", "Up 2 minutes"), 5000, "engine itself",
            id="all started together",
        ),
        pytest.param(
            restarted("no", "Up 2 minutes"), 2, "started at", id="no policy keeps it running"
        ),
        pytest.param(
            scene_of({"started_at": minutes_ago(30)}, state="exited", status="Exited (1)"), 30,
            "created", id="ended by now",
        ),
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


def test_a_stopped_container_that_is_gone_was_never_deployed() -> None:
    assert scene_of(None, state="exited", status="Exited (1)").one().deployed_at == Nothing()


def test_without_its_inspection_it_is_unknown() -> None:
    scene = scene_of(STARTED, **OLD)
    scene.lose(EngineInspect)
    assert isinstance(scene.one().deployed_at, Unknown)


@pytest.mark.parametrize(
    ("listed", "asked"),
    [
        pytest.param({}, 0, id="running"),
        pytest.param({"status": "Up 30 minutes (healthy)"}, 0, id="healthy"),
        pytest.param({"status": "Up 29 minutes (Paused)", "state": "paused"}, 0, id="paused"),
        pytest.param({"status": "Up 30 minutes (unhealthy)"}, 1, id="unhealthy"),
        pytest.param(
            {"status": "Restarting (1) 2 seconds ago", "state": "restarting"}, 1, id="restarting"
        ),
        pytest.param({"status": "Exited (137) 2 hours ago", "state": "exited"}, 1, id="stopped"),
        pytest.param({"image": digest("config")}, 1, id="listed by a bare image ID"),
        pytest.param({"image": digest("config")[7:19]}, 1, id="listed by a short image ID"),
        pytest.param(OLD, 1, id="started long after it was created"),
    ],
)
def test_only_some_are_inspected(listed: dict[str, Any], asked: int) -> None:
    scene = Scene(project=REPOSITORY)
    scene.image(digest("config"), f"{IMAGE}:{sha('v')}")
    entry = {"image": f"{IMAGE}:{sha('v')}", **listed}
    scene.container("web", entry.pop("image"), digest("config"), {"git.sha": sha("v")}, **entry)
    scene.look()
    inspections = [query for query in scene.answers.asked if isinstance(query, EngineInspect)]
    assert len(inspections) == asked


def test_what_an_inspection_adds() -> None:
    inspection = {
        "started_at": minutes_ago(3), "finished_at": minutes_ago(1), "exit_code": 137,
        "oom_killed": True, "restart_count": 4, "restart_policy": "always",
    }  # fmt: skip
    web = scene_of(inspection, state="exited", status="Exited (137) 1 minute ago").one()
    told = (web.exit_code, web.oom_killed, web.restart_count, web.restart_policy, web.finished_at)
    assert told == (137, True, 4, "always", minutes_ago(1))


def test_a_container_that_runs_has_no_exit_code() -> None:
    web = scene_of({"exit_code": 137, "restart_count": 4}, status="Up 9 minutes (unhealthy)").one()
    assert (web.exit_code, web.restart_count) == (None, 4)


@pytest.mark.parametrize(
    ("by", "year"),
    [(timedelta.max, 9999), (timedelta.min, 1), (timedelta(days=1), 2026)],
    ids=["past the last instant", "before the first", "in between"],
)
def test_no_instant_lies_outside_the_calendar(by: timedelta, year: int) -> None:
    assert add_clamped(datetime(2026, 3, 4, tzinfo=UTC), by).year == year
