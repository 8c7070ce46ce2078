"""`rollback-plan`: candidates, their order, the concerns, and the change to make."""

from tests.scene import IMAGE, REPOSITORY, Scene, digest, lost, minutes_ago, sha
from tests.verdicts.commands.rollback.rollback_scene import by_word, codes, plan_of, scene_of_builds
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
