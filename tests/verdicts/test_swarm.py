"""Swarm's findings from facts, each with its near misses; and which engine is asked what."""

from typing import Any

import pytest

from tests.scene import IMAGE, Scene, digest, lost, minutes_ago, sha
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
from whatsrunning.facts.answers import Found
from whatsrunning.facts.engine import EngineNodes, EngineServices, EngineTasks
from whatsrunning.facts.scope import ServiceRule
from whatsrunning.facts.swarm import ServiceFacts, TaskFacts

FAILED_ONE = (task(1), failed(2), task(2, "ready"))
PENDING = (task(1), task(2, "pending", error="no suitable node", node=""))
STARTING = (task(1), task(2, "starting"))
CASES = [
    pytest.param(service(), BOTH, {}, id="all run"),
    pytest.param(updated("completed"), BOTH, {}, id="an update has ended"),
    pytest.param(updated("other"), BOTH, {}, id="a state that nobody knows"),
    pytest.param(updated("updating"), BOTH, {"update-running": "info"}, id="an update runs"),
    pytest.param(updated("paused", "why"), BOTH, {"update-paused": "warning"}, id="paused"),
    pytest.param(
        updated("rollback_paused"), BOTH, {"update-paused": "warning"}, id="a roll-back is paused"
    ),
    pytest.param(
        updated("rollback_started"), BOTH, {"rolled-back": "warning"}, id="a roll-back runs"
    ),
    pytest.param(
        updated("rollback_completed"), BOTH, {"rolled-back": "warning"}, id="it was rolled back"
    ),
    pytest.param(service(), FAILED_ONE, {"replicas-missing": "warning"}, id="one failed"),
    pytest.param(service(), PENDING, {"replicas-missing": "warning"}, id="one finds no node"),
    pytest.param(service(), STARTING, {"replicas-missing": "info"}, id="one starts"),
    pytest.param(
        updated("updating"), FAILED_ONE, {"update-running": "info", "replicas-missing": "info"},
        id="one failed while an update runs",
    ),
    pytest.param(service(), (*BOTH, failed(2)), {}, id="a failure of long ago, while all run"),
    pytest.param(service(), (*BOTH, task(3)), {}, id="more than were asked for"),
    pytest.param(
        service(), (task(1), task(2, desired="shutdown")), {"replicas-missing": "info"},
        id="one is on its way out",
    ),
    pytest.param(
        service(), (task(1), task(2, node="n3")), {"replicas-missing": "info"},
        id="the node of one does not answer",
    ),
    pytest.param(service(replicas=0), (), {}, id="none is asked for"),
    pytest.param(
        service(), (failed(1), failed(2)), {"nothing-running": "critical"}, id="all failed"
    ),
    pytest.param(
        service(), (task(1, "preparing"),), {"nothing-running": "warning"}, id="the first starts"
    ),
    pytest.param(
        service(mode="global", replicas=None), BOTH, {}, id="global: on every node with a task"
    ),
    pytest.param(
        service(mode="global", replicas=None), FAILED_ONE, {"replicas-missing": "warning"},
        id="global: one failed",
    ),
    pytest.param(
        service(mode="job", replicas=None), (failed(1),), {}, id="a job: nobody knows how many"
    ),
    pytest.param(
        updated("paused", image="traefik:3", container_labels={}), (failed(1),), {},
        id="unmanaged",
    ),
    pytest.param(
        updated("paused", image="db:1", container_labels={}, labels={"git.sha": W}), BOTH,
        {"update-paused": "warning"}, id="managed by a label of the service",
    ),
]  # fmt: skip


@pytest.mark.parametrize(("facts", "tasks", "expected"), CASES)
def test_findings(
    facts: ServiceFacts, tasks: tuple[TaskFacts, ...], expected: dict[str, str]
) -> None:
    findings = told(managed(facts, tasks=tasks))
    assert {finding.code: finding.severity for finding in findings} == expected
    assert all((finding.service, finding.engine) == ("web", "prod") for finding in findings)


def test_messages_say_how_far_and_why() -> None:
    tasks = (task(1, image=f"{IMAGE}:{W}"), task(2), failed(3, "exit\x1b[31m\n1"))
    facts = updated("paused", image=f"{IMAGE}:{W}", replicas=3)
    [paused, missing] = told(managed(facts, tasks=tasks))
    assert "1 of 2 running replicas have the image" in paused.message
    assert "2 of 3 replicas running" in missing.message
    assert all("(exit 1)" in finding.message for finding in (paused, missing))


@pytest.mark.parametrize(
    ("state", "severity"),
    [("updating", "info"), ("rollback_started", "info"), ("paused", "warning")],
)
def test_two_revisions_while_an_update_runs(state: str, severity: str) -> None:
    scene = managed(updated(state))
    container(scene, "web.1.k1", V, created_at=minutes_ago(LONG_AGO), status="Up 10 hours")
    container(scene, "web.2.k2", W, created_at=minutes_ago(LONG_AGO), status="Up 10 hours")
    [split] = [finding for finding in told(scene) if finding.code == "split-revisions"]
    assert split.severity == severity
    assert [container.replica for container in scene.look().containers] == [1, 2]


