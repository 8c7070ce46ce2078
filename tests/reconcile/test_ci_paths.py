"""A commit on which CI did not run because filters left out what it changed (DESIGN section 5)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import pairwise
from typing import Any

import pytest

from tests.facts import REPOSITORY, Scene, commit_facts, lost, sha
from tests.reconcile.ci_scene import check, ci_of, scene_of, verdict_of
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Nothing
from whatsrunning.facts.records import CheckFacts, CiFacts, PushFilter, WorkflowFilter
from whatsrunning.facts.scope import RepoRule
from whatsrunning.verdicts.ci.glob import matches, selects
from whatsrunning.verdicts.ci.path_filtered import pushed

# GitHub's own examples ("filter pattern cheat sheet"), and what they leave out.
PATTERNS: Mapping[str, tuple[Sequence[str], Sequence[str]]] = {
    "*": (("README.md", "server.rb"), ("docs/README.md",)),
    "*.jsx?": (("page.js", "page.jsx"), ("page.jsxx", "js/page.js")),
    "**": (("all/the/files.md", "a"), ()),
    "*.js": (("app.js", "index.js"), ("src/app.js", "app.jsx")),
    "**.js": (("index.js", "js/index.js", "src/js/app.js"), ("index.ts",)),
    "docs/*": (("docs/README.md", "docs/file.txt"), ("docs/a/b.md", "a/docs/b.md", "docs")),
    "docs/**": (("docs/README.md", "docs/mona/octocat.txt"), ("docs2/a", "a/docs/b", "docs")),
    "docs/**/*.md": (
        ("docs/README.md", "docs/mona/hello-world.md", "docs/a/markdown/file.md"),
        ("docs/a.txt", "README.md", "docsa.md"),
    ),
    "**/docs/**": (
        ("docs/hello.md", "/docs/hello.md", "dir/docs/my-file.txt", "space/docs/plan/space.doc"),
        ("dir/documents/a", "adocs/b"),
    ),
    "**/README.md": (("README.md", "js/README.md"), ("js/MY-README.md", "README.mdx")),
    "**/*src/**": (("a/src/app.js", "my-src/code/js/app.js"), ("source/app.js", "src")),
    "**/*-post.md": (("my-post.md", "path/their-post.md"), ("post.md", "my-post.md.bak")),
    "**/migrate-*.sql": (
        ("migrate-10909.sql", "db/migrate-v1.0.sql", "db/sept/migrate-v1.sql"),
        ("db/migrate-a/b.sql", "db/migration.sql"),
    ),
    "v[12].[0-9]+.[0-9]+": (("v1.10.1", "v2.0.0"), ("v3.0.0", "v1..1", "v1.x.1")),
    "releases/**-alpha": (("releases/alpha-alpha", "releases/a/b-alpha"), ("releases/beta",)),
    "[CB]at": (("Cat", "Bat"), ("cat", "at", "CBat")),
    "[a-]b[]": (("ab[]", "-b[]"), ("bb[]",)),
    r"\*.md\?": (("*.md?",), ("a.md", "*.md")),
    "src": (("src",), ("src/a", "Src", "")),
    "a**/b": (("a/b", "ax/y/b"), ("ab",)),
    "**a+": (("a", "x/aaa"), ("ab",)),
}


@pytest.mark.parametrize("pattern", PATTERNS)
def test_a_pattern(pattern: str) -> None:
    yes, no = PATTERNS[pattern]
    assert [name for name in (*yes, *no) if matches(pattern, name)] == list(yes)


@pytest.mark.parametrize(
    ("patterns", "selected"),
    [
        (("*.md", "!README.md"), ["hello.md"]),
        (("*.md", "!README.md", "README*"), ["hello.md", "README.md", "README.doc"]),
        (("!README.md", "*.md"), ["hello.md", "README.md"]),
        (("!README.md",), []),
        ((), []),
    ],
)
def test_the_last_pattern_that_matches_decides(
    patterns: Sequence[str], selected: list[str]
) -> None:
    files = ("hello.md", "README.md", "README.doc", "docs/hello.md")
    assert [file for file in files if selects(patterns, file)] == selected


def test_no_pattern_keeps_us_busy() -> None:
    """Patterns over which a backtracking matcher would sit for years, and too many of them."""
    assert not matches("**a" * 60 + "b", "a" * 900)
    assert not matches("a?" * 300 + "b", "a" * 300)
    many = PushFilter(("src/" + "a" * 900,) * 300, (_workflow(paths=("**a*" * 200,) * 90),))
    assert pushed(many, "main") == ((), ())
    assert pushed(PushFilter(("a",), (_workflow(paths=("a" * 1001,)),)), "main") == ((), ())


def _workflow(
    name: str = "CI", jobs: tuple[str, ...] = ("test",), **filters: Any
) -> WorkflowFilter:
    return WorkflowFilter(f".github/workflows/{name.lower()}.yml", name, jobs, **filters)


CI_ = _workflow(branches=("main", "release/**"), paths=("src/**", "!src/**.md"))
NOT_DOCS = _workflow(paths_ignore=("docs/**", "**.md"))
DEPLOY = _workflow("Deploy", ("ship",))
GREEN = (check("test", -99, -95),)
RED = (check("test", -99, -95, "failure"),)


def _pushes(
    scene: Scene, *changes: Sequence[str], workflows: Sequence[WorkflowFilter] = (CI_,)
) -> Scene:
    """A clone whose newest commit `c`, and those below it (`p1`, `p2`, ...), changed these."""
    words = ["c", *(f"p{n}" for n in range(1, len(changes) + 2))]
    for word, below in pairwise(words):
        made = replace(commit_facts(word), parents=(sha(below),))
        scene.answers[ask.GitCommit(REPOSITORY, made.sha)] = Found(made)
    scene.clone(*words)
    for word, changed in zip(words, changes, strict=False):
        fact = PushFilter(tuple(changed), tuple(workflows))
        scene.answers[ask.GitPushFilter(REPOSITORY, sha(word))] = Found(fact)
    return scene


def _ran(scene: Scene, word: str, *checks: CheckFacts) -> Scene:
    scene.answers[ask.GithubRuns(REPOSITORY, sha(word))] = Found(CiFacts(checks))
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


def test_it_is_traced_back_to_what_was_tested() -> None:
    """Two commits in one push: GitHub looks at what both change, and so do we."""
    docs, code = ["a.md"], ["src/a.py"]
    assert ci_of(_ran(_pushes(scene_of(), docs, docs), "p2", *GREEN)).reason == "path-filtered"
    assert ci_of(_ran(_pushes(scene_of(), docs, code), "p2", *GREEN)).reason == ""
    assert ci_of(_pushes(scene_of(), *[docs] * 40)).reason == ""


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


def test_some_gates_ran_and_the_others_were_left_out() -> None:
    rules = {REPOSITORY: RepoRule(gates=("api", "web"))}
    for own, expected in (("api", "path-filtered"), ("api!", "")):
        scene = _pushes(scene_of(_gate(own)), ["api/a"], workflows=BOTH)
        scene.scope = replace(scene.scope, repo_rules=rules)
        ci = ci_of(_ran(scene, "p1", _gate("api"), _gate("web")))
        assert (ci.at_deploy, ci.reason) == ("red" if not expected else "no-run", expected)
        assert ci.gates


def test_only_who_could_tell_is_asked_and_only_then() -> None:
    question = ask.GitPushFilter(REPOSITORY, sha("c"))
    green = _pushes(scene_of(check("test", -9, -5)), ["a.md"])
    assert ci_of(green).at_deploy == "green"
    assert question not in green.answers.asked
    without = scene_of()
    assert (ci_of(without).at_deploy, ci_of(without).reason) == ("no-run", "")
    assert question not in without.answers.asked
    for answer, status in ((Nothing(), ""), (lost(question, "git-failed"), "")):
        scene = _ran(_pushes(scene_of(), ["a.md"]), "p1", *GREEN)
        scene.answers[question] = answer
        assert ci_of(scene).reason == status
    late = _ran(_pushes(scene_of(), ["a.md"]), "p1", *GREEN)
    late.answers[question] = lost(question, "timeout")
    assert verdict_of(late) == lost(question, "timeout")
    unasked = _pushes(scene_of(), ["a.md"])
    unasked.answers[ask.GithubRuns(REPOSITORY, sha("p1"))] = lost(question, "timeout")
    assert verdict_of(unasked) == lost(question, "timeout")


def test_a_branch_of_which_the_filters_are_not_known() -> None:
    scene = _ran(_pushes(scene_of(), ["a.md"]), "p1", *GREEN)
    graph = scene.answers.graphs[REPOSITORY]
    assert isinstance(graph, Found)
    parents = {sha("m"): (sha("p1"),), **graph.value.parents}
    scene.answers.graphs[REPOSITORY] = Found(replace(graph.value, head=sha("m"), parents=parents))
    assert (ci_of(scene).at_deploy, ci_of(scene).reason) == ("no-run", "")
