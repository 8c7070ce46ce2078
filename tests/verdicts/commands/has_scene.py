"""Containers along a line of commits with a revert in it, and what `has` says of them."""

from dataclasses import replace
from typing import Any

from tests.scene import IMAGE, REPOSITORY, Scene, digest, pull_facts, sha
from whatsrunning.facts.answers import Found
from whatsrunning.facts.github import GithubPull
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.commands import Has
from whatsrunning.verdicts.commands.has import has
from whatsrunning.verdicts.containers import containers

# Newest first; `fix` came by #7, `undo` takes it back, `redo` takes that back.
LINE = ("late", "redo", "mid", "undo", "fix", "base")


def scene_of_line() -> Scene:
    """One container at each of these commits, in the line of a clone that has them all."""
    scene = Scene()
    for word in ("late", "undo", "fix", "base"):
        image = scene.image(digest(word), labels={"git.sha": sha(word)})
        scene.container(word, f"{IMAGE}:{sha(word)}", image)
    scene.commit("fix", "Fix it (#7)", pulls=(pull_facts(7, "fix"),))
    scene.commit("undo", 'Revert "Fix it (#7)" (#8)', "Reverts acme/shop#7")
    scene.commit("redo", 'Reapply "Fix it"', f"This reverts commit {sha('undo')}.")
    scene.answers[GithubPull(REPOSITORY, 7)] = Found(pull_facts(7, "fix", commits=(sha("topic"),)))
    scene.clone(*LINE)
    return scene


def has_of(scene: Scene, ref: str, **scope: Any) -> Has:
    about = replace(scene.scope, argument=ref, **scope)
    case = Case(FactStore(scene.answers), scene.scope)
    return has(replace(case, scope=about), containers(case))


def live_of(answer: Has) -> dict[str, tuple[str, str]]:
    words = {sha(word): word for word in (*LINE, "unpick")} | {"": ""}
    return {one.container: (one.by, words[one.reverted_by]) for one in answer.live}