@pytest.mark.parametrize(
    ("tasks", "expected"),
    [(BOTH, []), ((failed(1), failed(2)), ["nothing-running"])],
    ids=["its tasks run elsewhere", "its tasks failed"],
)
def test_what_stopped_here_may_run_elsewhere(
    tasks: tuple[TaskFacts, ...], expected: list[str]
) -> None:
    scene = managed(service(), tasks=tasks)
    stopped = container(scene, "web.1.k1", state="exited", status="Exited (1) 5 minutes ago")
    scene.inspect(stopped, exit_code=1)
    assert [finding.code for finding in told(scene)] == expected


def test_a_worker_does_not_know_what_runs_elsewhere() -> None:
    scene = worker(Scene(offline=True, journal=False))
    stopped = container(scene, "web.1.k1", state="exited", status="Exited (1) 5 minutes ago")
    scene.inspect(stopped, exit_code=1)
    [finding] = told(scene)
    assert (finding.code, finding.severity) == ("nothing-running", "warning")


@pytest.mark.parametrize(
    ("managers", "words", "hint"),
    [
        (MANAGERS, "its managers: 10.0.0.1, [fd00::2]", "-H ssh://USER@10.0.0.1"),
        ((), "it knows of no manager now", "-c CONTEXT"),
    ],
    ids=["two managers", "none"],
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
    assert [problem.code for problem in other.look().problems] == ["swarm-worker"]


def test_two_managers_of_one_swarm_tell_it_once() -> None:
    scene = managed_beside("second")
    manage(scene, service())
    assert [swarm.engine for swarm in scene.look().swarms] == ["prod"]
    scene.answers[EngineNodes("second")] = Found((node("m9"),))
    assert [swarm.engine for swarm in scene.look().swarms] == ["prod", "second"]


@pytest.mark.parametrize("kind", [EngineServices, EngineTasks, EngineNodes])
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
    kinds = (EngineServices, EngineTasks, EngineNodes)
    scene = managed(service())
    scene.look(command=command)
    assert any(isinstance(query, kinds) for query in scene.answers.asked) == asks
    for other in (Scene(), worker(Scene())):
        other.look(command=command)
        assert not any(isinstance(query, kinds) for query in other.answers.asked)


@pytest.mark.parametrize(
    ("scope", "names"),
    [
        ({}, ["api", "web"]),
        ({"services": ("web",)}, ["web"]),
        ({"command": "show", "argument": "web.1.k1"}, ["web"]),
    ],
    ids=["all", "the named", "the shown container's"],
)
def test_only_the_services_that_are_asked_about(scope: dict[str, Any], names: list[str]) -> None:
    scene = managed(service(), service("api"))
    container(scene, "web.1.k1")
    [swarm] = scene.look(**scope).swarms
    assert isinstance(swarm.services, Found)
    assert [known.name for known in swarm.services.value] == names


def test_labels_by_what_carries_them_and_no_others() -> None:
    secret = {"traefik.basicauth.users": "me:hash"}
    scene = managed(
        service(labels={"git.sha": W, **secret}, container_labels={"git.sha": V, **secret})
    )
    assert only(scene).image_labels is None
    scene.image(digest("i"), f"{IMAGE}:{V}", labels={"git.sha": sha("x"), **secret})
    known = only(scene)
    carried = (known.labels, known.container_labels, known.image_labels)
    assert carried == ({"git.sha": W}, {"git.sha": V}, {"git.sha": sha("x")})


def test_the_image_that_swarm_pinned() -> None:
    pinned = f"{IMAGE}:latest@{digest('top')}"
    scene = managed(service(image=pinned, container_labels={}))
    assert not only(scene).managed
    scene.image(digest("i"), digests=[f"mirror.test/x@{digest('top')}"], labels={"git.sha": V})
    known = only(scene)
    assert (known.managed, known.image_labels) == (True, {"git.sha": V})


@pytest.mark.parametrize(
    "scope",
    [
        {"project": "acme/shop"},
        {"service_rules": {"web": ServiceRule()}},
        {"image_rules": {IMAGE: "a/b"}},
    ],
    ids=["-R", "a service's rule", "an image's rule"],
)
def test_managed_without_a_container_here(scope: dict[str, Any]) -> None:
    facts = service(container_labels={})
    assert not only(managed(facts)).managed
    assert only(managed(facts), **scope).managed


def test_the_image_by_its_tag_where_swarm_pinned_none() -> None:
    scene = managed(service(image="registry.test/tools/db", container_labels={}))
    scene.image(digest("other"), "registry.test/tools/db:1", labels={"git.sha": V})
    assert not only(scene).managed
    scene.image(digest("i"), "registry.test/tools/db:latest", labels={"git.sha": V})
    assert only(scene).managed
