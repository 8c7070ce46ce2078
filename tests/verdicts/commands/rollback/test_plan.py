"""`rollback-plan`: candidates, their order, the concerns, and the change to make."""

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, lost, minutes_ago, sha
from tests.verdicts.commands.rollback.rollback_scene import (
    COMPOSE,
    by_word,
    codes,
    plan_of,
    scene_of_builds,
)
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.engine import EngineContainers, EngineImages
from whatsrunning.facts.github import CiFacts, GithubGraph, GithubRuns
from whatsrunning.facts.journal import JournalEntry, JournalLooks
from whatsrunning.facts.registry import RegistryManifest, RegistryTags
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.verdicts.commands.rollback.plan import MOST, plan
from whatsrunning.verdicts.containers import containers


def test_candidates_in_git_order() -> None:
    made = plan_of(scene_of_builds())
    found = by_word(made)
    assert list(found) == ["old", "older", "bad", "good"]
    assert [one.rank for one in made.candidates] == [1, 2, 3, 4]
    assert [one.recommended for one in made.candidates] == [True, False, False, False]
    assert codes(found["bad"]) == ["brings-back"]
    assert codes(found["good"]) == ["ci-red"]
    assert codes(found["old"]) == []
    assert found["old"].image == "registry"
    assert found["old"].subject == "Do old"
    leaves = found["old"].leaves
    assert isinstance(leaves, Found)
    assert [pull.number for pull in leaves.value] == [1, 2, 3, 4]


def test_what_served_before_comes_first() -> None:
    scene = scene_of_builds()
    look = JournalEntry(
        minutes_ago(40), "ID-prod", "web", "web", sha("older"), digest("older"), minutes_ago(90)
    )
    scene.answers[JournalLooks("ID-prod")] = Found((look,))
    assert list(by_word(plan_of(scene)))[:2] == ["older", "old"]


def test_sources_that_do_not_answer() -> None:
    scene = scene_of_builds()
    scene.answers[RegistryTags(IMAGE)] = lost(RegistryTags(IMAGE))
    assert plan_of(scene).candidates == ()
    silent = scene_of_builds()
    for word in ("old", "older"):
        head = RegistryManifest(IMAGE, sha(word))
        silent.answers[head] = lost(head)
    found = by_word(plan_of(silent, github_token=False))
    assert found["old"].image == "unknown"
    assert isinstance(found["old"].ci, Unknown)
    assert next(iter(found)) == "good"
    assert found["good"].recommended


def test_nothing_to_plan_for() -> None:
    scene = Scene()
    scene.container("db", "postgres:16", digest("db"))
    case = Case(FactStore(scene.answers), scene.scope)
    assert plan(case, containers(case)) is None
    unlabelled = scene_of_builds()
    unlabelled.answers[EngineImages("prod")] = Found(())
    unlabelled.answers[EngineContainers("prod")] = Found(())
    unlabelled.container("web", f"{IMAGE}:edge", digest("now"))
    made = plan_of(unlabelled)
    assert made.candidates == ()
    assert not isinstance(made.running, Found)


def test_few_queries() -> None:
    scene = scene_of_builds()
    scene.answers.asked.clear()
    plan_of(scene)
    asked = [one for one in scene.answers.asked if isinstance(one, GithubRuns)]
    assert len(asked) <= MOST + 1
    assert Nothing() not in [scene.answers.asked[one] for one in asked]


def test_without_the_history_what_served_before_is_left() -> None:
    scene = scene_of_builds()
    look = JournalEntry(
        minutes_ago(40), "ID-prod", "web", "web", sha("old"), digest("old"), minutes_ago(90)
    )
    scene.answers[JournalLooks("ID-prod")] = Found((look,))
    scene.answers.graphs.clear()
    scene.answers[GithubGraph(REPOSITORY)] = lost(GithubGraph(REPOSITORY))
    made = plan_of(scene)
    assert list(by_word(made)) == ["old"]
    assert made.candidates[0].recommended
    assert made.problem is not None
    assert made.problem.source == "github"
    assert codes(made.candidates[0]) == ["reverts-unknown"]


def test_a_build_that_ci_passed_goes_before_one_that_it_has_not() -> None:
    scene = scene_of_builds()
    scene.answers[GithubRuns(REPOSITORY, sha("old"))] = Found(CiFacts(()))
    assert list(by_word(plan_of(scene)))[:2] == ["older", "old"]


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


def test_an_older_image_at_hand_without_the_registry() -> None:
    """It lies before everything that the look relates otherwise: the clone is read down to it."""
    scene = scene_of_builds()
    scene.image(digest("x"), f"{IMAGE}:{sha('old')}", digests=(f"{IMAGE}@{digest('d')}",))
    scene.answers[RegistryTags(IMAGE)] = lost(RegistryTags(IMAGE))
    made = plan_of(scene)
    assert list(by_word(made)) == ["old"]
    assert made.candidates[0].recommended


def test_builds_that_no_history_at_hand_places() -> None:
    """A shallow clone and no GitHub: that there is no build to go back to is not said."""
    scene = scene_of_builds()
    scene.clone("next", "now", whole=False)
    scene.answers[GithubGraph(REPOSITORY)] = lost(GithubGraph(REPOSITORY))
    made = plan_of(scene)
    assert made.candidates == ()
    assert made.problem is not None
    assert made.problem.source == "git"
