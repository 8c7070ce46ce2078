"""What the program asks of each source, counted by the gates before them."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.program import whatsrunning
from tests.world.engine import EngineProcess, base_image, start_engine
from tests.world.everything import World
from tests.world.gate import Gate, open_gate


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """An engine of its own, with one image and nothing running."""
    started = start_engine(tmp_path_factory.mktemp("counted"))
    base_image(started)
    yield started
    started.stop()


@pytest.fixture
def gate(engine: EngineProcess) -> Iterator[Gate]:
    """A counting gate before that engine."""
    opened = open_gate(str(engine.socket), engine.run / "counted.sock")
    yield opened
    opened.shut()


def _run(engine: EngineProcess, number: int, *command: str) -> None:
    sha = f"{number:040x}"
    engine.docker(
        "run", "--detach", "--network", "none", "--stop-signal", "KILL", "--label",
        f"git.sha={sha}", "busybox:latest", *(command or ("sleep", "100000")),
    )  # fmt: skip


def _requests(gate: Gate) -> list[tuple[str, str]]:
    gate.requests.clear()
    result = whatsrunning(
        "ps", "-o", "json", "--offline", env={"DOCKER_HOST": f"unix://{gate.address}"}
    )
    assert result.code == 0, result.stderr
    return list(gate.requests)


def test_three_requests_whatever_the_number(engine: EngineProcess, gate: Gate) -> None:
    _run(engine, 1)
    one = _requests(gate)
    for number in range(2, 31):
        _run(engine, number)
    thirty = _requests(gate)
    assert len(one) == len(thirty) == 3
    assert {method for method, _ in one + thirty} == {"GET"}
    _run(engine, 31, "sh", "-c", "exit 7")
    engine.docker("wait", engine.docker("ps", "--latest", "--quiet"))
    assert len(_requests(gate)) == 4


def test_nothing_but_reading(world: World) -> None:
    for gate in world.gates.all():
        gate.requests.clear()
    world.ask("ps", "-o", "json")
    world.ask("diff", "-o", "json")
    world.ask("show", "stale-label", "-o", "json")
    assert {method for method, _ in world.gates.engine.requests} == {"GET"}
    assert {method for method, _ in world.gates.registry.requests} <= {"GET", "HEAD"}
    assert "HEAD" in {method for method, _ in world.gates.registry.requests}
    posts = {path for method, path in world.gates.github.requests if method != "GET"}
    assert posts == {"/graphql"}


def test_an_unknown_context_contacts_nobody(tmp_path: Path) -> None:
    listener = socket.socket(socket.AF_UNIX)
    path = tmp_path / "docker.sock"
    listener.bind(str(path))
    listener.listen()
    listener.setblocking(False)
    config = tmp_path / "docker"
    config.mkdir()
    (config / "config.json").write_text('{"currentContext": "default"}')
    env = {"DOCKER_CONFIG": str(config), "DOCKER_HOST": f"unix://{path}"}
    result = whatsrunning("-c", "nosuch", env=env)
    assert result.code == 2
    assert "nosuch" in result.stderr
    assert "default" in result.stderr
    with pytest.raises(BlockingIOError):
        listener.accept()
    listener.close()
