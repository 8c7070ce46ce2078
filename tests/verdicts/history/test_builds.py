"""The tags of an image repository that name commits, and which of them `:latest` is."""

import pytest

from tests.scene import IMAGE, REPOSITORY, digest, lost, sha
from tests.verdicts.history.build_scene import built_of, scene_of_builds
from tests.verdicts.history.small_history import shas, small_history
from whatsrunning.facts.answers import Found
from whatsrunning.facts.git import GitGraph
from whatsrunning.facts.registry import RegistryManifest
from whatsrunning.report.container import Built


@pytest.mark.parametrize(("latest", "asked"), [("c", 2), ("m", 4), ("a", 4), ("elsewhere", 4)])
def test_latest_is_found_with_few_queries(latest: str, asked: int) -> None:
    scene = scene_of_builds("m c a")
    scene.push("latest", digest(latest))
    scene.answers.asked.clear()
    answer = built_of(scene)
    known = sha(latest) if latest != "elsewhere" else ""
    # A build under `:latest` that is no commit's may be newer than all that are.
    sure = Built("behind", 1, 3, sha("m"), known)
    assert answer == Found(sure if known else Built("behind", None, None, "", ""))
    heads = [one for one in scene.answers.asked if isinstance(one, RegistryManifest)]
    assert len([one for one in heads if len(one.reference) <= 40]) == asked


def test_no_latest_and_a_registry_that_fails_half_way() -> None:
    assert built_of(scene_of_builds("m c")) == Found(Built("behind", 1, 3, sha("m"), ""))
    scene = scene_of_builds("m c")
    scene.push("latest", digest("m"))
    scene.answers[RegistryManifest(IMAGE, "latest")] = lost(RegistryManifest(IMAGE, ""))
    answer = built_of(scene)
    assert isinstance(answer, Found)
    assert answer.value.latest_problem is not None
    assert (answer.value.position, answer.value.latest_sha) == ("behind", "")


def test_prefixed_tags_count() -> None:
    scene = scene_of_builds("c")
    scene.push(f"sha-{sha('m')}", digest("m"))
    related = tuple(sorted(shas("m c")))
    scene.answers[GitGraph(REPOSITORY, related)] = Found(small_history())
    assert built_of(scene) == Found(Built("behind", 1, 3, sha("m"), ""))


def test_short_tags_are_made_whole() -> None:
    """docker/metadata-action's default, `sha-` and seven digits: a claim or the clone tells."""
    scene = scene_of_builds("x", running="c")
    for word in ("c", "m", "stranger"):
        scene.push(f"sha-{sha(word)[:7]}", digest(word))
    scene.commit("m")
    related = tuple(sorted(shas("x c m")))
    scene.answers[GitGraph(REPOSITORY, related)] = Found(small_history())
    assert built_of(scene) == Found(Built("behind", None, None, "", ""))
    scene.untag(f"sha-{sha('stranger')[:7]}")
    assert built_of(scene) == Found(Built("behind", 1, 3, sha("m"), ""))
