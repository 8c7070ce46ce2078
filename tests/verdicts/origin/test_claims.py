"""What counts as a claim, strongest first."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, sha
from whatsrunning.facts.answers import Unknown
from whatsrunning.facts.engine import EngineImages
from whatsrunning.facts.registry import RegistryManifest

V, W = sha("v"), sha("w")
OCI = "org.opencontainers.image.revision"
CONFIG, TOP = digest("config"), digest("top")
Claims = list[tuple[str, str]]
BY_CONTAINER, BY_IMAGE = (V, "container-label"), (V, "image-label")
BY_OCI, BY_TAG = (V, "oci-label"), (V, "image-tag")


def scene_of(
    container: Mapping[str, str], image: Mapping[str, str], reference: str, **scope: Any
) -> Scene:
    """One container of an image that the engine pulled."""
    scene = Scene(**{"project": REPOSITORY, **scope})
    scene.image(CONFIG, reference, digests=[f"{IMAGE}@{TOP}"], labels=image)
    scene.container("web", reference, CONFIG, container)
    return scene


def claims(scene: Scene) -> Claims:
    """The container's claims, strongest first."""
    return [(claim.sha, claim.claimed_by) for claim in scene.one().claims]


@pytest.mark.parametrize(
    ("container", "image", "tag", "expected"),
    [
        pytest.param({"git.sha": V}, {}, "latest", [BY_CONTAINER], id="a container's label"),
        pytest.param({}, {"git.sha": V}, "latest", [BY_IMAGE], id="an image's label"),
        pytest.param(
            {"git.sha": V.upper()}, {"git.sha": V}, "latest", [BY_IMAGE],
            id="a container's that says what the image's says",
        ),
        pytest.param({}, {OCI: V}, "latest", [BY_OCI], id="the OCI label"),
        pytest.param({"git.sha": "x"}, {}, V, [BY_TAG], id="a tag"),
        pytest.param({"git.sha": "x"}, {}, f"sha-{V}", [BY_TAG], id="a marked tag"),
        pytest.param(
            {"git.sha": W}, {OCI: V}, V,
            [(W, "container-label"), BY_OCI, BY_TAG], id="all, strongest first",
        ),
        pytest.param({"git.sha": f"sha-{V}-dirty"}, {}, "latest", [BY_CONTAINER], id="dirty"),
        pytest.param(
            {"git.sha": f"{V}_uncommitted_0a1b2c3d"}, {}, "latest", [BY_CONTAINER], id="kamal's"
        ),
        pytest.param(
            {OCI: W, "git.sha": "?"}, {OCI: V}, "1.2", [BY_OCI, (W, "container-label")],
            id="a copied label, the last",
        ),
        pytest.param(
            {"git.sha": V}, {"git.sha": W}, V, [BY_CONTAINER, BY_TAG],
            id="over the label of a base image",
        ),
        pytest.param({"git.sha": ""}, {}, "20240101", [], id="a date is no SHA"),
        pytest.param({"git.sha": "0" * 40}, {}, "latest", [], id="zeros are no SHA"),
    ],
)  # fmt: skip
def test_claims(
    container: Mapping[str, str], image: Mapping[str, str], tag: str, expected: Claims
) -> None:
    assert claims(scene_of(container, image, f"{IMAGE}:{tag}")) == expected


def test_a_configured_label_claims() -> None:
    scene = scene_of({"commit": V}, {}, f"{IMAGE}:latest", revision_labels=("commit",))
    assert claims(scene) == [BY_CONTAINER]


def test_dirty_is_kept() -> None:
    (claim,) = scene_of({"git.sha": f"{V}-dirty"}, {}, f"{IMAGE}:latest").one().claims
    assert (claim.sha, claim.dirty, claim.text) == (V, True, f"{V}-dirty")


def test_a_label_that_is_no_sha_is_told() -> None:
    scene = scene_of({"git.sha": "v1.2\x1b[31m"}, {}, f"{IMAGE}:{V}")
    problems = scene.look().problems
    (problem,) = [problem for problem in problems if problem.code == "label-not-a-sha"]
    assert "git.sha" in problem.message
    assert "web" in problem.message
    assert "\x1b" not in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    ("own_tag", "pushed", "expected"),
    [
        pytest.param("latest", False, [], id="a base image"),
        pytest.param("latest", True, [BY_IMAGE], id="a sibling that was pushed"),
        pytest.param(V, False, [BY_IMAGE, BY_TAG], id="a sibling that is tagged here"),
    ],
)
def test_a_base_images_label_is_no_claim(own_tag: str, pushed: bool, expected: Claims) -> None:
    """An older local image of another repository carries the same label: a base, or a sibling."""
    scene = scene_of({}, {"git.sha": V}, f"{IMAGE}:{own_tag}")
    scene.image(digest("base"), "registry.test/corp/base:1", labels={"git.sha": V}, age=999)
    if pushed:
        scene.push(V, TOP, CONFIG)
    assert claims(scene) == expected


def test_a_base_image_in_doubt_gives_no_claim_and_no_revision() -> None:
    scene = scene_of({}, {"git.sha": V}, f"{IMAGE}:latest")
    scene.image(digest("base"), "registry.test/corp/base:1", labels={"git.sha": V}, age=999)
    scene.lose(RegistryManifest)
    web = scene.one()
    assert web.claims == ()
    assert isinstance(web.revision, Unknown)


@pytest.mark.parametrize(
    ("labels", "tag", "revision"),
    [
        pytest.param({OCI: V}, "latest", "unknown", id="the label in doubt leads to itself"),
        pytest.param({OCI: V}, f"sha-{V[:7]}", V, id="a tag says it too"),
    ],
)
def test_a_label_in_doubt_is_not_read_from_the_registry_instead(
    labels: dict[str, str], tag: str, revision: str
) -> None:
    scene = scene_of({}, {OCI: V}, f"{IMAGE}:{tag}")
    scene.image(digest("base"), "registry.test/corp/base:1", labels={OCI: V}, age=999)
    scene.push(tag, TOP, CONFIG, labels=labels)
    scene.commit("v")
    web = scene.one()
    assert (web.sha or "unknown") == revision


def test_without_the_image_list_only_the_tag_claims() -> None:
    scene = scene_of({"git.sha": W}, {"git.sha": V}, f"{IMAGE}:{V}")
    scene.lose(EngineImages)
    assert claims(scene) == [BY_TAG]
    assert isinstance(scene.one().revision, Unknown)


def test_a_moved_tag_claims_by_the_name_that_an_inspection_tells() -> None:
    scene = Scene(project=REPOSITORY)
    scene.image(CONFIG, digests=[f"{IMAGE}@{TOP}"], labels={"git.sha": V})
    scene.inspect(scene.container("web", CONFIG, CONFIG), reference=f"{IMAGE}:{V}")
    assert claims(scene) == [BY_IMAGE, BY_TAG]
