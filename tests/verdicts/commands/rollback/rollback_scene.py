"""A line of builds of which `now` runs, and the plan to go back from it."""

from dataclasses import replace
from typing import Any

from tests.scene import IMAGE, REPOSITORY, Scene, digest, pull_facts, sha
from tests.verdicts.ci.ci_scene import check
from whatsrunning.facts.answers import Found
from whatsrunning.facts.github import CiFacts, GithubRuns
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.commands import Candidate, RollbackPlan
from whatsrunning.verdicts.commands.rollback.plan import plan
from whatsrunning.verdicts.containers import containers

LINE = ("next", "now", "undo", "bad", "good", "old", "older")
COMPOSE = {"com.docker.compose.service": "web", "com.docker.compose.project": "shop"}


def scene_of_builds(labels: dict[str, str] | None = None, reference: str = "") -> Scene:
    """`now` runs; every commit but `undo` was built; CI passed on all of them but `good`."""
    scene = Scene()
    image = scene.image(digest("now"), labels={"git.sha": sha("now")})
    named = reference or f"{IMAGE}:{sha('now')}"
    scene.container("web", named, image, COMPOSE if labels is None else labels)
    for number, word in enumerate(LINE):
        if word != "undo":
            scene.push(sha(word), digest(f"pushed {word}"))
        passed = check("test", -9, -5, "failure" if word == "good" else "success")
        scene.answers[GithubRuns(REPOSITORY, sha(word))] = Found(CiFacts((passed,)))
        scene.commit(word, pulls=(pull_facts(number, word),))
    scene.commit(
        "undo", "Revert", f"This reverts commit {sha('bad')}.", pulls=(pull_facts(2, "undo"),)
    )
    scene.clone(*LINE)
    return scene


def plan_of(scene: Scene, **scope: Any) -> RollbackPlan:
    about = replace(scene.scope, command="rollback-plan", argument="web", **scope)
    case = Case(FactStore(scene.answers), about)
    made = plan(case, containers(case))
    assert made is not None
    return made


def by_word(made: RollbackPlan) -> dict[str, Candidate]:
    words = {sha(word): word for word in (*LINE, "side")}
    return {words[one.sha]: one for one in made.candidates}


def codes(one: Candidate) -> list[str]:
    return [concern.code for concern in one.concerns]
