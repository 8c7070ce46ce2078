"""Never the wrong host: only engines that were named receive a connection, whatever names them."""

import hashlib
import json
from collections.abc import Iterator
from dataclasses import dataclass, field
from io import StringIO
from pathlib import Path

import pytest

from tests.program import whatsrunning
from tests.world.gate import Gate, open_gate
from whatsrunning.cli.main import main
from whatsrunning.contexts import resolve
from whatsrunning.terminal.streams import Io

CONTEXTS = ("alpha", "beta", "gamma")


@dataclass(frozen=True, slots=True)
class Hosts:
    """A home with three contexts, and a listener for each of them and for two other addresses.

    They hang up at once: a program that then tried the next best engine would be seen.
    """

    home: Path
    gates: dict[str, Gate]

    def contacted(self) -> set[str]:
        """Who was connected to."""
        return {name for name, gate in self.gates.items() if gate.connections}

    def url(self, name: str) -> str:
        """The address as DOCKER_HOST takes it."""
        gate = self.gates[name]
        return f"unix://{gate.address}" if isinstance(gate.address, str) else f"tcp://{gate.host}"


@pytest.fixture
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    """Everything listens; nothing was asked yet."""
    home = tmp_path_factory.mktemp("h")
    nowhere = str(home / "nowhere.sock")
    made = Hosts(home, {name: open_gate(nowhere, home / name) for name in (*CONTEXTS, "socket")})
    made.gates["tcp"] = open_gate(nowhere)
    for name in CONTEXTS:
        store(home, name, made.url(name))
    yield made
    for gate in made.gates.values():
        gate.shut()


def store(home: Path, name: str, address: str, text: str = "") -> None:
    """A context as the Docker CLI stores it."""
    folder = home / ".docker/contexts/meta" / hashlib.sha256(name.encode()).hexdigest()
    folder.mkdir(parents=True, exist_ok=True)
    endpoint = {"docker": {"Host": address, "SkipTLSVerify": False}}
    described = json.dumps({"Name": name, "Metadata": {}, "Endpoints": endpoint})
    (folder / "meta.json").write_text(text or described)


def _current(home: Path, text: str) -> None:
    (home / ".docker/config.json").write_text(text)


@dataclass(frozen=True, slots=True)
class Way:
    """How engines are named; in `arguments` and `env` the names of listeners stand for them."""

    arguments: tuple[str, ...] = ()
    env: dict[str, str] = field(default_factory=dict)
    current: str = ""
    configured: str = ""
    asked: tuple[str, ...] = ()


ELSEWHERE = {"DOCKER_HOST": "tcp", "DOCKER_CONTEXT": "beta"}
WAYS = {
    "-c": Way(("-c", "alpha"), ELSEWHERE, "gamma", '["beta"]', ("alpha",)),
    "-c twice": Way(("-c", "alpha", "-c", "gamma"), ELSEWHERE, "", "", ("alpha", "gamma")),
    "-c default": Way(("-c", "default"), ELSEWHERE, "gamma", '["beta"]', ("tcp",)),
    "-H": Way(("-H", "socket"), ELSEWHERE, "gamma", '["beta"]', ("socket",)),
    "DOCKER_HOST": Way((), ELSEWHERE, "gamma", '["beta"]', ("tcp",)),
    "DOCKER_CONTEXT": Way((), {"DOCKER_CONTEXT": "beta"}, "gamma", '["alpha"]', ("beta",)),
    "configured": Way((), {}, "gamma", '["alpha", "beta"]', ("alpha", "beta")),
    "current context": Way((), {}, "gamma", "", ("gamma",)),
    "--all-contexts": Way(("--all-contexts",), {"DOCKER_HOST": "tcp"}, asked=("tcp", *CONTEXTS)),
}


