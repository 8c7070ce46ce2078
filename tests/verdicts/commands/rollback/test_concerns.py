"""Reasons to think twice about a build."""

from typing import Any

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, pull_facts, sha
from tests.verdicts.commands.rollback.rollback_scene import (
    COMPOSE,
    LINE,
    by_word,
    codes,
    plan_of,
    scene_of_builds,
)
from whatsrunning.facts.answers import Found
from whatsrunning.facts.git import Base, GitCommit, GitTouched, Head
from whatsrunning.facts.github import GithubCommit, GithubPull
from whatsrunning.facts.scope import RepoRule, ServiceRule


def test_who_would_undo_it() -> None:
    scene = scene_of_builds(reference=f"{IMAGE}:latest")
    scene.push("latest", digest("pushed now"))
    scene.container("tower", "containrrr/watchtower:1", digest("tower"))
    assert codes(by_word(plan_of(scene))["old"]) == ["latest-undoes", "updater-undoes"]


def test_files_that_were_configured() -> None:
    """Migrations that changed are named; nothing of the service changed: no use in going back."""
    scene = scene_of_builds()
    rules: dict[str, Any] = {
        "repo_rules": {REPOSITORY: RepoRule(migrations=("db/migrate/*",))},
        "service_rules": {"web": ServiceRule(paths=("web/",))},
    }
    unread = by_word(plan_of(scene, **rules))["old"]
    assert codes(unread) == ["migrations", "paths"]
    assert f"{sha('old')[:12]}..{sha('now')[:12]} -- db/migrate/*" in unread.concerns[0].message
    for paths, files in (("db/migrate/*", ("db/1", "db/2", "db/3", "db/4")), ("web/", ())):
        query = GitTouched(REPOSITORY, Base(sha("old")), Head(sha("now")), (paths,))
        scene.answers[query] = Found(files)
    read = by_word(plan_of(scene, **rules))["old"]
    assert codes(read) == ["migrations", "paths-untouched"]
    assert read.concerns[0].message.startswith("db/1, db/2, db/3 and 1 more changed in between")
    assert not read.recommended
    web = GitTouched(REPOSITORY, Base(sha("old")), Head(sha("now")), ("web/",))
    scene.answers[web] = Found(("web/app.py",))
    assert codes(by_word(plan_of(scene, **rules))["old"]) == ["migrations", "paths"]


def test_a_revert_that_names_only_its_pull_request() -> None:
    scene = scene_of_builds()
    scene.commit("undo", 'Revert "Do bad"', f"Reverts {REPOSITORY}#3", pulls=(pull_facts(2),))
    scene.answers[GithubPull(REPOSITORY, 3)] = Found(pull_facts(3, "bad"))
    found = by_word(plan_of(scene))
    assert codes(found["bad"]) == ["brings-back"]
    assert codes(found["old"]) == []


@pytest.mark.parametrize(("label", "tower", "warned"), [
    ("true", False, True), ("", False, False), ("", True, True), ("false", True, False),
])  # fmt: skip
def test_watchtower_by_label(label: str, tower: bool, warned: bool) -> None:
    said = {"com.centurylinklabs.watchtower.enable": label} if label else {}
    scene = scene_of_builds({**COMPOSE, **said})
    if tower:
        scene.container("tower", "containrrr/watchtower:1", digest("tower"))
    assert ("updater-undoes" in codes(by_word(plan_of(scene))["old"])) is warned


def _undone_before_all_builds(scene: Scene) -> Scene:
    """What `undo` reverted is older than every build, and so than all that the look relates."""
    scene.commit("undo", "Revert", f"This reverts commit {sha('first')}.")
    for word in ("old", "older"):
        scene.untag(sha(word))
    scene.clone(*LINE[:-2], "first")
    return scene


def test_a_revert_of_what_is_older_than_every_build() -> None:
    found = by_word(plan_of(_undone_before_all_builds(scene_of_builds())))
    assert {word: codes(one) for word, one in found.items()} == {
        "bad": ["brings-back"], "good": ["ci-red", "brings-back"],
    }  # fmt: skip


def test_a_revert_of_what_no_history_at_hand_places() -> None:
    """A shallow clone: what was reverted lies before its end, or beside it."""
    scene = _undone_before_all_builds(scene_of_builds())
    scene.clone(*LINE[:-2], whole=False)
    del scene.answers[GitCommit(REPOSITORY, sha("first"))]
    scene.commit("first", local=False)
    assert codes(by_word(plan_of(scene))["bad"]) == ["reverts-unknown"]
    del scene.answers[GithubCommit(REPOSITORY, sha("first"))]
    assert codes(by_word(plan_of(scene))["bad"]) == []  # nobody has it, so nothing holds it
