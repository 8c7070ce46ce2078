"""CI at deploy where the commit itself tells little: merges, the same tree, age, nothing."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from tests.facts import NOW, REPOSITORY, Scene, commit_facts, lost, pull_facts, sha
from tests.reconcile.ci_scene import DONE, at, check, ci_of, scene_of, verdict_of
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.records import CheckFacts, CiFacts, GithubCommitFacts, JournalEntry


def _merged(scene: Scene, *checks: CheckFacts, same_tree: bool) -> None:
    """The commit came by a pull request whose head has the checks."""
    pull = pull_facts(7, "c", commits=(sha("h1"), sha("h2")))
    scene.commit("c", pulls=(replace(pull, commits=()),))
    scene.answers[ask.GithubPull(REPOSITORY, 7)] = Found(pull)
    tree = commit_facts("c").tree if same_tree else "another"
    head = GithubCommitFacts(replace(commit_facts("h2"), tree=tree), "", ())
    scene.answers[ask.GithubCommit(REPOSITORY, sha("h2"))] = Found(head)
    scene.answers[ask.GithubRuns(REPOSITORY, sha("h2"))] = Found(CiFacts(checks))


HEAD = {"event": "pull_request"}


@pytest.mark.parametrize(
    ("same_tree", "checks", "expected"),
    [
        (True, (check("test", -99, -95, **HEAD),), ("green", "same-tree", "")),
        (True, (check("test", -99, -95, "failure", **HEAD),), ("red", "same-tree", "")),
        (True, (), ("no-run", "", "")),
        (False, (check("test", -99, -95, **HEAD),), ("no-run", "", "tested-before-merge")),
        (False, (check("test", -99, -95, "failure", **HEAD),), ("no-run", "", "")),
        (False, (check("test", 1, 2, **HEAD),), ("no-run", "", "")),
    ],
)
@pytest.mark.parametrize("own", [(), (check("test", -9, -9, "skipped"),)], ids=["none", "skipped"])
def test_what_ran_before_the_merge(
    own: tuple[CheckFacts, ...],
    same_tree: bool,
    checks: tuple[CheckFacts, ...],
    expected: tuple[str, str, str],
) -> None:
    scene = scene_of(*own)
    _merged(scene, *checks, same_tree=same_tree)
    ci = ci_of(scene)
    if own and not expected[1]:
        expected = ("no-verdict", "", "")
    assert (ci.at_deploy, ci.via, ci.reason) == expected


def test_a_tree_that_the_source_found() -> None:
    ci = ci_of(scene_of(same_tree={sha("h2"): (check("test", -99, -95, **HEAD),)}))
    assert (ci.at_deploy, ci.via) == ("green", "same-tree")


def test_why_nothing_ran() -> None:
    others = ci_of(scene_of(check("scan", -9, -5, kind="check", app="acme", event="")))
    assert "scan" in others.reason
    old = scene_of()
    past = replace(commit_facts("c"), committed_at=NOW - timedelta(days=401))
    old.answers[ask.GitCommit(REPOSITORY, sha("c"))] = Found(past)
    assert ci_of(old).at_deploy == "unknown"
    past = replace(past, committed_at=NOW - timedelta(days=399))
    old.answers[ask.GitCommit(REPOSITORY, sha("c"))] = Found(past)
    assert ci_of(old).at_deploy == "no-run"


def test_creating_it_again_never_improves_a_verdict() -> None:
    """Earlier looks saw the same revision begin while CI ran, with nothing else in between."""
    scene = scene_of(check("test", -20, -10))
    assert ci_of(scene).at_deploy == "green"
    seen = JournalEntry(at(-5), "ID-prod", "web", "web-1", sha("c"), "sha256:1", at(-15))
    scene.answers[ask.JournalLooks("ID-prod")] = Found((seen,))
    ci = ci_of(scene)
    assert (ci.at_deploy, ci.outcome) == ("raced", "success")
    assert "first deployed" in ci.reason
    between = replace(seen, at=at(-3), deployed_at=at(-4), sha=sha("other"))
    scene.answers[ask.JournalLooks("ID-prod")] = Found((seen, between))
    assert ci_of(scene).at_deploy == "green"
    scene.answers[ask.JournalLooks("ID-prod")] = Found((replace(seen, service="api"),))
    assert ci_of(scene).at_deploy == "green"


def test_none_is_not_unknown() -> None:
    scene = scene_of(DONE)
    runs = ask.GithubRuns(REPOSITORY, sha("c"))
    unknown = lost(runs)
    for part in ("repository", "revision", "deployed_at"):
        for answer in (unknown, Nothing()):
            given: dict[str, Any] = {part: answer}
            assert verdict_of(scene, **given) == answer
    scene.answers[runs] = unknown
    assert verdict_of(scene) == unknown
    scene.answers[runs] = Nothing()
    assert verdict_of(scene) == Nothing()
    scene.scope = replace(scene.scope, github_token=False)
    scene.answers.asked.clear()
    refused = verdict_of(scene)
    assert isinstance(refused, Unknown)
    assert refused.problem.code == "no-token"
    assert {query.source for query in scene.answers.asked} == {"engine"}
