"""An image's label against the tags that have the same content."""

import pytest

from tests.scene import REPOSITORY, Scene, digest, sha
from whatsrunning.facts.answers import Nothing
from whatsrunning.facts.git import GitPrefix
from whatsrunning.facts.github import GithubPrefix

V, W = sha("v"), sha("w")
IMAGE = "registry.test/acme/cart"
LABELS = {
    "org.opencontainers.image.revision": V,
    "org.opencontainers.image.source": f"https://github.com/{REPOSITORY}",
}


def scene_of(tag: str, content: str = "runs") -> Scene:
    """What runs is `:latest`, whose label says V; the other tag has this content."""
    scene = Scene(project=REPOSITORY)
    scene.clone("v")
    image = scene.image(
        digest("config"), f"{IMAGE}:latest", digests=[f"{IMAGE}@{digest('runs')}"], labels=LABELS
    )
    scene.container("cart", f"{IMAGE}:latest", image)
    scene.push("latest", digest("runs"), digest("config"), repository=IMAGE, labels=LABELS)
    scene.push(tag, digest(content), digest(f"config of {content}"), repository=IMAGE)
    return scene


@pytest.mark.parametrize(
    ("scene", "proof", "revision"),
    [
        pytest.param(scene_of(W, "other"), "verified", V, id="other content"),
        pytest.param(scene_of("v1.2.3"), "verified", V, id="the same content, by no commit's tag"),
        pytest.param(scene_of(V[:9]), "verified", V, id="its own tag, short"),
        pytest.param(scene_of(W), "unknown", "perhaps-inherited", id="of no commit of this"),
        pytest.param(scene_of(f"sha-{W[:7]}"), "unknown", "perhaps-inherited", id="short, as that"),
    ],
)
def test_what_another_tag_of_the_same_content_says(scene: Scene, proof: str, revision: str) -> None:
    scene.answers |= {
        GitPrefix(REPOSITORY, W[:7]): Nothing(), GithubPrefix(REPOSITORY, W[:7]): Nothing(),
    }  # fmt: skip
    cart = scene.one("cart")
    told = cart.revision.problem.code if cart.revision.problem else cart.sha
    assert (cart.proof.status, told) == (proof, revision), cart.proof


def test_a_commit_of_the_repository_shows_that_the_label_lies() -> None:
    scene = scene_of(W)
    scene.commit("w")
    cart = scene.one("cart")
    assert (cart.proof.status, cart.proof.matching_shas, cart.sha) == ("contradicted", (W,), W)
