"""Whose repository (DESIGN section 4), and which containers are ours (section 1)."""

from typing import Any

import pytest

from tests.facts import Scene, digest, lost, sha
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Unknown
from whatsrunning.facts.scope import ServiceRule

V = sha("v")
SOURCE = "org.opencontainers.image.source"
PLAIN, GHCR = "registry.test/acme/shop", "ghcr.io/acme/shop"


def scene_of(
    image: str, labels: dict[str, str], clone: str = "", holds: str = "v", **scope: Any
) -> Scene:
    """One labelled container; `clone` is the repository of a clone that holds one commit."""
    scene = Scene(**scope)
    scene.image(digest("config"), f"{image}:latest", digests=[f"{image}@{digest('top')}"])
    scene.container("web", f"{image}:latest", digest("config"), {"git.sha": V, **labels})
    if clone:
        scene.clone(holds, repository=clone)
    return scene


def told(scene: Scene) -> str:
    """The repository, or the code of the problem with it."""
    repository = scene.one().repository
    if isinstance(repository, Unknown):
        return repository.problem.code
    return repository.value if isinstance(repository, Found) else "none"


RULES = {"web": ServiceRule(repo="conf/web")}
ON_GITHUB = "https://github.com/"


@pytest.mark.parametrize(
    ("scene", "repository"),
    [
        (scene_of(PLAIN, {}), "no-repository"),
        (scene_of(PLAIN, {}, project="acme/shop"), "acme/shop"),
        (scene_of(PLAIN, {}, service_rules=RULES), "conf/web"),
        (scene_of(PLAIN, {}, image_rules={"registry.test/*": "conf/all"}), "conf/all"),
        (scene_of(PLAIN, {"git.repository": "lab/el"}), "lab/el"),
        (scene_of(PLAIN, {"git.repository": f"{ON_GITHUB}lab/el.git"}), "lab/el"),
        (scene_of(PLAIN, {"git.repository": "https://gitlab.com/lab/el"}), "no-repository"),
        (scene_of(PLAIN, {SOURCE: f"{ON_GITHUB}src/code"}), "src/code"),
        (scene_of(PLAIN, {SOURCE: "https://evil.test/src/code"}), "no-repository"),
        (scene_of(PLAIN, {SOURCE: "https://git.corp/a/b"}, github_host="git.corp"), "a/b"),
        (scene_of(GHCR, {}), "acme/shop"),
        (scene_of(GHCR, {}, project="other/one"), "acme/shop"),
        (scene_of(GHCR, {SOURCE: f"{ON_GITHUB}acme/mono"}), "acme/mono"),
        (scene_of(GHCR, {}, clone="Acme/Shop", holds="x"), "Acme/Shop"),
        (scene_of(PLAIN, {}, clone="acme/shop"), "acme/shop"),
        (scene_of(PLAIN, {}, clone="acme/shop", holds="x"), "acme/shop"),
        (scene_of("registry.test/shop-web", {}, clone="acme/shop"), "no-repository"),
        (scene_of("registry.test/shop/web", {}, clone="acme/shop"), "acme/shop"),
        (scene_of("registry.test/shop/web", {}, clone="acme/shop", holds="x"), "no-repository"),
        (scene_of("registry.test/acme/web", {}, clone="acme/mono"), "acme/mono"),
        (scene_of("registry.test/other/web", {}, clone="acme/shop"), "no-repository"),
        (
            scene_of(PLAIN, {"git.repository": "lab/el", SOURCE: f"{ON_GITHUB}src/code"}),
            "conflicting-repositories",
        ),
        (
            scene_of(PLAIN, {"git.repository": "lab/el"}, clone="acme/shop"),
            "conflicting-repositories",
        ),
        (
            scene_of(PLAIN, {SOURCE: f"{ON_GITHUB}fork/shop"}, clone="acme/shop"),
            "conflicting-repositories",
        ),
        (scene_of(PLAIN, {SOURCE: f"{ON_GITHUB}Acme/Shop"}, clone="acme/shop"), "acme/shop"),
        (
            scene_of(PLAIN, {"git.repository": "lab/el", SOURCE: "src/code"}, service_rules=RULES),
            "conf/web",
        ),
    ],
)
def test_repository(scene: Scene, repository: str) -> None:
    assert told(scene) == repository


