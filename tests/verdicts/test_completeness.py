"""Whether a look saw everything, and which problems it tells."""

import pytest

from tests.scene import IMAGE, REPOSITORY, Scene, digest, lost, sha
from tests.verdicts.fleet import V, fleet
from tests.verdicts.swarm_scene import managed, service
from whatsrunning.facts.answers import Nothing
from whatsrunning.facts.engine import EngineContainers, EngineEvents, EngineNodes, EngineServices
from whatsrunning.facts.git import GitCommit
from whatsrunning.facts.github import GithubGraph, GithubPull, GithubRuns
from whatsrunning.facts.journal import JournalLooks
from whatsrunning.facts.query import Query
from whatsrunning.facts.registry import RegistryManifest, RegistryTags


def test_complete_and_without_problems() -> None:
    report = fleet().look()
    assert (report.complete, report.problems) == (True, ())


def test_an_unreachable_engine_is_a_row() -> None:
    scene = fleet()
    scene.answers[EngineContainers("canary")] = lost(EngineContainers("canary"))
    report = scene.look()
    assert [engine.status for engine in report.engines] == ["ok", "unreachable"]
    assert report.engines[1].problem in report.problems
    assert {container.engine for container in report.containers} == {"prod"}
    assert report.complete is False


def test_an_absence_that_no_field_refers_to_is_no_problem() -> None:
    scene = fleet()
    query = GitCommit(REPOSITORY, V)
    scene.answers[query] = lost(query, "no-clone")
    scene.commit("v", local=False)
    assert all(problem.code != "no-clone" for problem in scene.look().problems)


def test_a_field_that_is_unknown_makes_a_look_incomplete_and_names_its_problem() -> None:
    scene = fleet()
    scene.lose(RegistryManifest)
    report = scene.look()
    assert report.complete is False
    assert {container.proof.problem for container in report.containers} <= set(report.problems)


def test_a_commit_that_nobody_has_was_looked_at() -> None:
    scene = fleet()
    nowhere = "dead" * 10
    scene.container("x", f"{IMAGE}:{nowhere}", digest("config"), {"git.sha": nowhere})
    scene.push(nowhere, digest("top"), digest("config"))
    scene.answers[GithubGraph(REPOSITORY)] = scene.answers.graphs[REPOSITORY]
    report = scene.look()
    assert report.complete is True
    assert next(c.commit for c in report.containers if c.name == "x") == Nothing()


def _swarm() -> Scene:
    return managed(service())


def _two_builds() -> Scene:
    """A fleet with an older build to go back to."""
    scene = fleet()
    scene.clone("v", "u", repository=REPOSITORY)
    scene.push(sha("u"), digest("top-u"), digest("config-u"))
    return scene


@pytest.mark.parametrize(
    ("scene", "query", "scope"),
    [
        pytest.param(_swarm(), EngineServices("prod"), {}, id="a swarm's services"),
        pytest.param(_swarm(), EngineNodes("prod"), {}, id="a swarm's nodes"),
        pytest.param(
            fleet(), GithubPull(REPOSITORY, 412), {"command": "has", "argument": "412"},
            id="the pull request of has",
        ),
        pytest.param(
            fleet(), EngineEvents("prod"), {"command": "history"}, id="a source of history"
        ),
        pytest.param(
            fleet(), RegistryTags(IMAGE), {"command": "rollback-plan", "services": ("web",)},
            id="the builds of a rollback plan",
        ),
        pytest.param(
            _two_builds(), GithubRuns(REPOSITORY, sha("u")),
            {"command": "rollback-plan", "services": ("web",)}, id="CI of a candidate",
        ),
    ],
)  # fmt: skip
def test_what_the_command_looked_up_besides_containers(
    scene: Scene, query: Query[object], scope: dict[str, object]
) -> None:
    assert scene.look(**scope).complete is True
    scene.answers[query] = lost(query, "api-error")
    assert scene.look(**scope).complete is False


def test_what_ran_before_is_left_out() -> None:
    scene = fleet()
    query = JournalLooks("ID-prod")
    scene.answers[query] = lost(query)
    report = scene.look()
    assert report.complete is True
    assert [problem.source for problem in report.problems] == ["journal"]


def test_an_unknown_short_sha_counts_as_looked_at() -> None:
    scene = fleet()
    short = sha("nowhere")[:9]
    scene.container("x", f"{IMAGE}:latest", digest("config"), {"git.sha": short})
    report = scene.look()
    assert [problem.code for problem in report.problems] == ["no-such-commit"]
