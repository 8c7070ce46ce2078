"""Whether a registry serves what runs, by the digests that each store tells."""

from dataclasses import replace

import pytest

from tests.scene import IMAGE, digest, lost
from tests.verdicts.proof.proof_scenes import V, run, through_the_engine, verified
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.engine import EngineDistribution
from whatsrunning.facts.registry import Child, RegistryContent, RegistryManifest

TAGGED = RegistryManifest(IMAGE, V)
BY_ENGINE = EngineDistribution("prod", f"{IMAGE}:{V}")


def test_containerd_hides_the_config_digest_of_a_loaded_image() -> None:
    """The registry has the tag with other content and does not know the digest: no verdict."""
    scene = run("containerd", baked=V)
    scene.push(V, digest("again"), digest("config-v"))
    proof = scene.one().proof
    assert proof.problem
    assert (proof.status, proof.problem.code) == ("unknown", "not-comparable")


def test_containerd_proves_by_config_where_the_registry_still_knows_what_runs() -> None:
    scene = run("containerd", baked=V)
    scene.push("old", digest("top-v"), digest("config-v"))
    scene.push(V, digest("again"), digest("config-v"))
    assert (scene.one().proof.status, scene.one().proof.basis) == ("verified", "config digest")


@pytest.mark.parametrize(
    ("platforms", "expected"),
    [
        pytest.param(("linux/amd64",), "verified", id="the engine's platform"),
        pytest.param(("linux/amd64/v2",), "verified", id="a variant of it"),
        pytest.param(("linux/arm64",), "verified", id="only another: emulated"),
        pytest.param(("linux/arm64", "linux/amd64"), "differs", id="another beside the engine's"),
    ],
)
def test_the_first_child_has_what_runs(platforms: tuple[str, ...], expected: str) -> None:
    scene = run("classic", baked=V, digests=False)
    own = {digest("child"): digest("config-v"), digest("other"): digest("config-other")}
    scene.push(V, digest("index"), children=own)
    content = RegistryContent(IMAGE, digest("index"))
    children = tuple(map(Child, own, platforms))
    scene.answers[content] = Found(replace(scene.answers[content].value, children=children))
    assert scene.one().proof.status == expected


def test_a_manifest_that_is_gone_the_moment_after_it_was_named_has_moved() -> None:
    scene = verified("classic")
    scene.push(V, digest("again"), digest("config-again"))
    scene.answers[RegistryContent(IMAGE, digest("again"))] = Nothing()
    proof = scene.one().proof
    assert proof.problem
    assert (proof.status, proof.problem.code) == ("unknown", "moved")


@pytest.mark.parametrize(
    ("code", "by_engine", "status"),
    [
        pytest.param("refused", None, "verified", id="only the engine reaches it"),
        pytest.param("refused", lost(BY_ENGINE), "unknown", id="the engine does not either"),
        pytest.param("refused", Nothing(), "label-only", id="the engine knows of no such tag"),
        pytest.param("unauthorized", None, "unknown", id="it was reached and refused"),
    ],
)
def test_the_engine_is_asked_where_the_registry_cannot_be_reached(
    code: str, by_engine: Answer[object] | None, status: str
) -> None:
    scene = through_the_engine("classic")
    scene.answers[TAGGED] = lost(TAGGED, code)
    if by_engine is not None:
        scene.answers[BY_ENGINE] = by_engine
    assert scene.one().proof.status == status