def test_a_conflict_names_both_and_the_way_out() -> None:
    labels = {"git.repository": "lab/el", SOURCE: f"{ON_GITHUB}src/code"}
    repository = scene_of(PLAIN, labels).one().repository
    assert isinstance(repository, Unknown)
    assert "lab/el" in repository.problem.message
    assert "src/code" in repository.problem.message
    assert "[services.web]" in repository.problem.hint


def test_a_base_images_source_label_does_not_speak() -> None:
    base = {"org.opencontainers.image.revision": sha("b"), SOURCE: f"{ON_GITHUB}corp/base"}
    scene = Scene()
    scene.image(digest("base"), "registry.test/corp/base:1", labels=base, age=900)
    scene.image(digest("config"), f"{GHCR}:latest", labels=base)
    scene.container("web", f"{GHCR}:latest", digest("config"), {"git.sha": V})
    assert told(scene) == "acme/shop"


@pytest.mark.parametrize(("image", "repository"), [(PLAIN, "timeout"), (GHCR, "acme/shop")])
def test_a_clone_that_cannot_be_read(image: str, repository: str) -> None:
    scene = scene_of(image, {})
    scene.answers[ask.GitClones()] = lost(ask.GitClones())
    assert told(scene) == repository


@pytest.mark.parametrize(
    ("image", "labels", "scope", "managed"),
    [
        ("docker.io/library/postgres", {}, {}, False),
        (PLAIN, {}, {}, False),
        (PLAIN, {"git.sha": "nonsense"}, {}, True),
        (PLAIN, {"commit": V}, {"revision_labels": ("commit",)}, True),
        (PLAIN, {}, {"project": "acme/shop"}, True),
        (PLAIN, {}, {"service_rules": {"web": ServiceRule(repo="a/b")}}, True),
        (PLAIN, {}, {"service_rules": {"web": ServiceRule(context="other")}}, False),
        (PLAIN, {}, {"service_rules": {"x": ServiceRule(image=PLAIN)}}, True),
        (PLAIN, {}, {"image_rules": {"registry.test/acme/*": "a/b"}}, True),
        (PLAIN, {"org.opencontainers.image.revision": V}, {}, False),
    ],
)
def test_ours(image: str, labels: dict[str, str], scope: dict[str, Any], managed: bool) -> None:
    scene = Scene(**scope)
    scene.image(digest("config"), f"{image}:1")
    scene.container("web", f"{image}:1", digest("config"), labels)
    assert scene.one().managed is managed


def test_a_clone_at_hand_makes_its_images_ours_and_its_loss_makes_them_unknown() -> None:
    scene = Scene()
    scene.image(digest("config"), f"{PLAIN}:1")
    scene.container("web", f"{PLAIN}:1", digest("config"))
    scene.clone("x")
    assert scene.one().managed
    scene.answers[ask.GitClones()] = lost(ask.GitClones())
    report = scene.look()
    assert isinstance(report.containers[0].revision, Unknown)
    assert report.complete is False


@pytest.mark.parametrize(
    ("labels", "scope", "service", "project"),
    [
        ({}, {}, "web-1", ""),
        ({}, {"service_rules": {"front": ServiceRule(image=PLAIN)}}, "front", ""),
        (
            {"com.docker.compose.service": "api", "com.docker.compose.project": "shop"},
            {"service_rules": {"front": ServiceRule(image=PLAIN)}}, "api", "shop",
        ),
        (
            {"com.docker.swarm.service.name": "shop_api", "com.docker.stack.namespace": "shop"},
            {}, "shop_api", "shop",
        ),
    ],
)  # fmt: skip
def test_service_and_project(
    labels: dict[str, str], scope: dict[str, Any], service: str, project: str
) -> None:
    scene = Scene(**scope)
    scene.image(digest("config"), f"{PLAIN}:1")
    scene.container("web-1", f"{PLAIN}:1", digest("config"), labels)
    web = scene.one("web-1")
    assert (web.service, web.project) == (service, project)
