"""Engines, the order of containers, names on the command line, and completeness."""

from typing import Any

import pytest

from tests.facts import IMAGE, NOW, REPOSITORY, Scene, digest, lost, minutes_ago, sha
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Nothing
from whatsrunning.facts.store import FactStore
from whatsrunning.verdicts.report import judge

V = sha("v")


def put(scene: Scene, name: str, service: str = "", **more: object) -> str:
    """A container of ours on the scene's newest engine."""
    labels = {"git.sha": V, **({"com.docker.compose.service": service} if service else {})}
    return scene.container(name, f"{IMAGE}:{V}", digest("config"), labels, **more)


def fleet() -> Scene:
    """Two engines with a service each, and one in common."""
    scene = Scene(project=REPOSITORY)
    scene.clone("v")
    scene.push(V, digest("top"), digest("config"))
    put(scene, "web-2", "web")
    put(scene, "web-1", "web")
    put(scene, "api-1", "api")
    scene.add_engine("canary")
    put(scene, "web-1", "web")
    return scene


def test_engines_then_services_then_names() -> None:
    order = [(each.engine, each.name) for each in fleet().look().containers]
    assert order == [("prod", "api-1"), ("prod", "web-1"), ("prod", "web-2"), ("canary", "web-1")]


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ({"services": ("api",)}, ["api-1"]),
        ({"services": ("web",)}, ["web-1", "web-2", "web-1"]),
        ({"command": "show", "argument": "web-2"}, ["web-2"]),
        ({"command": "show", "argument": "api"}, ["api-1"]),
        ({"command": "show", "argument": "nosuch"}, []),
    ],
)
def test_named_ones_only(scope: dict[str, object], names: list[str]) -> None:
    assert [each.name for each in fleet().look(**scope).containers] == names


def test_an_id_names_a_container() -> None:
    scene = fleet()
    whole = scene.look().containers[0].id
    report = scene.look(command="show", argument=whole[:12])
    assert [each.id for each in report.containers] == [whole]


def test_names_that_were_not_given_ask_nothing() -> None:
    scene = fleet()
    scene.container("old", f"{IMAGE}:{sha('x')}", digest("x"), {"git.sha": sha("x")})
    scene.look(services=("api",))
    assert ask.RegistryManifest(IMAGE, sha("x")) not in scene.answers.asked
    scene.look(services=("api",), save=True)
    assert ask.RegistryManifest(IMAGE, sha("x")) in scene.answers.asked


@pytest.mark.parametrize(
    ("second", "containers", "engines"),
    [
        ({"id": "ID-prod", "name": "prod.test"}, ("web-1",), 1),
        ({"id": "ID-prod", "name": "prod.test"}, ("web-1", "web-2"), 2),
        ({"id": "ID-prod", "name": "clone.test"}, ("web-1",), 2),
        ({"id": "ID-other", "name": "prod.test"}, ("web-1",), 2),
    ],
)
def test_two_contexts_to_one_engine(
    second: dict[str, Any], containers: tuple[str, ...], engines: int
) -> None:
    scene = Scene(project=REPOSITORY)
    put(scene, "web-1", id="1" * 64)
    scene.add_engine("again", **second)
    for number, name in enumerate(containers, 1):
        put(scene, name, id=str(number) * 64)
    report = scene.look()
    assert len(report.engines) == engines
    assert report.engines[0].context == "prod"
    assert len(report.containers) == (1 if engines == 1 else 1 + len(containers))


def test_an_unreachable_engine_is_a_row() -> None:
    scene = fleet()
    scene.answers[ask.EngineContainers("canary")] = lost(ask.EngineContainers("canary"))
    report = scene.look()
    assert [engine.status for engine in report.engines] == ["ok", "unreachable"]
    assert report.engines[1].problem in report.problems
    assert {each.engine for each in report.containers} == {"prod"}
    assert report.complete is False


def test_the_clocks_difference() -> None:
    scene = Scene()
    scene.add_engine("late", system_time=minutes_ago(1), asked_at=minutes_ago(0.2), answered_at=NOW)
    assert [engine.clock_skew_s for engine in scene.look().engines] == [0.0, -54.0]


def test_complete_and_without_problems() -> None:
    report = fleet().look()
    assert (report.complete, report.problems) == (True, ())


def test_an_absence_that_no_field_refers_to_is_no_problem() -> None:
    scene = fleet()
    question = ask.GitCommit(REPOSITORY, V)
    scene.answers[question] = lost(question, "no-clone")
    scene.commit("v", local=False)
    assert all(problem.code != "no-clone" for problem in scene.look().problems)


def test_a_field_that_is_unknown_makes_a_look_incomplete_and_names_its_problem() -> None:
    scene = fleet()
    scene.lose(ask.RegistryManifest)
    report = scene.look()
    assert report.complete is False
    proofs = {each.proof.problem for each in report.containers}
    assert proofs <= set(report.problems)


def test_a_commit_that_nobody_has_was_looked_at() -> None:
    scene = fleet()
    nowhere = "dead" * 10
    scene.container("x", f"{IMAGE}:{nowhere}", digest("config"), {"git.sha": nowhere})
    scene.push(nowhere, digest("top"), digest("config"))
    scene.answers[ask.GithubGraph(REPOSITORY)] = scene.answers.graphs[REPOSITORY]
    report = scene.look()
    assert report.complete is True
    assert next(each.commit for each in report.containers if each.name == "x") == Nothing()


def test_nothing_is_judged_before_it_is_answered() -> None:
    facts = FactStore({})
    report = judge(facts, fleet().scope, NOW)
    asked = {type(question) for question in facts.missing}
    assert asked == {ask.EngineInfo, ask.EngineContainers, ask.EngineImages}
    assert report.containers == ()
