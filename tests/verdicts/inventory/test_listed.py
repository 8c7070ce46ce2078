"""A container as the engine lists it: its image's name, its service, its project."""

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, sha
from whatsrunning.facts.answers import Unknown
from whatsrunning.facts.engine import EngineInspect
from whatsrunning.facts.scope import ServiceRule
from whatsrunning.verdicts.inventory.listed import matches

CONFIG, TOP, V = digest("config"), digest("top"), sha("v")
MIRROR = "mirror.test/acme/shop"


@pytest.mark.parametrize(
    ("listed", "inspected", "expected"),
    [
        pytest.param(f"{IMAGE}:{V}", "", (f"{IMAGE}:{V}", IMAGE), id="by its name"),
        pytest.param(CONFIG, f"{IMAGE}:{V}", (f"{IMAGE}:{V}", IMAGE), id="the tag moved"),
        pytest.param(CONFIG, CONFIG, (CONFIG, IMAGE), id="started by its ID"),
        pytest.param(CONFIG[7:19], CONFIG[7:19], (CONFIG[7:19], IMAGE), id="by a short ID"),
        pytest.param("web:dev", "", ("web:dev", IMAGE), id="a local name of a pulled image"),
    ],
)
def test_the_images_name(listed: str, inspected: str, expected: tuple[str, str]) -> None:
    scene = Scene(project=REPOSITORY)
    scene.image(CONFIG, digests=[f"{IMAGE}@{TOP}"], labels={"git.sha": V})
    scene.inspect(scene.container("web", listed, CONFIG), reference=inspected)
    image = scene.one().image
    assert (image.reference, image.repository) == expected


@pytest.mark.parametrize(
    ("tags", "digests", "repository"),
    [
        pytest.param((), (f"{IMAGE}@{TOP}",), IMAGE, id="one digest"),
        pytest.param((f"{IMAGE}:1",), (), IMAGE, id="one tag"),
        pytest.param((f"{IMAGE}:1", "web:dev"), (), IMAGE, id="a local tag besides"),
        pytest.param((), (f"{IMAGE}@{TOP}", f"{MIRROR}@{TOP}"), "", id="two repositories"),
        pytest.param((), (), "", id="none"),
    ],
)
def test_the_only_repository_that_the_engine_knows(
    tags: Sequence[str], digests: Sequence[str], repository: str
) -> None:
    scene = Scene()
    scene.image(CONFIG, *tags, digests=digests)
    scene.inspect(scene.container("web", CONFIG, CONFIG, {"git.sha": V}), reference=CONFIG)
    assert scene.one().image.repository == repository


def test_a_bare_id_without_its_inspection_names_nothing() -> None:
    scene = Scene()
    scene.image(CONFIG, digests=[f"{IMAGE}@{TOP}"])
    container = scene.container("web", CONFIG, CONFIG, {"git.sha": V})
    scene.inspect(container, reference=f"{IMAGE}:{V}")
    scene.lose(EngineInspect)
    web = scene.one()
    assert (web.image.reference, web.image.repository) == (CONFIG, "")
    assert all(isinstance(answer, Unknown) for answer in (web.repository, web.built))


@pytest.mark.parametrize("present", [True, False])
def test_an_image_that_was_removed_is_gone(present: bool) -> None:
    scene = Scene()
    if present:
        scene.image(CONFIG, f"{IMAGE}:1")
    scene.container("web", f"{IMAGE}:1", CONFIG)
    assert scene.one().image.gone is not present


FRONT = {"front": ServiceRule(image=IMAGE)}
COMPOSE = {"com.docker.compose.service": "api", "com.docker.compose.project": "shop"}
PODMAN = {"io.podman.compose.service": "api", "io.podman.compose.project": "shop"}
SWARM = {"com.docker.swarm.service.name": "shop_api", "com.docker.stack.namespace": "shop"}


@pytest.mark.parametrize(
    ("labels", "scope", "service", "project"),
    [
        pytest.param({}, {}, "web-1", "", id="nothing but a name"),
        pytest.param({}, {"service_rules": FRONT}, "front", "", id="configured"),
        pytest.param(
            {}, {"service_rules": {"front": ServiceRule(image=IMAGE, context="other")}}, "web-1",
            "", id="configured for another engine",
        ),
        pytest.param(COMPOSE, {"service_rules": FRONT}, "api", "shop", id="compose's label first"),
        pytest.param(PODMAN, {}, "api", "shop", id="podman-compose"),
        pytest.param(SWARM, {}, "shop_api", "shop", id="swarm"),
    ],
)  # fmt: skip
def test_service_and_project(
    labels: Mapping[str, str], scope: dict[str, Any], service: str, project: str
) -> None:
    scene = Scene(**scope)
    scene.image(CONFIG, f"{IMAGE}:1")
    scene.container("web-1", f"{IMAGE}:1", CONFIG, labels)
    web = scene.one("web-1")
    assert (web.service, web.project) == (service, project)


@pytest.mark.parametrize(
    ("repository", "pattern", "expected"),
    [
        ("registry.test/acme/shop", "registry.test/acme/shop", True),
        ("registry.test/acme/shop", "registry.test/acme/*", True),
        ("registry.test/acme/shop", "registry.test/acme/sho", False),
        ("docker.io/library/postgres", "postgres", True),
        ("docker.io/acme/shop", "acme/shop", True),
        ("docker.io/acme/shop", "acme/sh?p", True),
        ("", "*", False),
    ],
)
def test_a_configured_image(repository: str, pattern: str, expected: bool) -> None:
    assert matches(repository, pattern) is expected
