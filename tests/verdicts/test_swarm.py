"""Swarm's findings from facts, each with its near misses; and which engine is asked what."""

from typing import Any

import pytest

from tests.facts import IMAGE, Scene, digest, lost, minutes_ago, sha
from tests.verdicts.swarm_scene import (
    BOTH,
    LONG_AGO,
    MANAGERS,
    V,
    W,
    container,
    failed,
    manage,
    managed,
    managed_beside,
    node,
    only,
    service,
    task,
    told,
    updated,
    worker,
)
from whatsrunning.facts import queries as ask
from whatsrunning.facts.answers import Found
from whatsrunning.facts.records import ServiceFacts, TaskFacts
from whatsrunning.facts.scope import ServiceRule

FAILED_ONE = (task(1), failed(2), task(2, "ready"))
PENDING = (task(1), task(2, "pending", error="no suitable node", node=""))
STARTING = (task(1), task(2, "starting"))
CASES: list[tuple[ServiceFacts, tuple[TaskFacts, ...], dict[str, str]]] = [
    (service(), BOTH, {}),
    (updated("completed"), BOTH, {}),
    (updated("other"), BOTH, {}),
    (updated("updating"), BOTH, {"update-running": "info"}),
    (updated("paused", "why"), BOTH, {"update-paused": "warning"}),
    (updated("rollback_paused"), BOTH, {"update-paused": "warning"}),
    (updated("rollback_started"), BOTH, {"rolled-back": "warning"}),
    (updated("rollback_completed"), BOTH, {"rolled-back": "warning"}),
    (service(), FAILED_ONE, {"replicas-missing": "warning"}),
    (service(), PENDING, {"replicas-missing": "warning"}),
    (service(), STARTING, {"replicas-missing": "info"}),
    (updated("updating"), FAILED_ONE, {"update-running": "info", "replicas-missing": "info"}),
    # A failure of long ago, while all run; more than were asked for; and what is on its way out.
    (service(), (*BOTH, failed(2)), {}),
    (service(), (*BOTH, task(3)), {}),
    (service(), (task(1), task(2, desired="shutdown")), {"replicas-missing": "info"}),
    # The node that a task is said to run on does not answer.
    (service(), (task(1), task(2, node="n3")), {"replicas-missing": "info"}),
    (service(replicas=0), (), {}),
    (service(), (failed(1), failed(2)), {"nothing-running": "critical"}),
    (service(), (task(1, "preparing"),), {"nothing-running": "warning"}),
    # A global service is wanted wherever it has a task; of a job nobody knows how many are meant.
    (service(mode="global", replicas=None), BOTH, {}),
    (service(mode="global", replicas=None), FAILED_ONE, {"replicas-missing": "warning"}),
    (service(mode="job", replicas=None), (failed(1),), {}),
    # Not ours: nothing about it is said.
    (updated("paused", image="traefik:3", container_labels={}), (failed(1),), {}),
    (updated("paused", image="db:1", container_labels={}, labels={"git.sha": W}), BOTH,
     {"update-paused": "warning"}),
]  # fmt: skip


@pytest.mark.parametrize(("said", "tasks", "expected"), CASES)
def test_findings(
    said: ServiceFacts, tasks: tuple[TaskFacts, ...], expected: dict[str, str]
) -> None:
    found = told(managed(said, tasks=tasks))
    assert {one.code: one.severity for one in found} == expected
    assert all((one.service, one.engine) == ("web", "prod") for one in found)


def test_messages_say_how_far_and_why() -> None:
    tasks = (task(1, image=f"{IMAGE}:{W}"), task(2), failed(3, "exit\x1b[31m\n1"))
    said = updated("paused", image=f"{IMAGE}:{W}", replicas=3)
    [paused, missing] = told(managed(said, tasks=tasks))
    assert "1 of 2 running replicas have the image" in paused.message
    assert "2 of 3 replicas running" in missing.message
    assert all("(exit 1)" in one.message for one in (paused, missing))


@pytest.mark.parametrize(
    ("state", "severity"),
    [("updating", "info"), ("rollback_started", "info"), ("paused", "warning")],
)
def test_two_revisions_while_an_update_runs(state: str, severity: str) -> None:
    scene = managed(updated(state))
    container(scene, "web.1.k1", V, created_at=minutes_ago(LONG_AGO), status="Up 10 hours")
    container(scene, "web.2.k2", W, created_at=minutes_ago(LONG_AGO), status="Up 10 hours")
    [split] = [one for one in told(scene) if one.code == "split-revisions"]
    assert split.severity == severity
    assert [one.replica for one in scene.look().containers] == [1, 2]


@pytest.mark.parametrize(
    ("tasks", "expected"), [(BOTH, []), ((failed(1), failed(2)), ["nothing-running"])]
)
def test_what_stopped_here_may_run_elsewhere(
    tasks: tuple[TaskFacts, ...], expected: list[str]
) -> None:
    scene = managed(service(), tasks=tasks)
    stopped = container(scene, "web.1.k1", state="exited", status="Exited (1) 5 minutes ago")
    scene.inspect(stopped, exit_code=1)
    assert [one.code for one in told(scene)] == expected


