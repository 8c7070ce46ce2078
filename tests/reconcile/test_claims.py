"""What counts as a claim, and how a short one becomes whole (DESIGN section 1)."""

from typing import Any

import pytest

from tests.facts import IMAGE, REPOSITORY, Scene, digest, lost, sha
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Nothing, Unknown

V, W = sha("v"), sha("w")
OCI = "org.opencontainers.image.revision"
CONFIG, TOP = digest("config"), digest("top")
Claims = list[tuple[str, str]]


def scene_of(
    container: dict[str, str], image: dict[str, str], reference: str, **scope: Any
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
    ("container", "image", "tag", "said"),
    [
        ({"git.sha": V}, {}, "latest", [(V, "container-label")]),
        ({}, {"git.sha": V}, "latest", [(V, "image-label")]),
        ({"git.sha": V.upper()}, {"git.sha": V}, "latest", [(V, "image-label")]),
        ({}, {OCI: V}, "latest", [(V, "oci-label")]),
        ({"git.sha": "x"}, {}, V, [(V, "image-tag")]),
        ({"git.sha": "x"}, {}, f"sha-{V}", [(V, "image-tag")]),
        (
            {"git.sha": W},
            {"git.sha": V, OCI: V},
            V,
            [(W, "container-label"), (V, "image-label"), (V, "oci-label"), (V, "image-tag")],
        ),
        ({"git.sha": f"sha-{V}-dirty"}, {}, "latest", [(V, "container-label")]),
        ({"git.sha": f"{V}_uncommitted_0a1b2c3d"}, {}, "latest", [(V, "container-label")]),
        ({OCI: W, "git.sha": "?"}, {OCI: V}, "1.2", [(W, "container-label"), (V, "oci-label")]),
        ({"git.sha": ""}, {}, "20240101", []),
        ({"git.sha": "0" * 40}, {}, "latest", []),
    ],
)
def test_claims(container: dict[str, str], image: dict[str, str], tag: str, said: Claims) -> None:
    assert claims(scene_of(container, image, f"{IMAGE}:{tag}")) == said


def test_a_configured_label_claims() -> None:
    scene = scene_of({"commit": V}, {}, f"{IMAGE}:latest", revision_labels=("commit",))
    assert claims(scene) == [(V, "container-label")]


def test_dirty_is_kept() -> None:
    (claim,) = scene_of({"git.sha": f"{V}-dirty"}, {}, f"{IMAGE}:latest").one().claims
    assert (claim.sha, claim.dirty, claim.text) == (V, True, f"{V}-dirty")


def test_a_label_that_is_no_sha_is_told() -> None:
    scene = scene_of({"git.sha": "v1.2\x1b[31m"}, {}, f"{IMAGE}:{V}")
    report = scene.look()
    (problem,) = [each for each in report.problems if each.code == "label-not-a-sha"]
    assert "git.sha" in problem.message
    assert "web" in problem.message
    assert "\x1b" not in problem.message
    assert problem.hint


@pytest.mark.parametrize(
    ("own_tag", "pushed", "said"),
    [
        ("latest", False, []),
        ("latest", True, [(V, "image-label")]),
        (V, False, [(V, "image-label"), (V, "image-tag")]),
    ],
)
def test_a_base_images_label_is_no_claim(own_tag: str, pushed: bool, said: Claims) -> None:
    """An older local image of another repository carries the same label: a base, or a sibling."""
    scene = scene_of({}, {"git.sha": V}, f"{IMAGE}:{own_tag}")
    scene.image(digest("base"), "registry.test/corp/base:1", labels={"git.sha": V}, age=999)
    if pushed:
        scene.push(V, TOP, CONFIG)
    assert claims(scene) == said


def test_a_base_image_in_doubt_gives_no_claim_and_no_revision() -> None:
    scene = scene_of({}, {"git.sha": V}, f"{IMAGE}:latest")
    scene.image(digest("base"), "registry.test/corp/base:1", labels={"git.sha": V}, age=999)
    scene.lose(ask.RegistryManifest)
    web = scene.one()
    assert web.claims == ()
    assert isinstance(web.revision, Unknown)


def test_a_moved_tag_is_found_by_inspection() -> None:
    scene = Scene(project=REPOSITORY)
    scene.image(CONFIG, digests=[f"{IMAGE}@{TOP}"], labels={"git.sha": V})
    container = scene.container("web", CONFIG, CONFIG)
    scene.inspect(container, reference=f"{IMAGE}:{V}")
    web = scene.one()
    assert (web.image.reference, web.image.repository) == (f"{IMAGE}:{V}", IMAGE)
    assert claims(scene) == [(V, "image-label"), (V, "image-tag")]


SHORT = V[:9]


def short(tags: tuple[str, ...] = ()) -> Scene:
    """A container whose label is short."""
    scene = scene_of({"git.sha": SHORT}, {}, f"{IMAGE}:latest")
    for tag in tags:
        scene.image(CONFIG, f"{IMAGE}:{tag}")
    return scene


@pytest.mark.parametrize(
    ("local", "github", "revision"),
    [
        (Found(V), None, V),
        (Nothing(), Found(V), V),
        (None, Found(V), V),
        (None, Found(W), "unknown"),
        (Nothing(), Nothing(), "unknown"),
        (lost(ask.GitPrefix("", ""), "ambiguous"), Nothing(), "unknown"),
        (lost(ask.GitPrefix("", ""), "ambiguous"), Found(V), V),
        (lost(ask.GitPrefix("", "")), lost(ask.GithubReference("", "")), "unknown"),
    ],
)
def test_short_shas(local: Any, github: Any, revision: str) -> None:
    scene = short()
    scene.answers[ask.GitPrefix(REPOSITORY, SHORT)] = local or lost(
        ask.GitPrefix("", ""), "no-clone"
    )
    if github is not None:
        scene.answers[ask.GithubReference(REPOSITORY, SHORT)] = github
    web = scene.one()
    told = web.revision.value.sha if isinstance(web.revision, Found) else "unknown"
    assert told == revision
    assert web.claims[0].sha == (SHORT if revision == "unknown" else V)


def test_the_images_own_tag_makes_a_short_sha_whole() -> None:
    scene = scene_of({"git.sha": SHORT}, {}, f"{IMAGE}:{V}")
    assert claims(scene) == [(V, "container-label"), (V, "image-tag")]
    assert not any(isinstance(q, ask.GitPrefix) for q in scene.answers.asked)


def test_an_ambiguous_short_sha_says_so() -> None:
    scene = short()
    question = ask.GitPrefix(REPOSITORY, SHORT)
    scene.answers[question] = lost(question, "ambiguous")
    web = scene.one()
    assert isinstance(web.revision, Unknown)
    assert web.revision.problem.code == "ambiguous"
