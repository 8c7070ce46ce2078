"""`rollback-plan`: candidates, their order, the concerns, and the change to make."""

from dataclasses import replace
from typing import Any

import pytest

from tests.facts import IMAGE, REPOSITORY, Scene, digest, lost, minutes_ago, pull_facts, sha
from tests.verdicts.ci.ci_scene import check
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.records import Base, CiFacts, Head, JournalEntry
from whatsrunning.facts.scope import RepoRule, ServiceRule
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.commands import Candidate, RollbackPlan
from whatsrunning.verdicts.commands.rollback.plan import MOST, plan
from whatsrunning.verdicts.containers import containers

LINE = ("next", "now", "undo", "bad", "good", "old", "older")
COMPOSE = {"com.docker.compose.service": "web", "com.docker.compose.project": "shop"}


def _scene(labels: dict[str, str] | None = None, reference: str = "") -> Scene:
    """`now` runs; every commit but `undo` was built; CI passed on all of them but `good`."""
    scene = Scene()
    image = scene.image(digest("now"), labels={"git.sha": sha("now")})
    named = reference or f"{IMAGE}:{sha('now')}"
    scene.container("web", named, image, COMPOSE if labels is None else labels)
    for number, word in enumerate(LINE):
        if word != "undo":
            scene.push(sha(word), digest(f"pushed {word}"))
        passed = check("test", -9, -5, "failure" if word == "good" else "success")
        scene.answers[ask.GithubRuns(REPOSITORY, sha(word))] = Found(CiFacts((passed,)))
        scene.commit(word, pulls=(pull_facts(number, word),))
    scene.commit(
        "undo", "Revert", f"This reverts commit {sha('bad')}.", pulls=(pull_facts(2, "undo"),)
    )
    scene.clone(*LINE)
    return scene


def _plan(scene: Scene, **scope: Any) -> RollbackPlan:
    about = replace(scene.scope, command="rollback-plan", argument="web", **scope)
    case = Case(FactStore(scene.answers), about)
    made = plan(case, containers(case))
    assert made is not None
    return made


def _by_word(made: RollbackPlan) -> dict[str, Candidate]:
    words = {sha(word): word for word in (*LINE, "side")}
    return {words[one.sha]: one for one in made.candidates}


def _codes(one: Candidate) -> list[str]:
    return [concern.code for concern in one.concerns]


def test_candidates_in_git_order() -> None:
    made = _plan(_scene())
    found = _by_word(made)
    assert list(found) == ["old", "older", "bad", "good"]
    assert [one.rank for one in made.candidates] == [1, 2, 3, 4]
    assert [one.recommended for one in made.candidates] == [True, False, False, False]
    assert _codes(found["bad"]) == ["brings-back"]
    assert _codes(found["good"]) == ["ci-red"]
    assert _codes(found["old"]) == []
    assert found["old"].image == "registry"
    assert found["old"].subject == "Do old"
    leaves = found["old"].leaves
    assert isinstance(leaves, Found)
    assert [pull.number for pull in leaves.value] == [1, 2, 3, 4]


def test_the_change_is_a_line_by_digest() -> None:
    image = f"{IMAGE}@{digest('pushed old')}"
    cases: tuple[tuple[dict[str, str], str], ...] = (
        (COMPOSE, f"in the Compose file, service web: image: {image}"),
        (
            {"com.docker.swarm.service.name": "web"},
            f"in the stack file, service web: image: {image}",
        ),
        ({}, f"deploy again with the image {image}"),
    )
    for labels, change in cases:
        assert _plan(_scene(labels)).candidates[0].change == change


def test_what_served_before_comes_first() -> None:
    scene = _scene()
    look = JournalEntry(
        minutes_ago(40), "ID-prod", "web", "web", sha("older"), digest("older"), minutes_ago(90)
    )
    scene.answers[ask.JournalLooks("ID-prod")] = Found((look,))
    assert list(_by_word(_plan(scene)))[:2] == ["older", "old"]


def test_local_and_gone_images() -> None:
    scene = _scene()
    scene.image(digest("x"), f"{IMAGE}:{sha('old')}", digests=(f"{IMAGE}@{digest('d')}",))
    scene.untag(sha("old"))
    look = JournalEntry(
        minutes_ago(40), "ID-prod", "web", "web", sha("undo"), digest("undo"), minutes_ago(90)
    )
    scene.answers[ask.JournalLooks("ID-prod")] = Found((look,))
    found = _by_word(_plan(scene))
    assert (found["old"].image, found["old"].digest) == ("local", digest("d"))
    assert (found["undo"].image, found["undo"].change) == ("gone", "")
    assert _codes(found["undo"]) == ["image-gone"]
    assert _codes(found["old"]) == ["not-in-registry"]
    # A build that the registry has goes before a newer one that only this engine has.
    assert found["older"].recommended
    assert found["old"].rank == 2


def test_who_would_undo_it() -> None:
    scene = _scene(reference=f"{IMAGE}:latest")
    scene.push("latest", digest("pushed now"))
    scene.container("tower", "containrrr/watchtower:1", digest("tower"))
    assert _codes(_by_word(_plan(scene))["old"]) == ["latest-undoes", "updater-undoes"]


