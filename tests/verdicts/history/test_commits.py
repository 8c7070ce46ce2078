"""The commit of a revision: by git, by GitHub, by neither."""

from collections.abc import Callable

import pytest

from tests.scene import REPOSITORY, Scene, lost
from tests.verdicts.history.commit_scene import V, github_down, scene_of
from whatsrunning.facts.answers import Found, Unknown
from whatsrunning.facts.git import GitCommit


def both(scene: Scene) -> None:
    scene.commit("v", github=True)


def git_only(scene: Scene) -> None:
    scene.commit("v", github=False)


def github_only(scene: Scene) -> None:
    scene.commit("v", local=False)


def no_clone(scene: Scene) -> None:
    scene.commit("v", local=False)
    _without_clone(scene)


def nowhere(_scene: Scene) -> None:
    """The clone and GitHub both say that they have no such commit."""


def nowhere_without_clone(scene: Scene) -> None:
    _without_clone(scene)


def git_down(scene: Scene) -> None:
    scene.answers[GitCommit(REPOSITORY, V)] = lost(GitCommit(REPOSITORY, V))


def _without_clone(scene: Scene) -> None:
    query = GitCommit(REPOSITORY, V)
    scene.answers[query] = lost(query, "no-clone")


@pytest.mark.parametrize(
    ("make", "source"),
    [
        (both, "git"),
        (git_only, "git"),
        (github_only, "github"),
        (no_clone, "github"),
        (nowhere, "none"),
        (nowhere_without_clone, "no-such-commit"),
        (github_down, "timeout"),
        (git_down, "timeout"),
    ],
)
def test_commit(make: Callable[[Scene], None], source: str) -> None:
    scene = scene_of()
    make(scene)
    commit = scene.one().commit
    if isinstance(commit, Found):
        assert (commit.value.sha, commit.value.source) == (V, source)
        assert commit.value.url == f"https://github.com/{REPOSITORY}/commit/{V}"
    else:
        told = commit.problem.code if isinstance(commit, Unknown) else "none"
        assert told == source


def test_the_page_is_on_the_forges_host() -> None:
    scene = scene_of(github_host="git.corp")
    scene.commit("v", "Add it (#3)")
    github_down(scene)
    web = scene.one()
    assert isinstance(web.commit, Found)
    assert web.commit.value.url == f"https://git.corp/{REPOSITORY}/commit/{V}"
    assert isinstance(web.pull_requests, Found)
    assert web.pull_requests.value[0].url == f"https://git.corp/{REPOSITORY}/pull/3"
