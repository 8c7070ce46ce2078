"""A container that runs one commit, of which sources know more or less."""

from typing import Any

from tests.scene import IMAGE, REPOSITORY, Scene, digest, lost, sha
from whatsrunning.facts.github import GithubCommit

V = sha("v")


def scene_of(**scope: Any) -> Scene:
    """One container that runs the commit `v`."""
    scene = Scene(project=REPOSITORY, **scope)
    scene.image(digest("config"), f"{IMAGE}:{V}", labels={"git.sha": V})
    scene.container("web", f"{IMAGE}:{V}", digest("config"))
    return scene


def github_down(scene: Scene) -> None:
    scene.answers[GithubCommit(REPOSITORY, V)] = lost(GithubCommit(REPOSITORY, V))
