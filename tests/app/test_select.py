"""What is said of names that lead to no container here."""

from dataclasses import replace
from io import StringIO
from pathlib import Path

import pytest

from tests.hand_made import AT, CONTAINERS, INFO, snapshot
from whatsrunning.cli.main import main
from whatsrunning.facts.answers import Found
from whatsrunning.facts.engine import (
    EngineContainers,
    EngineInfo,
    EngineNodes,
    EngineServices,
    EngineTasks,
)
from whatsrunning.facts.query import Answers
from whatsrunning.facts.swarm import NodeFacts, ServiceFacts, TaskFacts, UpdateFacts
from whatsrunning.sources.saved.codec import to_text
from whatsrunning.terminal.streams import Io


def _service(name: str) -> ServiceFacts:
    return ServiceFacts(f"id-{name}", name, "app:1", "replicated", 2, AT, AT, UpdateFacts("none"))


def _task(number: int, node: str, state: str) -> TaskFacts:
    service, container = "id-away", "c" * 64
    return TaskFacts(f"t{number}", service, node, number, "app:1", container, state, "running", AT)


def _node(name: str) -> NodeFacts:
    return NodeFacts(f"id-{name}", name, "worker", False, "ready", "active", "10.0.0.1")


MANAGER: Answers = {
    EngineInfo("prod"): Found(replace(INFO, swarm="manager", managers=("10.0.0.9:2377",))),
    EngineServices("prod"): Found((_service("away"), _service("idle"))),
    EngineTasks("prod"): Found(
        (
            _task(1, "id-node-c", "running"),
            _task(2, "id-node-b", "running"),
            _task(3, "id-node-d", "failed"),
        )
    ),
    EngineNodes("prod"): Found(tuple(map(_node, ("node-b", "node-c", "node-d")))),
}
WORKER: Answers = {
    EngineInfo("prod"): Found(replace(INFO, swarm="worker", managers=("10.0.0.9:2377",)))
}


@pytest.mark.parametrize(
    ("swarm", "words", "code", "message", "hint"),
    [
        (MANAGER, "show away", 2, "engines asked: it runs on node-b, node-c", "see `ps away`"),
        (MANAGER, "show idle", 2, "without a container on the engines asked: none", "`ps idle`"),
        (MANAGER, "show awya", 2, "there is no container or service awya", "did you mean"),
        (WORKER, "show away", 3, "no container of away on the engines asked", "USER@10.0.0.9"),
        (WORKER, "ps away", 3, "is a Swarm worker", "ask a manager"),
        ({}, "show away", 2, "there is no container or service away", "known: "),
        ({}, "ps 0001cccccccc", 2, "there is no service 0001cccccccc", "known: db, web, worker"),
        ({}, "rollback-plan 0001cccccccc", 2, "there is no service 0001cccccccc", "known: db"),
    ],
    ids=[
        "it runs on other nodes", "none of its tasks runs", "nearly its name", "a worker: show",
        "a worker: ps", "no Swarm", "a container's ID where services are meant",
        "a container's ID where one service is meant",
    ],
)  # fmt: skip
def test_a_service_without_a_container_here(
    tmp_path: Path, swarm: Answers, words: str, code: int, message: str, hint: str
) -> None:
    whole = snapshot()
    file = tmp_path / "look.json"
    file.write_text(to_text(replace(whole, answers={**whole.answers, **swarm})))
    io = Io(StringIO(), StringIO(), {"HOME": str(tmp_path)})
    assert main(["replay", str(file), *words.split()], io) == code
    assert isinstance(io.stderr, StringIO)
    first, second = io.stderr.getvalue().splitlines()
    assert message in first
    assert second.startswith("hint: ")
    assert hint in second


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ("rollback-plan web", 2, "web is 2 services: prod/web, staging/web"),
        ("rollback-plan prod/web", 0, ""),
        ("rollback-plan web-1", 0, ""),
        ("ps web", 0, ""),
        ("ps staging/web prod/web", 0, ""),
        ("history prod/web", 0, ""),
        ("diff staging/web", 0, ""),
        ("ps test/web", 2, "there is no service test/web"),
    ],
)
def test_services_of_two_projects_are_told_apart(
    tmp_path: Path, words: str, code: int, said: str
) -> None:
    whole = snapshot()
    compose = "com.docker.compose.project"
    both = tuple(
        replace(one, name=f"web-{number}", labels={**one.labels, compose: project})
        for number, project in enumerate(("prod", "staging"))
        for one in CONTAINERS[number : number + 1]
    )
    answers = {**whole.answers, EngineContainers("prod"): Found(both)}
    file = tmp_path / "look.json"
    file.write_text(to_text(replace(whole, answers=answers)))
    io = Io(StringIO(), StringIO(), {"HOME": str(tmp_path)})
    assert main(["replay", str(file), *words.split()], io) == code
    assert isinstance(io.stderr, StringIO)
    assert said in io.stderr.getvalue()
