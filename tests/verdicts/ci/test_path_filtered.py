"""A commit on which CI did not run because filters left out what it changed."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tests.scene import REPOSITORY, Scene, commit_facts, lost, sha
from tests.verdicts.ci.ci_scene import check, ci_of, scene_of, verdict_of
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.git import GitCommit, GitPushFilter, PushFilter, WorkflowFilter
from whatsrunning.facts.github import CheckFacts, CiFacts, GithubRuns
from whatsrunning.facts.query import Query
from whatsrunning.facts.scope import RepoRule
from whatsrunning.verdicts.ci.path_filtered import pushed


def _workflow(
    name: str = "CI", jobs: tuple[str, ...] = ("test",), **filters: Any
) -> WorkflowFilter:
    return WorkflowFilter(f".github/workflows/{name.lower()}.yml", name, jobs, **filters)


@pytest.mark.parametrize(
    ("files", "pattern", "copies"),
    [(("src/" + "a" * 900,) * 300, "**a*" * 200, 90), (("a",), "a" * 1001, 1)],
    ids=["many", "long"],
)
def test_what_is_too_much_to_compare(files: tuple[str, ...], pattern: str, copies: int) -> None:
    push = PushFilter(files, (_workflow(paths=(pattern,) * copies),))
    assert pushed(push, "main") == ((), ())
    small = PushFilter(files[:1], (_workflow(paths=(pattern[:1000],)),))
    assert pushed(small, "main") != ((), ())


CI_ = _workflow(branches=("main", "release/**"), paths=("src/**", "!src/**.md"))


NOT_DOCS = _workflow(paths_ignore=("docs/**", "**.md"))


DEPLOY = _workflow("Deploy", ("ship",))
DEPLOY_DOCS = _workflow("Deploy", ("ship",), paths=("src/**",))


GREEN = (check("test", -99, -95),)


RED = (check("test", -99, -95, "failure"),)


def _pushes(
    scene: Scene, *changes: Sequence[str], workflows: Sequence[WorkflowFilter] = (CI_,)
) -> Scene:
    """A clone whose newest commit `c`, and those below it (`p1`, `p2`, ...), changed these."""
    words = ["c", *(f"p{n}" for n in range(1, len(changes) + 2))]
    for word, below in pairwise(words):
        made = replace(commit_facts(word), parents=(sha(below),))
        scene.answers[GitCommit(REPOSITORY, made.sha)] = Found(made)
    scene.clone(*words)
    for word, changed in zip(words, changes, strict=False):
        fact = PushFilter(tuple(changed), tuple(workflows))
        scene.answers[GitPushFilter(REPOSITORY, sha(word))] = Found(fact)
    return scene


def _ran(scene: Scene, word: str, *checks: CheckFacts) -> Scene:
    scene.answers[GithubRuns(REPOSITORY, sha(word))] = Found(CiFacts(checks))
    return scene


@pytest.mark.parametrize(
    ("changed", "workflows", "expected"),
    [
        (["README.md"], [CI_], "path-filtered"),
        (["src/a.md", "docs/a"], [CI_], "path-filtered"),
        (["README.md", "src/a.py"], [CI_], ""),
        (["docs/a", "a/b.md"], [NOT_DOCS], "path-filtered"),
        (["docs/a", "a/b.py"], [NOT_DOCS], ""),
        (["README.md"], [CI_, DEPLOY], "path-filtered"),  # which configuration names as a deploy
        (["README.md"], [DEPLOY], ""),
        (["README.md"], [CI_, _workflow("Lint")], ""),  # nothing left that out, and it did not run
        (["README.md"], [CI_, _workflow("Old", branches=("v1",))], "path-filtered"),
        (["README.md"], [CI_, _workflow("Old", branches_ignore=("ma*",))], "path-filtered"),
        (["README.md"], [_workflow(branches=("v1",), paths=("src/**",))], ""),
        (["README.md"], [_workflow(branches=("**", "!main"), paths=("src/**",))], ""),
        (["README.md"], [], ""),
        (["README.md"], [CI_, DEPLOY_DOCS], "path-filtered"),
        (["README.md"], [DEPLOY_DOCS], ""),
    ],
    ids=[
        "paths",
        "paths and what they take away",
        "a path that counts",
        "paths-ignore",
        "a path that is not ignored",
        "beside the deploy",
        "nothing but the deploy",
        "another without filters",
        "another for another branch",
        "another for no such branch",
        "itself for another branch",
        "itself not for this branch",
        "no workflow",
        "beside a deploy with filters",
        "nothing but a deploy with filters",
    ],
)
def test_what_the_filters_say(
    changed: list[str], workflows: list[WorkflowFilter], expected: str
) -> None:
    scene = _ran(_pushes(scene_of(), changed, workflows=workflows), "p1", *GREEN)
    ci = ci_of(scene)
    assert (ci.at_deploy, ci.reason) == ("no-run", expected)


def test_a_deploy_that_ran_says_nothing_of_the_tests() -> None:
    """It has no filter, and it is known by a deployment's record alone."""
    shipped = check("ship", -4, -3, workflow="Ship", deployment=True,
                    workflow_path=".github/workflows/ship.yml")  # fmt: skip
    workflows = [CI_, _workflow("Ship", ("ship",))]
    scene = _ran(_pushes(scene_of(shipped), ["a.md"], workflows=workflows), "p1", *GREEN)
    assert ci_of(scene).reason == "path-filtered"


