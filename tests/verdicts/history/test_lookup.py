"""The history as a look can know it: by a clone, by GitHub, by both, and by neither."""

from dataclasses import replace

import pytest

from tests.scene import REPOSITORY, Scene, lost, sha
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.git import Base, GitGraph, GitHolders, GitReference, GraphFacts, Head
from whatsrunning.facts.github import CompareFacts, GithubCompare, GithubGraph, GithubReference
from whatsrunning.facts.scope import RepoRule
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.verdicts.history import lookup


def _scene() -> Scene:
    """One container that claims `old`, two builds, and a clone that has all but `new`."""
    scene = Scene()
    image = scene.image("sha256:1", labels={"git.sha": sha("old")})
    scene.container("web", f"registry.test/acme/shop:{sha('old')}", image)
    scene.push(sha("old"), "sha256:" + "1" * 64)
    scene.clone("mid", "old")
    return scene


def _line(*words: str) -> GraphFacts:
    shas = [sha(word) for word in words]
    parents = dict(zip(shas, [(each,) for each in shas[1:]] + [()], strict=True))
    return GraphFacts("main", shas[0], parents, True)


def _history(scene: Scene) -> tuple[object, FactStore]:
    case = Case(FactStore(scene.answers), scene.scope)
    return lookup.git_history(case, REPOSITORY), case.facts


def test_a_clone_that_has_everything_is_enough() -> None:
    scene = _scene()
    scene.answers[GithubGraph(REPOSITORY)] = lost(GithubGraph(REPOSITORY))
    graph, facts = _history(scene)
    assert isinstance(graph, Found)
    assert graph.value.between(sha("old"), sha("mid")) == (sha("mid"),)
    assert not facts.problems
    assert GithubGraph(REPOSITORY) not in scene.answers.asked


def test_github_fills_in_what_the_clone_lacks() -> None:
    scene = _scene()
    scene.push(sha("new"), "sha256:" + "2" * 64)
    shas = tuple(sorted((sha("old"), sha("new"))))
    scene.answers[GitGraph(REPOSITORY, shas)] = Found(_line("mid", "old"))
    scene.answers[GithubGraph(REPOSITORY)] = Found(_line("new", "mid", "old"))
    graph, _ = _history(scene)
    assert isinstance(graph, Found)
    assert graph.value.fresh
    assert graph.value.between(sha("old"), sha("new")) == (sha("new"), sha("mid"))
    scene.answers[GithubGraph(REPOSITORY)] = lost(GithubGraph(REPOSITORY))
    alone, _ = _history(scene)
    assert isinstance(alone, Found)
    assert not alone.value.fresh
    assert alone.value.is_ancestor(sha("old"), sha("new")) is None


def test_compare_is_the_last_way() -> None:
    scene = _scene()
    query = GithubCompare(REPOSITORY, Base(sha("old")), Head(sha("far")))
    scene.answers[query] = Found(CompareFacts(7, 0))
    case = Case(FactStore(scene.answers), scene.scope)
    assert lookup.is_ancestor(case, REPOSITORY, sha("old"), sha("far"))
    assert lookup.is_ancestor(case, REPOSITORY, sha("old"), sha("mid"))
    assert lookup.is_ancestor(case, REPOSITORY, sha("no"), sha("mid")) is None


@pytest.mark.parametrize("github", [Nothing(), lost(GithubGraph(REPOSITORY))])
def test_neither_way(github: Nothing | Unknown) -> None:
    scene = _scene()
    local = GitGraph(REPOSITORY, (sha("old"),))
    scene.answers[local] = lost(local, "dubious-ownership")
    scene.answers[GithubGraph(REPOSITORY)] = github
    graph, _ = _history(scene)
    assert isinstance(graph, Unknown)
    assert graph.problem.code == "dubious-ownership"


def test_nothing_is_asked_twice_or_too_early() -> None:
    """While the clone is being asked, GitHub is not: it is the second way."""
    scene = _scene()
    asked = dict(scene.answers)
    case = Case(FactStore(asked), scene.scope)
    graph = lookup.git_history(case, REPOSITORY)
    assert isinstance(graph, Unknown)
    assert graph.problem.code == "pending"
    graph_of_it = GitGraph(REPOSITORY, (sha("old"),))
    assert set(case.facts.missing) == {GitHolders("", sha("old")), graph_of_it}


def test_the_default_branch_by_configuration() -> None:
    """It stands before what the clone and GitHub call theirs; one that is not there is unknown."""
    scene = Scene()
    scene.clone("now", "release", "old")
    rules = {REPOSITORY.upper(): RepoRule(default_branch="release/1.4")}
    scope = replace(scene.scope, repo_rules=rules)
    query = GitReference(REPOSITORY, "release/1.4")

    def on(word: str) -> bool | None:
        return lookup.on_default(Case(FactStore(scene.answers), scope), REPOSITORY, sha(word))

    scene.answers[query] = Found(sha("release"))
    read = lookup.git_history(Case(FactStore(scene.answers), scope), REPOSITORY)
    assert isinstance(read, Found)
    assert (read.value.branch, read.value.head) == ("release/1.4", sha("release"))
    assert [on("now"), on("release"), on("old")] == [False, True, True]
    scene.answers[query] = Nothing()
    scene.answers[GithubReference(REPOSITORY, "release/1.4")] = Nothing()
    gone = lookup.git_history(Case(FactStore(scene.answers), scope), REPOSITORY)
    assert isinstance(gone, Unknown)
    assert gone.problem.code == "no-such-branch"