def _ask(hosts: Hosts, way: Way) -> tuple[int, str, str]:
    if way.current:
        _current(hosts.home, json.dumps({"currentContext": way.current}))
    config = hosts.home / ".config/whatsrunning/config.toml"
    config.parent.mkdir(parents=True, exist_ok=True)
    config.write_text(f"contexts = {way.configured}\n" if way.configured else "")
    words = [hosts.url(word) if word in ("tcp", "socket") else word for word in way.arguments]
    env = {key: hosts.url(value) if value == "tcp" else value for key, value in way.env.items()}
    done = whatsrunning("ps", *words, "-o", "json", "--timeout", "20", env=env, home=hosts.home)
    return done.code, done.stdout, done.stderr


@pytest.mark.parametrize("name", WAYS)
def test_only_who_was_named(hosts: Hosts, name: str) -> None:
    way = WAYS[name]
    code, stdout, stderr = _ask(hosts, way)
    assert hosts.contacted() == set(way.asked), stderr
    assert code == 4
    engines = json.loads(stdout)["engines"]
    assert [engine["status"] for engine in engines] == ["unreachable"] * len(way.asked)
    assert {engine["endpoint"] for engine in engines} == {hosts.url(each) for each in way.asked}


# Usage errors: exit 2, and what is said.
NOBODY = {
    "unknown context": (Way(("-c", "nosuch"), ELSEWHERE, "gamma"), "nosuch"),
    "one of two": (Way(("-c", "alpha", "-c", "nosuch"), ELSEWHERE, "gamma"), "nosuch"),
    "-c and -H": (Way(("-c", "alpha", "-H", "socket"), {}, "gamma"), "together"),
    "-c and --all-contexts": (Way(("-c", "alpha", "--all-contexts"), {}, "gamma"), "together"),
    "DOCKER_CONTEXT": (Way((), {"DOCKER_CONTEXT": "nosuch"}, "gamma"), "nosuch"),
    "configured": (Way((), {}, "gamma", '["alpha", "nosuch"]'), "nosuch"),
    "current context": (Way((), {}, "nosuch"), "nosuch"),
}


@pytest.mark.parametrize("name", NOBODY)
def test_nobody_at_all(hosts: Hosts, name: str) -> None:
    way, word = NOBODY[name]
    code, _, stderr = _ask(hosts, way)
    assert hosts.contacted() == set()
    assert code == 2
    assert word in stderr
    if word == "nosuch":
        assert "known contexts: alpha, beta, default, gamma" in stderr


def test_a_current_context_that_cannot_be_read(hosts: Hosts) -> None:
    _current(hosts.home, '{"currentContext": ')
    code, _, stderr = _ask(hosts, Way())
    assert (code, hosts.contacted()) == (2, set())
    assert "config.json is not JSON" in stderr
    assert "-c or -H" in stderr


def test_a_broken_context_costs_the_others_nothing(hosts: Hosts) -> None:
    store(hosts.home, "alpha", "", text="{")
    code, stdout, _ = _ask(hosts, Way(("-c", "alpha", "-c", "beta")))
    assert (code, hosts.contacted()) == (4, {"beta"})
    alpha, beta = json.loads(stdout)["engines"]
    assert (alpha["context"], beta["context"]) == ("alpha", "beta")
    problems = {one["id"]: one for one in json.loads(stdout)["problems"]}
    assert "meta.json is not JSON" in problems[alpha["problem"]]["message"]


def test_the_default_refuses_and_nobody_else_is_asked(
    hosts: Hosts, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The machine's own socket is not ours.
    monkeypatch.setattr(resolve, "_DOCKER_SOCKET", str(hosts.home / "default.sock"))
    monkeypatch.setattr(resolve, "_PODMAN_SOCKET", str(hosts.home / "podman.sock"))
    io = Io(StringIO(), StringIO(), {"HOME": str(hosts.home)})
    assert main(("ps",), io) == 4
    assert hosts.contacted() == set()
    assert isinstance(io.stdout, StringIO)
    assert f"there is no socket at unix://{hosts.home}/default.sock" in io.stdout.getvalue()
    assert "(chosen by default)" in io.stdout.getvalue()
