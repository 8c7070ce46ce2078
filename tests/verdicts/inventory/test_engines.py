"""The engines of a look, each once."""

from typing import Any

import pytest

from tests.scene import IMAGE, NOW, REPOSITORY, Scene, digest, minutes_ago, sha
from whatsrunning.facts.engine import EngineContainers, EngineImages, EngineInfo


@pytest.mark.parametrize(
    ("second", "containers", "engines"),
    [
        pytest.param({"id": "ID-prod", "name": "prod.test"}, ("web-1",), 1, id="the same engine"),
        pytest.param(
            {"id": "ID-prod", "name": "prod.test"}, ("web-1", "web-2"), 2, id="other containers"
        ),
        pytest.param({"id": "ID-prod", "name": "clone.test"}, ("web-1",), 2, id="a cloned machine"),
        pytest.param({"id": "ID-other", "name": "prod.test"}, ("web-1",), 2, id="another ID"),
    ],
)
def test_two_contexts_to_one_engine(
    second: dict[str, Any], containers: tuple[str, ...], engines: int
) -> None:
    scene = Scene(project=REPOSITORY)
    image = (f"{IMAGE}:{sha('v')}", digest("config"))
    scene.container("web-1", *image, id="1" * 64)
    scene.add_engine("again", **second)
    for number, name in enumerate(containers, 1):
        scene.container(name, *image, id=str(number) * 64)
    report = scene.look()
    assert len(report.engines) == engines
    assert report.engines[0].context == "prod"
    assert len(report.containers) == (1 if engines == 1 else 1 + len(containers))


def test_engines_that_tell_no_id_are_not_told_apart_by_name() -> None:
    scene = Scene()
    for context in ("first", "second"):
        scene.add_engine(context, id="", name="podman.test")
    assert [engine.context for engine in scene.look().engines] == ["prod", "first", "second"]


def test_the_clocks_difference() -> None:
    scene = Scene()
    scene.add_engine("late", system_time=minutes_ago(1), asked_at=minutes_ago(0.2), answered_at=NOW)
    scene.add_engine("silent", system_time=None)
    assert [engine.clock_skew_s for engine in scene.look().engines] == [0.0, -54.0, None]


def test_everything_that_a_look_needs_of_an_engine_is_asked_at_once() -> None:
    scene = Scene()
    scene.look()
    kinds = [type(query) for query in scene.answers.asked]
    assert kinds[:3] == [EngineInfo, EngineContainers, EngineImages]
