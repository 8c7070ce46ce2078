"""Every proof status on both stores, and the revision that follows."""

import pytest

from tests.scene import IMAGE, Scene, digest, sha
from tests.verdicts.proof.proof_scenes import CASES, Case, V, W, run, words
from whatsrunning.facts.answers import Found, Nothing
from whatsrunning.facts.engine import EngineDistribution, Store
from whatsrunning.facts.registry import RegistryContent, RegistryManifest, RegistryTags
from whatsrunning.report.container import Container, Revision

BOTH: tuple[Store, ...] = ("classic", "containerd")


def _revision(web: Container) -> tuple[str, str]:
    match web.revision:
        case Found(Revision(sha, identified_by)):
            return sha, identified_by
        case Nothing():
            return "none", ""
    return "unknown", ""


@pytest.mark.parametrize("store", BOTH)
@pytest.mark.parametrize("case", CASES, ids=words)
def test_proof(case: Case, store: Store) -> None:
    make, status, revision, by, matching = case
    web = make(store).one()
    told = (web.proof.status, *_revision(web), web.proof.matching_shas)
    assert told == (status, revision, by, matching), web.proof
    assert (web.proof.problem is not None) == (status == "unknown")


@pytest.mark.parametrize(
    ("label", "oci", "tag", "more_tags", "stands"),
    [
        pytest.param(V, "", "latest", (), False, id="the container's label alone"),
        pytest.param(V, W, "latest", (), False, id="the image's label contradicts"),
        pytest.param(V, "", W, (), False, id="the tag contradicts"),
        pytest.param(V, "", "latest", (W,), False, id="a local tag contradicts"),
        pytest.param("", V, "latest", (), True, id="the image's label alone"),
        pytest.param(V, "", V, (), True, id="the tag agrees"),
        pytest.param(V, "", "latest", (V,), True, id="a local tag agrees"),
        pytest.param("", V, V, (W,), True, id="one of two local tags agrees"),
    ],
)
def test_without_a_registry_a_claim_stands_only_where_the_image_agrees(
    label: str, oci: str, tag: str, more_tags: tuple[str, ...], stands: bool
) -> None:
    scene = run(label=label, oci=oci, tag=tag, more_tags=more_tags)
    scene.lose(RegistryManifest, RegistryTags, RegistryContent, EngineDistribution)
    web = scene.one()
    assert web.proof.status == "unknown"
    assert _revision(web)[0] == (V if stands else "unknown")


def test_a_dirty_claims_own_tag_is_looked_for_first() -> None:
    scene = run(label=f"{V}-dirty", tag="latest")
    scene.push(f"{V}-dirty", "sha256:other", "sha256:other")
    assert scene.one().proof.reason == f"the registry serves other content under :{V}-dirty"


def test_at_most_twenty_other_names_of_a_claim_are_compared() -> None:
    scene = run(label=V, tag="latest")
    others = [f"sha-{V[:length]}" for length in range(7, 33)]
    for tag in others:
        scene.push(tag, f"sha256:{tag}", f"sha256:{tag}")
    assert scene.one().proof.status == "differs"
    asked = {q.reference for q in scene.answers.asked if isinstance(q, RegistryManifest)}
    assert sorted(asked & set(others)) == sorted(others)[:20]


@pytest.mark.parametrize(("known", "status"), [(True, "label-only"), (False, "denied")])
def test_a_latest_that_is_a_build_by_its_digest_may_be_no_other(known: bool, status: str) -> None:
    """Images without a label of their own: `:latest` is what has the same digest."""
    scene = Scene(project="acme/shop")
    scene.push(sha("d"), digest("top-d"))
    scene.push("latest", digest("top-d"))
    if known:
        scene.push("gone", digest("top-web"))
        tags = scene.answers[RegistryTags(IMAGE)].value
        scene.answers[RegistryTags(IMAGE)] = Found(tuple(tag for tag in tags if tag != "gone"))
    own = [f"{IMAGE}@{digest('top-web')}"]
    image = scene.image(digest("web"), f"{IMAGE}:{sha('web')}", digests=own)
    scene.container("web", f"{IMAGE}:{sha('web')}", image, {"git.sha": sha("web")})
    assert scene.one().proof.status == status
