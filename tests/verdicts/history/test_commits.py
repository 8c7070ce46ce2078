"""The commit of a revision: by git, by GitHub, by neither."""

from collections.abc import Callable

import pytest

from tests.scene import REPOSITORY, Scene, lost, pull_facts
from tests.verdicts.history.commit_scene import V, github_down, scene_of
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.git import GitCommit
from whatsrunning.facts.github import GithubPull, PullFacts

MERGED = pull_facts(5, "v")
OPEN = pull_facts(6)
CLOSED = pull_facts(7, state="closed")
RELEASE = pull_facts(3, "release")


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


@pytest.mark.parametrize(
    ("pulls", "subject", "asked", "numbers"),
    [
        ((MERGED,), "Add it", None, [5]),
        ((RELEASE, OPEN, MERGED), "Add it", None, [5, 3]),
        ((OPEN, CLOSED), "Add it", None, [6]),
        ((CLOSED,), "Add it", None, []),
        ((), "Add it", None, []),
        ((), "Add it (#5)", Found(MERGED), [5]),
        ((), "Add it (#9)", Found(pull_facts(9, "other", commits=(V,))), [9]),
        ((), "Fix issue (#12)", Nothing(), []),
        ((), "Add it (#8)", Found(pull_facts(8, "other")), []),
        ((), "Add it (#8)", lost(GithubPull("", 8)), "unknown"),
    ],
    ids=[
        "merged",
        "its own merge first",
        "open",
        "closed",
        "none",
        "squash not linked yet",
        "commit of it not linked yet",
        "number of an issue",
        "number of another",
        "number unknown",
    ],
)
def test_pull_requests_that_github_tells(
    pulls: tuple[PullFacts, ...], subject: str, asked: object, numbers: list[int] | str
) -> None:
    scene = scene_of()
    scene.commit("v", subject, pulls=pulls)
    number = subject.partition("#")[2].rstrip(")")
    if asked is not None:
        scene.answers[GithubPull(REPOSITORY, int(number))] = asked
    told = scene.one().pull_requests
    if isinstance(told, Unknown):
        assert numbers == "unknown"
        return
    items = told.value if isinstance(told, Found) else ()
    assert [item.number for item in items] == numbers
    assert {item.evidence for item in items} <= {"api"}


@pytest.mark.parametrize(
    ("subject", "body", "parents", "said"),
    [
        ("Add it (#5)", "* one\n* two", 1, (5, "Add it")),
        ('Revert "Add it (#5)" (#9)', "Reverts acme/shop#5", 1, (9, 'Revert "Add it (#5)"')),
        ("Merge pull request #7 from acme/topic", "Make it so\n\nmore", 2, (7, "Make it so")),
        ("Merge pull request #7 from acme/topic", "", 2,
         (7, "Merge pull request #7 from acme/topic")),
        ("Make it so (#7)", "", 2, (7, "Make it so")),
        ('Revert "Add it (#5)"', "", 1, None),
        ('Revert "Merge pull request #7 from acme/topic"', "", 1, None),
        ("Merge pull request #7 from acme/topic", "Make it so", 1, None),
        ("Add it (#5)", f"(cherry picked from commit {V})", 1, None),
        ("Merge branch 'main' into topic", "", 2, None),
        ("Fix #5", "", 1, None),
        ("(#5)", "", 1, None),
        ("Add it (#99999999999999999999)", "", 1, None),
    ],
    ids=[
        "squash", "squash of a revert", "merge", "merge without a title", "merge by its title",
        "revert", "revert of a merge", "a merge's words", "cherry-pick", "merge of a branch",
        "number in the words", "number alone", "no number at all",
    ],
)  # fmt: skip
def test_pull_requests_while_github_is_down(
    subject: str, body: str, parents: int, said: tuple[int, str] | None
) -> None:
    scene = scene_of()
    scene.commit("v", subject, body, parents=parents, github=False)
    github_down(scene)
    told = scene.one().pull_requests
    if said is None:
        assert isinstance(told, Unknown)
        return
    assert isinstance(told, Found)
    (item,) = told.value
    assert (item.number, item.title, item.evidence) == (*said, "message")
