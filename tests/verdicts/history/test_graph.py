"""The history graph: reachability, order and counts, and what cannot be told from a part of it."""

from dataclasses import replace

import pytest

from tests.facts import REPOSITORY, Scene, lost, sha
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.records import Base, CompareFacts, GraphFacts, Head
from whatsrunning.facts.scope import RepoRule
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.verdicts.history import lookup
from whatsrunning.verdicts.history.graph import HistoryGraph, merged

# f is main's head; m merged s2, which left main at b; x and y are a branch that was never merged.
LINES = {
    "f": "m",
    "m": "c s2",
    "y": "x",
    "x": "c",
    "c": "b",
    "s2": "s1",
    "s1": "b",
    "b": "a",
    "a": "",
}


def _facts(lines: dict[str, str], head: str = "f", *, whole: bool = True) -> GraphFacts:
    parents = {each: tuple(words.split()) for each, words in lines.items()}
    return GraphFacts("main", head, parents, whole)


GRAPH = HistoryGraph(_facts(LINES))


@pytest.mark.parametrize(
    ("base", "head", "ancestor", "between"),
    [
        ("a", "f", True, "f m c s2 s1 b"),
        ("f", "f", True, ""),
        ("c", "f", True, "f m s2 s1"),
        ("s1", "f", True, "f m c s2"),
        ("s2", "c", False, "c"),
        ("f", "c", False, ""),
        ("c", "y", True, "y x"),
        ("y", "f", False, "f m s2 s1"),
        ("f", "y", False, "y x"),
        ("gone", "f", None, None),
        ("f", "gone", None, None),
    ],
)
def test_two_commits(base: str, head: str, ancestor: bool | None, between: str | None) -> None:
    known = None if between is None else tuple(between.split())
    assert GRAPH.is_ancestor(base, head) is ancestor
    assert GRAPH.between(base, head) == known
    assert GRAPH.count(base, head) == (None if known is None else len(known))


def test_the_default_branch() -> None:
    on = {each: GRAPH.on_default(each) for each in (*LINES, "gone")}
    assert [each for each, yes in on.items() if yes is False] == ["y", "x"]
    assert [each for each, yes in on.items() if yes is None] == ["gone"]
    assert GRAPH.trunk == ("f", "m", "c", "b", "a")
    assert GRAPH.order(["a", "gone", "s1", "f", "a", "c"]) == ("f", "c", "s1", "a", "gone")


# Cut below c and s1: their parents were not read.
CUT = {key: words for key, words in LINES.items() if key not in ("b", "a")}


@pytest.mark.parametrize(
    ("base", "head", "ancestor", "count"),
    [
        ("c", "f", True, None),  # f also holds s1, whose past is not known to lie behind c
        ("c", "y", True, 2),
        ("y", "c", False, 0),
        ("x", "s2", None, None),
        ("m", "f", True, 1),
    ],
)
def test_a_cut_history(base: str, head: str, ancestor: bool | None, count: int | None) -> None:
    graph = HistoryGraph(_facts(CUT, whole=False))
    assert graph.is_ancestor(base, head) is ancestor
    assert graph.count(base, head) == count


def test_a_shallow_clones_last_commits_are_no_roots() -> None:
    shallow = {**CUT, "c": "", "s1": ""}
    graph = HistoryGraph(_facts(shallow, whole=False))
    assert graph.is_ancestor("s1", "c") is None
    assert HistoryGraph(_facts(shallow)).is_ancestor("s1", "c") is False


def test_what_all_tips_share_is_no_cut() -> None:
    """A clone is read down to what the asked commits share: c, y and f all contain b."""
    graph = HistoryGraph(_facts(CUT), shared=("c", "y", "f"))
    assert (graph.count("c", "f"), graph.count("y", "f")) == (4, 4)
    assert graph.is_ancestor("y", "f") is False
    assert graph.is_ancestor("s1", "c") is None