DOCS, CODE = ["a.md"], ["src/a.py"]


@pytest.mark.parametrize(
    ("changes", "tested", "reason"),
    [
        ([DOCS, DOCS], "p2", "path-filtered"),
        ([DOCS, CODE], "p2", ""),
        ([DOCS] * 10, "p10", "path-filtered"),
        ([DOCS] * 11, "p11", ""),
    ],
    ids=["two left out", "one not left out", "as far as we look", "further than we look"],
)
def test_it_is_traced_back_to_what_was_tested(
    changes: Sequence[Sequence[str]], tested: str, reason: str
) -> None:
    """Several commits in one push: GitHub looks at what all of them change, and so do we."""
    assert ci_of(_ran(_pushes(scene_of(), *changes), tested, *GREEN)).reason == reason


def test_what_was_tested_must_have_passed() -> None:
    scene = _ran(_pushes(scene_of(), ["a.md"]), "p1", *RED)
    ci = ci_of(scene)
    assert ci.at_deploy == "no-run"
    assert ci.reason == f"path-filtered, but CI was red at {sha('p1')[:12]} before it"
    later = _ran(_pushes(scene_of(), ["a.md"]), "p1", check("test", 5, 9))
    assert "raced" in ci_of(later).reason


BOTH = (
    _workflow("Api", ("api",), paths=("api/**",)),
    _workflow("Web", ("web",), paths=("web/**",)),
)


@pytest.mark.parametrize(
    ("gates", "below", "expected"),
    [
        (("api", "web"), {"p1": ("api",), "p2": ("api", "web")}, "path-filtered"),
        (("Api / api", "web.yml"), {"p1": ("api", "web")}, "path-filtered"),
        (("api (3.11)", "Web / web / unit"), {"p1": ("api (3.11)", "web / unit")}, "path-filtered"),
        (("api", "web"), {"p1": ("api!",), "p2": ("api", "web")}, "but CI was red"),
        (("api", "circle"), {"p1": ("api", "circle")}, ""),
    ],
    ids=[
        "by job",
        "by workflow",
        "by what a job is called when it runs",
        "red",
        "not of a workflow",
    ],
)
def test_gates_that_are_configured(
    gates: tuple[str, ...], below: Mapping[str, tuple[str, ...]], expected: str
) -> None:
    """Each gate that did not run is one of a workflow that was left out."""
    scene = _pushes(scene_of(), ["a.md"], ["api/a"], workflows=BOTH)
    scene.scope = replace(scene.scope, repo_rules={REPOSITORY: RepoRule(gates=gates)})
    for word, names in below.items():
        ran = [_gate(name) for name in names]
        _ran(scene, word, *ran)
    ci = ci_of(scene)
    assert ci.at_deploy == "no-run"
    assert expected in ci.reason
    assert bool(expected) == ("path-filtered" in ci.reason)


def _gate(name: str) -> CheckFacts:
    said, word = "failure" if name.endswith("!") else "success", name.removesuffix("!")
    flow = "Web" if word.startswith("web") else "Api"
    path = f".github/workflows/{flow.lower()}.yml"
    return check(word, -99, -95, said, workflow=flow, workflow_path=path)


