"""One build to go back to: where its image is, and the change to make."""

import pytest

from tests.scene import IMAGE, digest, minutes_ago, sha
from tests.verdicts.commands.rollback.rollback_scene import (
    COMPOSE,
    by_word,
    codes,
    plan_of,
    scene_of_builds,
)
from whatsrunning.facts.answers import Found
from whatsrunning.facts.journal import JournalEntry, JournalLooks


@pytest.mark.parametrize(
    ("labels", "where"),
    [
        (COMPOSE, "in the Compose file, service web: image: "),
        ({"com.docker.swarm.service.name": "web"}, "in the stack file, service web: image: "),
        ({}, "deploy again with the image "),
    ],
    ids=["Compose", "Swarm", "neither"],
)
def test_the_change_is_a_line_by_digest(labels: dict[str, str], where: str) -> None:
    change = plan_of(scene_of_builds(labels)).candidates[0].change
    assert change == f"{where}{IMAGE}@{digest('pushed old')}"


def test_local_and_gone_images() -> None:
    scene = scene_of_builds()
    scene.image(digest("x"), f"{IMAGE}:{sha('old')}", digests=(f"{IMAGE}@{digest('d')}",))
    scene.untag(sha("old"))
    look = JournalEntry(
        minutes_ago(40), "ID-prod", "web", "web", sha("undo"), digest("undo"), minutes_ago(90)
    )
    scene.answers[JournalLooks("ID-prod")] = Found((look,))
    found = by_word(plan_of(scene))
    assert (found["old"].image, found["old"].digest) == ("local", digest("d"))
    assert (found["undo"].image, found["undo"].change) == ("gone", "")
    assert codes(found["undo"]) == ["image-gone"]
    assert codes(found["old"]) == ["not-in-registry"]
    # A build that the registry has goes before a newer one that only this engine has.
    assert found["older"].recommended
    assert found["old"].rank == 2


def test_the_engines_own_image_of_a_tag_that_was_built_again() -> None:
    """The registry's manifest is another one, unless it is an index that holds the engine's."""
    scene = scene_of_builds()
    own = f"{IMAGE}@{digest('d')}"
    scene.image(digest("x"), f"{IMAGE}:{sha('old')}", digests=(own,))
    again = by_word(plan_of(scene))["old"]
    assert (again.image, again.digest, codes(again)) == ("local", digest("d"), ["rebuilt"])
    assert again.change.endswith(own)
    scene.push(sha("old"), digest("index"), children={digest("d"): digest("x")})
    index = by_word(plan_of(scene))["old"]
    assert (index.image, index.digest, codes(index)) == ("local", digest("index"), [])


def test_an_image_that_no_registry_ever_had() -> None:
    scene = scene_of_builds()
    scene.image(digest("x"), f"{IMAGE}:{sha('old')}")
    scene.untag(sha("old"))
    found = by_word(plan_of(scene))["old"]
    assert (found.image, found.digest, codes(found)) == ("local", "", ["never-pushed"])
    assert found.change.endswith(f"image: {IMAGE}:{sha('old')}")