def test_a_worker_does_not_know_what_runs_elsewhere() -> None:
    scene = worker(Scene(offline=True, journal=False))
    stopped = container(scene, "web.1.k1", state="exited", status="Exited (1) 5 minutes ago")
    scene.inspect(stopped, exit_code=1)
    [one] = told(scene)
    assert (one.code, one.severity) == ("nothing-running", "warning")


@pytest.mark.parametrize(
    ("managers", "words", "hint"),
    [
        (MANAGERS, "its managers: 10.0.0.1, [fd00::2]", "-H ssh://USER@10.0.0.1"),
        ((), "it knows of no manager now", "-c CONTEXT"),
    ],
)
def test_a_worker_names_the_managers(managers: tuple[str, ...], words: str, hint: str) -> None:
    report = worker(Scene(), managers).look()
    [problem] = report.problems
    assert (problem.code, problem.subject) == ("swarm-worker", "prod")
    assert words in problem.message
    assert problem.hint.endswith(hint)
    assert (report.complete, report.swarms) == (True, ())
    assert worker(Scene(), managers).look(command="diff").problems == ()


def test_a_worker_whose_manager_is_asked_too_says_nothing() -> None:
    scene = worker(managed_beside("edge"))
    assert scene.look().problems == ()
    other = worker(managed_beside("edge"), ("10.9.9.9:2377",))
    assert [one.code for one in other.look().problems] == ["swarm-worker"]


def test_two_managers_of_one_swarm_tell_it_once() -> None:
    scene = managed_beside("second")
    manage(scene, service())
    assert [swarm.engine for swarm in scene.look().swarms] == ["prod"]
    scene.answers[ask.EngineNodes("second")] = Found((node("m9"),))
    assert [swarm.engine for swarm in scene.look().swarms] == ["prod", "second"]


@pytest.mark.parametrize("kind", [ask.EngineServices, ask.EngineTasks, ask.EngineNodes])
def test_a_manager_that_does_not_tell_makes_the_look_incomplete(kind: Any) -> None:
    scene = managed(service())
    assert scene.look().complete
    scene.answers[kind("prod")] = lost(kind("prod"), "api-error")
    report = scene.look()
    assert not report.complete
    assert [problem.code for problem in report.problems] == ["api-error"]
    assert told(scene) == []


@pytest.mark.parametrize(("command", "asks"), [("ps", True), ("show", True), ("diff", False)])
def test_only_managers_are_asked(command: str, asks: bool) -> None:
    kinds = (ask.EngineServices, ask.EngineTasks, ask.EngineNodes)
    scene = managed(service())
    scene.look(command=command)
    assert any(isinstance(each, kinds) for each in scene.answers.asked) == asks
    for other in (Scene(), worker(Scene())):
        other.look(command=command)
        assert not any(isinstance(each, kinds) for each in other.answers.asked)


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ({}, ["api", "web"]),
        ({"services": ("web",)}, ["web"]),
        ({"command": "show", "argument": "web.1.k1"}, ["web"]),
    ],
)
def test_only_the_services_that_are_asked_about(scope: dict[str, Any], names: list[str]) -> None:
    scene = managed(service(), service("api"))
    container(scene, "web.1.k1")
    [swarm] = scene.look(**scope).swarms
    assert isinstance(swarm.services, Found)
    assert [one.name for one in swarm.services.value] == names


def test_labels_by_what_carries_them_and_no_others() -> None:
    secret = {"traefik.basicauth.users": "me:hash"}
    said = service(labels={"git.sha": W, **secret}, container_labels={"git.sha": V, **secret})
    scene = managed(said)
    assert only(scene).image_labels is None
    scene.image(digest("i"), f"{IMAGE}:{V}", labels={"git.sha": sha("x"), **secret})
    one = only(scene)
    carried = (one.labels, one.container_labels, one.image_labels)
    assert carried == ({"git.sha": W}, {"git.sha": V}, {"git.sha": sha("x")})


def test_the_image_that_swarm_pinned() -> None:
    pinned = f"{IMAGE}:latest@{digest('top')}"
    scene = managed(service(image=pinned, container_labels={}))
    assert not only(scene).managed
    scene.image(digest("i"), digests=[f"mirror.test/x@{digest('top')}"], labels={"git.sha": V})
    one = only(scene)
    assert (one.managed, one.image_labels) == (True, {"git.sha": V})


@pytest.mark.parametrize(
    "scope",
    [
        {"project": "acme/shop"},
        {"service_rules": {"web": ServiceRule()}},
        {"image_rules": {IMAGE: "a/b"}},
    ],
)
def test_ours_without_a_container_here(scope: dict[str, Any]) -> None:
    said = service(container_labels={})
    assert not only(managed(said)).managed
    assert only(managed(said), **scope).managed