def test_two_sources_are_one_history() -> None:
    local = _facts({each: LINES[each] for each in ("c", "b", "a")}, head="c")
    github = _facts({each: LINES[each] for each in ("f", "m", "s2", "s1", "c")}, whole=False)
    graph = HistoryGraph(merged(local, github), shared=("c",), fresh=True)
    assert (graph.head, graph.fresh, graph.whole) == ("f", True, True)
    assert graph.between("a", "f") == ("f", "m", "s2", "s1", "c", "b")
    shallow = _facts({"c": "", "y": "x", "x": "c"}, head="c", whole=False)
    assert merged(shallow, github).parents["c"] == ("b",)
    assert list(merged(shallow, github).parents) == ["f", "m", "s2", "s1", "y", "x", "c"]


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
    scene.answers[ask.GithubGraph(REPOSITORY)] = lost(ask.GithubGraph(REPOSITORY))
    graph, facts = _history(scene)
    assert isinstance(graph, Found)
    assert graph.value.count(sha("old"), sha("mid")) == 1
    assert not facts.problems
    assert ask.GithubGraph(REPOSITORY) not in scene.answers.asked


def test_github_fills_in_what_the_clone_lacks() -> None:
    scene = _scene()
    scene.push(sha("new"), "sha256:" + "2" * 64)
    shas = tuple(sorted((sha("old"), sha("new"))))
    scene.answers[ask.GitGraph(REPOSITORY, shas)] = Found(_line("mid", "old"))
    scene.answers[ask.GithubGraph(REPOSITORY)] = Found(_line("new", "mid", "old"))
    graph, _ = _history(scene)
    assert isinstance(graph, Found)
    assert graph.value.fresh
    assert graph.value.count(sha("old"), sha("new")) == 2
    scene.answers[ask.GithubGraph(REPOSITORY)] = lost(ask.GithubGraph(REPOSITORY))
    alone, _ = _history(scene)
    assert isinstance(alone, Found)
    assert not alone.value.fresh
    assert alone.value.is_ancestor(sha("old"), sha("new")) is None


def test_compare_is_the_last_way() -> None:
    scene = _scene()
    question = ask.GithubCompare(REPOSITORY, Base(sha("old")), Head(sha("far")))
    scene.answers[question] = Found(CompareFacts(7, 0))
    case = Case(FactStore(scene.answers), scene.scope)
    assert lookup.is_ancestor(case, REPOSITORY, sha("old"), sha("far"))
    assert lookup.is_ancestor(case, REPOSITORY, sha("old"), sha("mid"))
    assert lookup.is_ancestor(case, REPOSITORY, sha("no"), sha("mid")) is None


@pytest.mark.parametrize("github", [Nothing(), lost(ask.GithubGraph(REPOSITORY))])
def test_neither_way(github: Nothing | Unknown) -> None:
    scene = _scene()
    local = ask.GitGraph(REPOSITORY, (sha("old"),))
    scene.answers[local] = lost(local, "dubious-ownership")
    scene.answers[ask.GithubGraph(REPOSITORY)] = github
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
    assert list(case.facts.missing) == [ask.GitGraph(REPOSITORY, (sha("old"),))]


def test_the_default_branch_by_configuration() -> None:
    """It stands before what the clone and GitHub call theirs; one that is not there is unknown."""
    scene = Scene()
    scene.clone("now", "release", "old")
    rules = {REPOSITORY.upper(): RepoRule(default_branch="release/1.4")}
    scope = replace(scene.scope, repo_rules=rules)
    question = ask.GitReference(REPOSITORY, "release/1.4")

    def on(word: str) -> bool | None:
        return lookup.on_default(Case(FactStore(scene.answers), scope), REPOSITORY, sha(word))

    scene.answers[question] = Found(sha("release"))
    read = lookup.git_history(Case(FactStore(scene.answers), scope), REPOSITORY)
    assert isinstance(read, Found)
    assert (read.value.branch, read.value.head) == ("release/1.4", sha("release"))
    assert [on("now"), on("release"), on("old")] == [False, True, True]
    scene.answers[question] = Nothing()
    scene.answers[ask.GithubReference(REPOSITORY, "release/1.4")] = Nothing()
    gone = lookup.git_history(Case(FactStore(scene.answers), scope), REPOSITORY)
    assert isinstance(gone, Unknown)
    assert gone.problem.code == "no-such-branch"
