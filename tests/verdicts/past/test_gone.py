"""Services without any container: told where everything was read that could have one."""

from dataclasses import replace
from typing import Any

import pytest

from tests.scene import NOW, Scene, lost, sha
from tests.verdicts.past.past_scene import LABELS, look, remember, runs, scene_of_web
from whatsrunning.checks.findings import findings
from whatsrunning.facts.engine import EngineContainers, EngineInfo
from whatsrunning.facts.journal import JournalEntry
from whatsrunning.facts.scope import ServiceRule
from whatsrunning.report.commands import Gone

HOUR, DAY = 60, 24 * 60
CRON = ServiceRule(repo="acme/shop")


def cron(at: float = HOUR, **more: Any) -> JournalEntry:
    """A look saw `cron` so many minutes ago."""
    known = {"service": "cron", "container": "cron-1", "container_id": "c" * 64, "project": "shop"}
    return look("old", at, at + HOUR, **{**known, **more})


def scene_of(*looks: JournalEntry, **scope: Any) -> Scene:
    """`web` runs; the journal has these lines."""
    return remember(scene_of_web(**scope), looks=looks)


def told(scene: Scene) -> list[tuple[str, str, bool, str]]:
    """Engine, PROJECT/SERVICE, whether it is configured, and what ran."""
    words = {sha("old"): "old", sha("now"): "now", "": ""}
    return [
        (one.engine, f"{one.project}/{one.service}", one.configured, words[one.sha])
        for one in scene.look().gone
    ]


SEEN = ("prod", "shop/cron", False, "old")


@pytest.mark.parametrize(
    ("scene", "expected"),
    [
        pytest.param(scene_of(cron()), [SEEN], id="a look saw it"),
        pytest.param(scene_of(cron(2 * HOUR), cron()), [SEEN], id="told once"),
        pytest.param(scene_of(cron(8 * DAY)), [], id="too long ago"),
        pytest.param(
            scene_of(cron(8 * DAY), service_rules={"cron": CRON}),
            [("prod", "shop/cron", True, "old")], id="configured, however long ago",
        ),
        pytest.param(
            scene_of(service_rules={"cron": CRON}), [("", "/cron", True, "")],
            id="configured for no engine, and never seen",
        ),
        pytest.param(
            scene_of(service_rules={"cron": replace(CRON, context="prod")}),
            [("prod", "/cron", True, "")], id="configured for this engine",
        ),
        pytest.param(
            scene_of(cron(), service_rules={"cron": replace(CRON, context="other")}), [SEEN],
            id="configured for an engine that is not asked",
        ),
        pytest.param(scene_of(service_rules={"web": CRON}), [], id="configured and there"),
        pytest.param(
            scene_of(cron(service="web", container="web-9")), [],
            id="another container of its service",
        ),
        pytest.param(
            scene_of(cron(service="web", project="preview")),
            [("prod", "preview/web", False, "old")], id="of another project",
        ),
        pytest.param(
            scene_of(cron(container="web-1")), [], id="its container is another service's now"
        ),
        pytest.param(scene_of(cron(), services=("web",)), [], id="another service is asked for"),
        pytest.param(scene_of(cron(), services=("shop/cron",)), [SEEN], id="it is asked for"),
        pytest.param(scene_of(cron(), journal=False), [], id="the journal is not to be read"),
    ],
)  # fmt: skip
def test_gone(scene: Scene, expected: list[tuple[str, str, bool, str]]) -> None:
    assert told(scene) == expected


def test_a_stopped_container_is_there_and_a_one_off_is_not_the_service() -> None:
    labels = {**LABELS, "com.docker.compose.service": "cron"}
    scene = scene_of(cron())
    runs(scene, "cron-run-1", "old", 5, **labels, **{"com.docker.compose.oneoff": "True"})
    assert told(scene) == [SEEN]
    stopped = scene_of(cron())
    runs(stopped, "cron-2", "old", 5, **labels)
    assert told(stopped) == []


@pytest.mark.parametrize("kind", [EngineInfo, EngineContainers])
def test_nothing_is_missed_where_an_engine_did_not_answer(kind: Any) -> None:
    scene = scene_of(cron(), service_rules={"cron": CRON})
    scene.add_engine("other")
    assert scene.look().gone
    scene.answers[kind("other")] = lost(kind("other"))
    assert scene.look().gone == ()


def test_a_swarms_worker_knows_no_services() -> None:
    scene = scene_of(cron(), service_rules={"cron": CRON})
    info = scene.answers[EngineInfo("prod")]
    scene.answers[EngineInfo("prod")] = replace(info, value=replace(info.value, swarm="worker"))
    assert scene.look().gone == ()


def test_it_is_a_finding() -> None:
    configured = scene_of(cron(), service_rules={"cron": CRON, "wbe": CRON, "cro": CRON})
    found = [f for f in findings(configured.look(), NOW) if f.code == "nothing-running"]
    assert [(f.severity, f.engine, f.project, f.service) for f in found] == [
        ("critical", "prod", "shop", "cron"),
        ("info", "", "", ""),
    ]
    assert found[0].message == f"nothing is left of cron, last seen 1 h ago at {sha('old')[:12]}"
    assert found[1].message == "nothing here is called wbe and cro, as the configuration says"
    [only] = (f for f in findings(scene_of(cron()).look(), NOW) if f.code == "nothing-running")
    assert only.severity == "info"


def test_only_what_tells_of_services_tells_of_it() -> None:
    assert scene_of(cron()).look(command="diff").gone == ()


def test_the_newest_line_counts() -> None:
    [one] = scene_of(cron(3 * HOUR), cron(HOUR, sha=sha("now"))).look().gone
    assert isinstance(one, Gone)
    assert one.sha == sha("now")
