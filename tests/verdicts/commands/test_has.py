"""`has`: by merge, squash, cherry-pick and branch; reverts after it; and when it cannot be told."""

import pytest

from tests.scene import REPOSITORY, Scene, digest, lost, pull_facts, sha
from tests.verdicts.commands.has_scene import has_of, live_of, scene_of_line
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.git import GitPrefix, GitReference
from whatsrunning.facts.github import GithubCommit, GithubPull, GithubReference
from whatsrunning.facts.scope import ServiceRule


@pytest.mark.parametrize("ref", ["7", "#7", sha("fix"), "https://github.com/acme/shop/pull/7"])
def test_live_and_taken_back(ref: str) -> None:
    answer = has_of(scene_of_line(), ref)
    assert answer.resolved == Found((sha("fix"),))
    assert live_of(answer) == {
        "fix": ("same", ""), "undo": ("ancestor", "undo"), "late": ("ancestor", ""),
    }  # fmt: skip
    assert [one.container for one in answer.not_live] == ["base"]
    assert answer.unknown_at == ()


def test_a_short_sha_and_a_branch() -> None:
    scene = scene_of_line()
    scene.answers[GitPrefix(REPOSITORY, sha("mid")[:9])] = Found(sha("mid"))
    assert set(live_of(has_of(scene, sha("mid")[:9]))) == {"late"}
    scene.answers[GitReference(REPOSITORY, "release")] = Found(sha("base"))
    assert len(has_of(scene, "release").live) == 4
    scene.answers[GithubReference(REPOSITORY, "release")] = Found(sha("late"))
    assert set(live_of(has_of(scene, "release"))) == {"late"}


@pytest.mark.parametrize(
    "ref", ["9", "no-such-branch", "abcdef1"], ids=["number", "name", "short SHA"]
)
def test_nothing_of_that_name(ref: str) -> None:
    answer = has_of(scene_of_line(), ref)
    assert answer.resolved == Nothing()
    assert (answer.live, answer.not_live, answer.unknown_at) == ((), (), ())


def test_an_open_pull_request_is_live_where_its_head_runs() -> None:
    scene = scene_of_line()
    scene.answers[GithubPull(REPOSITORY, 9)] = Found(pull_facts(9, commits=(sha("undo"),)))
    assert set(live_of(has_of(scene, "9"))) == {"undo", "late"}


def test_github_down() -> None:
    """A squash names its number; a merged number that nothing names stays unknown."""
    scene = scene_of_line()
    scene.answers[GithubPull(REPOSITORY, 7)] = lost(GithubPull(REPOSITORY, 7))
    scene.answers[GithubPull(REPOSITORY, 5)] = lost(GithubPull(REPOSITORY, 5))
    assert set(live_of(has_of(scene, "7"))) == {"fix", "undo", "late"}
    unknown = has_of(scene, "5")
    assert isinstance(unknown.resolved, Unknown)
    assert len(unknown.unknown_at) == 4


def test_only_services_of_that_repository_count() -> None:
    scene = scene_of_line()
    image = scene.image(digest("api"), labels={"git.sha": sha("api")})
    scene.container("api", f"registry.test/acme/api:{sha('api')}", image)
    scene.clone("api", repository="acme/api")
    answer = has_of(scene, "7")
    assert {one.container for one in (*answer.live, *answer.not_live)} == {
        "late", "undo", "fix", "base",
    }  # fmt: skip
    scene.answers[GithubPull("acme/api", 7)] = Found(pull_facts(7, "api"))
    twice = has_of(scene, "7")
    assert isinstance(twice.resolved, Unknown)
    assert twice.resolved.problem.code == "ambiguous"
    assert set(live_of(has_of(scene, "7", project="acme/api"))) == {"api"}


@pytest.mark.parametrize(
    ("remote", "told"), [("acme/shop", True), ("acme/other", False), ("gitlab.com/acme/shop", True)]
)
def test_a_number_in_a_clone_is_of_the_repository_that_the_clone_is_called(
    remote: str, told: bool
) -> None:
    """A commit that a clone holds may be of another repository, whose numbers are its own."""
    scene = Scene(service_rules={"web": ServiceRule(repo="acme/shop")})
    scene.image(digest("web"), labels={"git.sha": sha("fix")})
    scene.container("web", f"registry.test/web:{sha('fix')}", digest("web"))
    scene.clone("fix", repository=remote)
    scene.commit("fix", "Mend it (#7)", repository=remote, github=False)
    for query in (GithubPull("acme/shop", 7), GithubCommit("acme/shop", sha("fix"))):
        scene.answers[query] = lost(query)
    resolved = has_of(scene, "7").resolved
    assert isinstance(resolved, Found) == told
    assert isinstance(scene.one().pull_requests, Found) == told


def test_where_nothing_of_ours_runs() -> None:
    scene = Scene()
    answer = has_of(scene, "7")
    assert isinstance(answer.resolved, Unknown)
    assert answer.resolved.problem.code == "no-repository"
    scene.clone("base")
    assert has_of(scene, "7").resolved == Nothing()
