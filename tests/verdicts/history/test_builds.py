"""The tags of an image repository that name commits, and which of them `:latest` is."""

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, lost, sha
from tests.verdicts.history.build_scene import built_of, scene_of_builds
from tests.verdicts.history.small_history import shas, small_history
from whatsrunning.facts.answers import Found
from whatsrunning.facts.git import GitGraph
from whatsrunning.facts.registry import RegistryManifest
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.container import Built
from whatsrunning.verdicts.history.builds import builds


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


@pytest.mark.parametrize(
    ("pushed", "unread"), [("", ()), ("a", ("nightly",))], ids=["it alone", "beside its SHA's"]
)
def test_the_tag_that_runs_is_a_build_of_what_is_claimed(
    pushed: str, unread: tuple[str, ...]
) -> None:
    """Unless the claim's own tag has other content: then the label is stale, and says nothing."""
    scene = Scene(project=REPOSITORY)
    running = scene.image(digest("local"), digests=[f"{IMAGE}@{digest('b')}"])
    scene.container("web", f"{IMAGE}:nightly", running, {"git.sha": sha("a")})
    scene.push("nightly", digest("b"))
    for word in pushed.split():
        scene.push(sha(word), digest(word))
    case = Case(FactStore(scene.answers), scene.scope)
    tags = builds(case, IMAGE, REPOSITORY).value_or(None)
    assert tags is not None
    assert (tags.tag(sha("a")), tags.unread) == (sha("a") if pushed else "nightly", unread)
