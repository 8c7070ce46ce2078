"""Whose repository a container is built from."""

from typing import Any

import pytest

from tests.scene import Scene, digest, lost, sha
from whatsrunning.facts.answers import Found, Unknown
from whatsrunning.facts.git import GitClones
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
HUB = "https://github.com/"
LABEL = "git.repository"


@pytest.mark.parametrize(
    ("scene", "repository"),
    [
        pytest.param(scene_of(PLAIN, {}), "no-repository", id="nothing names it"),
        pytest.param(scene_of(PLAIN, {}, project="acme/shop"), "acme/shop", id="-R"),
        pytest.param(scene_of(PLAIN, {}, service_rules=RULES), "conf/web", id="its service's"),
        pytest.param(
            scene_of(PLAIN, {}, image_rules={"registry.test/*": "conf/all"}), "conf/all",
            id="its image's",
        ),
        pytest.param(scene_of(PLAIN, {LABEL: "lab/el"}), "lab/el", id="a label"),
        pytest.param(scene_of(PLAIN, {LABEL: f"{HUB}lab/el.git"}), "lab/el", id="a URL in a label"),
        pytest.param(
            scene_of(PLAIN, {LABEL: "https://gitlab.com/lab/el"}), "no-repository",
            id="a label of another host",
        ),
        pytest.param(scene_of(PLAIN, {SOURCE: f"{HUB}src/code"}), "src/code", id="a source label"),
        pytest.param(
            scene_of(PLAIN, {SOURCE: "https://evil.test/src/code"}), "no-repository",
            id="a source label of another host",
        ),
        pytest.param(
            scene_of(PLAIN, {SOURCE: "https://git.corp/a/b"}, github_host="git.corp"), "a/b",
            id="a source label of GitHub Enterprise",
        ),
        pytest.param(scene_of(GHCR, {}), "acme/shop", id="ghcr.io"),
        pytest.param(
            scene_of(GHCR, {}, project="other/one"), "acme/shop", id="ghcr.io before -R"
        ),
        pytest.param(
            scene_of(GHCR, {SOURCE: f"{HUB}acme/mono"}), "acme/mono",
            id="a source label before ghcr.io",
        ),
        pytest.param(
            scene_of(GHCR, {}, clone="Acme/Shop", holds="x"), "Acme/Shop",
            id="ghcr.io as the clone spells it",
        ),
        pytest.param(
            scene_of(PLAIN, {}, clone="acme/shop"), "acme/shop", id="a clone that holds the claim"
        ),
        pytest.param(
            scene_of(PLAIN, {}, clone="acme/shop", holds="x"), "acme/shop",
            id="a clone of the image's whole name",
        ),
        pytest.param(
            scene_of("registry.test/shop-web", {}, clone="acme/shop"), "no-repository",
            id="a clone of another name",
        ),
        pytest.param(
            scene_of("registry.test/shop/web", {}, clone="acme/shop"), "acme/shop",
            id="a clone of half the name that holds the claim",
        ),
        pytest.param(
            scene_of("registry.test/shop/web", {}, clone="acme/shop", holds="x"), "no-repository",
            id="a clone of half the name that does not",
        ),
        pytest.param(
            scene_of("registry.test/acme/web", {}, clone="acme/mono"), "acme/mono",
            id="a clone of the same owner that holds the claim",
        ),
        pytest.param(
            scene_of("registry.test/other/web", {}, clone="acme/shop"), "no-repository",
            id="a clone of no part of the name",
        ),
        pytest.param(
            scene_of(PLAIN, {LABEL: "lab/el", SOURCE: f"{HUB}src/code"}),
            "conflicting-repositories", id="two labels contradict",
        ),
        pytest.param(
            scene_of(PLAIN, {LABEL: "lab/el"}, clone="acme/shop"), "conflicting-repositories",
            id="label and clone contradict",
        ),
        pytest.param(
            scene_of(PLAIN, {SOURCE: f"{HUB}fork/shop"}, clone="acme/shop"),
            "conflicting-repositories", id="source label and clone contradict",
        ),
        pytest.param(
            scene_of(PLAIN, {SOURCE: f"{HUB}Acme/Shop"}, clone="acme/shop"), "acme/shop",
            id="another case is no contradiction",
        ),
        pytest.param(
            scene_of(PLAIN, {LABEL: "lab/el", SOURCE: "src/code"}, service_rules=RULES), "conf/web",
            id="configuration decides alone",
        ),
    ],
)  # fmt: skip
def test_repository(scene: Scene, repository: str) -> None:
    assert told(scene) == repository


def test_a_conflict_names_both_and_the_way_out() -> None:
    labels = {"git.repository": "lab/el", SOURCE: f"{HUB}src/code"}
    repository = scene_of(PLAIN, labels).one().repository
    assert isinstance(repository, Unknown)
    assert "lab/el" in repository.problem.message
    assert "src/code" in repository.problem.message
    assert "[services.web]" in repository.problem.hint


def test_a_base_images_source_label_does_not_speak() -> None:
    base = {"org.opencontainers.image.revision": sha("b"), SOURCE: f"{HUB}corp/base"}
    scene = Scene()
    scene.image(digest("base"), "registry.test/corp/base:1", labels=base, age=900)
    scene.image(digest("config"), f"{GHCR}:latest", labels=base)
    scene.container("web", f"{GHCR}:latest", digest("config"), {"git.sha": V})
    assert told(scene) == "acme/shop"


@pytest.mark.parametrize(
    ("image", "repository"),
    [(PLAIN, "timeout"), (GHCR, "acme/shop")],
    ids=["nothing else names it", "ghcr.io"],
)
def test_a_clone_that_cannot_be_read(image: str, repository: str) -> None:
    scene = scene_of(image, {})
    scene.answers[GitClones()] = lost(GitClones())
    assert told(scene) == repository