def test_files_that_were_configured() -> None:
    """Migrations that changed are named; nothing of the service changed: no use in going back."""
    scene = _scene()
    rules: dict[str, Any] = {
        "repo_rules": {REPOSITORY: RepoRule(migrations=("db/migrate/*",))},
        "service_rules": {"web": ServiceRule(paths=("web/",))},
    }
    unread = _by_word(_plan(scene, **rules))["old"]
    assert _codes(unread) == ["migrations", "paths"]
    assert f"{sha('old')[:12]}..{sha('now')[:12]} -- db/migrate/*" in unread.concerns[0].message
    for paths, files in (("db/migrate/*", ("db/1", "db/2", "db/3", "db/4")), ("web/", ())):
        question = ask.GitTouched(REPOSITORY, Base(sha("old")), Head(sha("now")), (paths,))
        scene.answers[question] = Found(files)
    read = _by_word(_plan(scene, **rules))["old"]
    assert _codes(read) == ["migrations", "paths-untouched"]
    assert read.concerns[0].message.startswith("db/1, db/2, db/3 and 1 more changed in between")
    assert not read.recommended
    web = ask.GitTouched(REPOSITORY, Base(sha("old")), Head(sha("now")), ("web/",))
    scene.answers[web] = Found(("web/app.py",))
    assert _codes(_by_word(_plan(scene, **rules))["old"]) == ["migrations", "paths"]


def test_sources_that_do_not_answer() -> None:
    scene = _scene()
    scene.answers[ask.RegistryTags(IMAGE)] = lost(ask.RegistryTags(IMAGE))
    assert _plan(scene).candidates == ()
    silent = _scene()
    for word in ("old", "older"):
        head = ask.RegistryManifest(IMAGE, sha(word))
        silent.answers[head] = lost(head)
    found = _by_word(_plan(silent, github_token=False))
    assert found["old"].image == "unknown"
    assert isinstance(found["old"].ci, Unknown)
    assert next(iter(found)) == "good"
    assert found["good"].recommended


def test_nothing_to_plan_for() -> None:
    scene = Scene()
    scene.container("db", "postgres:16", digest("db"))
    case = Case(FactStore(scene.answers), scene.scope)
    assert plan(case, containers(case)) is None
    unlabelled = _scene()
    unlabelled.answers[ask.EngineImages("prod")] = Found(())
    unlabelled.answers[ask.EngineContainers("prod")] = Found(())
    unlabelled.container("web", f"{IMAGE}:edge", digest("now"))
    made = _plan(unlabelled)
    assert made.candidates == ()
    assert not isinstance(made.running, Found)


def test_few_questions() -> None:
    scene = _scene()
    scene.answers.asked.clear()
    _plan(scene)
    asked = [one for one in scene.answers.asked if isinstance(one, ask.GithubRuns)]
    assert len(asked) <= MOST + 1
    assert Nothing() not in [scene.answers.asked[one] for one in asked]


def test_a_revert_that_names_only_its_pull_request() -> None:
    scene = _scene()
    scene.commit("undo", 'Revert "Do bad"', f"Reverts {REPOSITORY}#3", pulls=(pull_facts(2),))
    scene.answers[ask.GithubPull(REPOSITORY, 3)] = Found(pull_facts(3, "bad"))
    found = _by_word(_plan(scene))
    assert _codes(found["bad"]) == ["brings-back"]
    assert _codes(found["old"]) == []


def test_the_engines_own_image_of_a_tag_that_was_built_again() -> None:
    """The registry's manifest is another one, unless it is an index that holds the engine's."""
    scene = _scene()
    own = f"{IMAGE}@{digest('d')}"
    scene.image(digest("x"), f"{IMAGE}:{sha('old')}", digests=(own,))
    again = _by_word(_plan(scene))["old"]
    assert (again.image, again.digest, _codes(again)) == ("local", digest("d"), ["rebuilt"])
    assert again.change.endswith(own)
    scene.push(sha("old"), digest("index"), children={digest("d"): digest("x")})
    index = _by_word(_plan(scene))["old"]
    assert (index.image, index.digest, _codes(index)) == ("local", digest("index"), [])


def test_an_image_that_no_registry_ever_had() -> None:
    scene = _scene()
    scene.image(digest("x"), f"{IMAGE}:{sha('old')}")
    scene.untag(sha("old"))
    found = _by_word(_plan(scene))["old"]
    assert (found.image, found.digest, _codes(found)) == ("local", "", ["never-pushed"])
    assert found.change.endswith(f"image: {IMAGE}:{sha('old')}")


@pytest.mark.parametrize(("label", "tower", "warned"), [
    ("true", False, True), ("", False, False), ("", True, True), ("false", True, False),
])  # fmt: skip
def test_watchtower_by_label(label: str, tower: bool, warned: bool) -> None:
    said = {"com.centurylinklabs.watchtower.enable": label} if label else {}
    scene = _scene({**COMPOSE, **said})
    if tower:
        scene.container("tower", "containrrr/watchtower:1", digest("tower"))
    assert ("updater-undoes" in _codes(_by_word(_plan(scene))["old"])) is warned


def test_without_the_history_what_served_before_is_left() -> None:
    scene = _scene()
    look = JournalEntry(
        minutes_ago(40), "ID-prod", "web", "web", sha("old"), digest("old"), minutes_ago(90)
    )
    scene.answers[ask.JournalLooks("ID-prod")] = Found((look,))
    scene.answers.graphs.clear()
    for question in (ask.GithubGraph(REPOSITORY),):
        scene.answers[question] = lost(question)
    made = _plan(scene)
    assert list(_by_word(made)) == ["old"]
    assert made.candidates[0].recommended
    assert made.problem is not None
    assert made.problem.source == "github"
    assert _codes(made.candidates[0]) == ["reverts-unknown"]


def test_a_build_that_ci_passed_goes_before_one_that_it_has_not() -> None:
    scene = _scene()
    scene.answers[ask.GithubRuns(REPOSITORY, sha("old"))] = Found(CiFacts(()))
    assert list(_by_word(_plan(scene)))[:2] == ["older", "old"]
