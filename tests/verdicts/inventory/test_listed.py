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
KAMAL = {"service": "shop", "role": "api"}
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
        pytest.param(KAMAL, {}, "shop-api", "", id="kamal"),
        pytest.param(KAMAL, {"service_rules": FRONT}, "shop-api", "", id="kamal's labels first"),
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


@pytest.mark.parametrize(
    ("name", "tag", "labels", "service"),
    [
        pytest.param("web-v1.2.3", "v1.2.3", {}, "web", id="the tag of its image"),
        pytest.param(f"web-{V[:7]}", "latest", {"git.sha": V}, "web", id="what git.sha says"),
        pytest.param(
            f"web-{V[:7]}", "latest", {"org.opencontainers.image.revision": V}, "web",
            id="what the OCI label says",
        ),
        pytest.param(f"web-{V[:7]}", "latest", {"vendor": V}, f"web-{V[:7]}", id="another label"),
    ],
)  # fmt: skip
def test_a_version_is_no_part_of_a_services_name(
    name: str, tag: str, labels: Mapping[str, str], service: str
) -> None:
    scene = Scene()
    scene.image(CONFIG, f"{IMAGE}:{tag}")
    scene.container(name, f"{IMAGE}:{tag}", CONFIG, labels)
    assert scene.one(name).service == service


def test_a_version_in_the_name_of_an_image_that_is_listed_by_its_id() -> None:
    scene = Scene()
    scene.image(CONFIG, digests=[f"{IMAGE}@{TOP}"])
    scene.inspect(scene.container("web-v1.2", CONFIG, CONFIG), reference=f"{IMAGE}:v1.2")
    assert scene.one("web-v1.2").service == "web"


@pytest.mark.parametrize(("label", "one_off"), [("True", True), ("true", True), ("False", False)])
def test_what_compose_ran_for_one_command(label: str, one_off: bool) -> None:
    scene = Scene()
    scene.container("shop-web-run-1", f"{IMAGE}:1", CONFIG, {"com.docker.compose.oneoff": label})
    assert scene.one("shop-web-run-1").one_off is one_off


@pytest.mark.parametrize("command", ["ps", "diff", "history", "rollback-plan"])
@pytest.mark.parametrize(
    ("asked", "found"),
    [
        ("app", ["prod-app-1", "staging-app-1"]),
        ("prod/app", ["prod-app-1"]),
        ("staging-app-1", ["staging-app-1"]),
        ("prod", []),
        ("test/app", []),
    ],
)
def test_containers_by_name_by_service_and_by_project(
    command: str, asked: str, found: list[str]
) -> None:
    report = two_projects().look(command=command, services=(asked,))
    assert [container.name for container in report.containers] == found


@pytest.mark.parametrize(
    ("asked", "found"),
    [("app", ["prod-app-1", "staging-app-1"]), ("prod/app", ["prod-app-1"]), ("prod", [])],
)
def test_show_takes_a_project_too(asked: str, found: list[str]) -> None:
    report = two_projects().look(command="show", argument=asked)
    assert [container.name for container in report.containers] == found


def two_projects() -> Scene:
    """Two Compose projects on one engine, each with a service called app."""
    scene = Scene()
    for project in ("prod", "staging"):
        labels = {"com.docker.compose.service": "app", "com.docker.compose.project": project}
        scene.container(f"{project}-app-1", f"{IMAGE}:1", CONFIG, {**labels, "git.sha": V})
    return scene


def test_rollback_plan_takes_a_containers_name_before_a_services() -> None:
    scene = Scene()
    compose = {"com.docker.compose.service": "app", "com.docker.compose.project": "prod"}
    scene.container("prod-app-1", f"{IMAGE}:1", CONFIG, {**compose, "git.sha": V})
    for name in ("app", "app-old"):
        scene.container(name, f"{IMAGE}:1", CONFIG, {"git.sha": V})
    report = scene.look(command="rollback-plan", services=("app",))
    assert [container.name for container in report.containers] == ["app", "app-old"]
