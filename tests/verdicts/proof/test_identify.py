"""From a digest to the SHA tags that have it."""

from tests.scene import Scene, digest, sha
from tests.verdicts.proof.proof_scenes import V, W, run
from whatsrunning.facts.answers import Found, Unknown
from whatsrunning.facts.registry import RegistryManifest

MANY = [f"c{number}" for number in range(230)]


def many_builds(label: str) -> Scene:
    """What runs is older than the newest 200 builds, and has no tag of its own any more."""
    scene = run(tag="latest", label=label, top="top-old")
    scene.clone(*MANY, "v")
    for word in MANY:
        scene.push(sha(word), digest(f"top-{word}"), digest(f"config-{word}"))
    return scene


def test_only_the_newest_200_are_compared_and_beyond_them_it_is_unknown() -> None:
    scene = many_builds(V)
    scene.push(V, digest("top-v"), digest("config-other"))
    web = scene.one()
    asked = [q.reference for q in scene.answers.asked if isinstance(q, RegistryManifest)]
    assert isinstance(web.revision, Unknown)
    assert web.revision.problem.code == "beyond-newest"
    assert {*asked} & {*map(sha, MANY)} == {*map(sha, MANY[:200])}
    scene.push(sha("c7"), digest("top-old"), digest("config-v"))
    assert scene.one().proof.matching_shas == (sha("c7"),)


def test_beyond_the_newest_an_unlabelled_container_is_of_an_unknown_revision() -> None:
    web = many_builds("").one()
    assert web.proof.status == "unlabelled"
    assert isinstance(web.revision, Unknown)
    assert web.revision.problem.code == "beyond-newest"


def test_beyond_the_newest_a_pruned_claim_stands() -> None:
    scene = many_builds(V)
    scene.push("old", digest("top-old"), digest("config-v"))
    web = scene.one()
    assert (web.proof.status, web.proof.matching_shas) == ("label-only", ())
    assert isinstance(web.revision, Found)
    assert web.revision.value.sha == V


def test_the_images_own_label_is_tried_before_the_registrys_tags() -> None:
    scene = run(config="config-w", top="top-w", tag="latest", label=V, oci=W)
    scene.push(V, digest("top-v"), digest("config-v"))
    scene.push(W, digest("top-w"), digest("config-w"))
    scene.push(sha("u"), digest("top-u"), digest("config-u"))
    assert scene.one().proof.matching_shas == (W,)
    asked = {q.reference for q in scene.answers.asked if isinstance(q, RegistryManifest)}
    assert sha("u") not in asked