@pytest.mark.parametrize(
    ("own", "expected"),
    [("api", ("no-run", "path-filtered")), ("api!", ("red", ""))],
    ids=["and passed", "and failed"],
)
def test_some_gates_ran_and_the_others_were_left_out(own: str, expected: tuple[str, str]) -> None:
    scene = _pushes(scene_of(_gate(own)), ["api/a"], workflows=BOTH)
    rules = {REPOSITORY: RepoRule(gates=("api", "web"))}
    scene.scope = replace(scene.scope, repo_rules=rules)
    ci = ci_of(_ran(scene, "p1", _gate("api"), _gate("web")))
    assert (ci.at_deploy, ci.reason) == expected
    assert ci.gates


PUSH = GitPushFilter(REPOSITORY, sha("c"))
BELOW = GithubRuns(REPOSITORY, sha("p1"))


def test_where_ci_ran_filters_are_not_asked_for() -> None:
    green = _pushes(scene_of(check("test", -9, -5)), ["a.md"])
    assert ci_of(green).at_deploy == "green"
    assert PUSH not in green.answers.asked


def test_without_a_clone_filters_are_not_asked_for() -> None:
    scene = scene_of()
    assert (ci_of(scene).at_deploy, ci_of(scene).reason) == ("no-run", "")
    assert PUSH not in scene.answers.asked


@pytest.mark.parametrize(
    "answer", [Nothing(), lost(PUSH, "git-failed")], ids=["no clone can tell", "git failed"]
)
def test_filters_that_nobody_can_tell(answer: Answer[PushFilter]) -> None:
    scene = _ran(_pushes(scene_of(), ["a.md"]), "p1", *GREEN)
    scene.answers[PUSH] = answer
    assert ci_of(scene).reason == ""


@pytest.mark.parametrize(
    "query", [PUSH, BELOW, GitCommit(REPOSITORY, sha("c"))], ids=lambda query: type(query).__name__
)
def test_what_was_not_told_in_time_is_unknown(query: Query[Any]) -> None:
    scene = _ran(_pushes(scene_of(), ["a.md"]), "p1", *GREEN)
    scene.answers[query] = lost(query, "timeout")
    assert verdict_of(scene) == lost(query, "timeout")


def test_a_branch_of_which_the_filters_are_not_known() -> None:
    scene = _ran(_pushes(scene_of(), ["a.md"]), "p1", *GREEN)
    graph = scene.answers.graphs[REPOSITORY]
    assert isinstance(graph, Found)
    parents = {sha("m"): (sha("p1"),), **graph.value.parents}
    scene.answers.graphs[REPOSITORY] = Found(replace(graph.value, head=sha("m"), parents=parents))
    assert (ci_of(scene).at_deploy, ci_of(scene).reason) == ("no-run", "")


def test_a_workflow_that_ran_nevertheless() -> None:
    """So its filters were not what decided: it was in a push with more than this commit."""
    skipped = check("test", -9, -9, "skipped")
    scene = _ran(_pushes(scene_of(skipped), ["a.md"]), "p1", *GREEN)
    assert (ci_of(scene).at_deploy, ci_of(scene).reason) == ("no-verdict", "")
    other = _workflow("Web", ("web",), paths=("src/**",))
    scene = _pushes(scene_of(_gate("api")), ["a.md"], workflows=(BOTH[0], other))
    scene.scope = replace(scene.scope, repo_rules={REPOSITORY: RepoRule(gates=("api", "web"))})
    ci = ci_of(_ran(scene, "p1", _gate("api"), _gate("web")))
    assert (ci.at_deploy, ci.reason) == ("no-run", "no run of web")


def test_a_commit_that_is_on_no_known_branch() -> None:
    scene = _ran(_pushes(scene_of(), ["a.md"]), "p1", *GREEN)
    graph = scene.answers.graphs[REPOSITORY]
    assert isinstance(graph, Found)
    scene.answers.graphs[REPOSITORY] = Found(replace(graph.value, head=""))
    assert ci_of(scene).reason == ""


def test_gates_of_the_commits_below_that_were_left_out_too() -> None:
    """Each of them ran somewhere below, and what ran passed."""
    scene = _pushes(scene_of(), ["a.md"], ["api/a"], ["web/a"], workflows=BOTH)
    scene.scope = replace(scene.scope, repo_rules={REPOSITORY: RepoRule(gates=("api", "web"))})
    for word, names in (("p1", ["api"]), ("p2", ["web"]), ("p3", ["api", "web"])):
        _ran(scene, word, *map(_gate, names))
    assert ci_of(scene).reason == "path-filtered"
