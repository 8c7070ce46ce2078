"""Many contexts in one look: one hangs, one refuses, two lead to one engine; the rest stands."""

import socket
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.program import Result, whatsrunning
from tests.world.engine import EngineProcess, base_image, start_engine
from tests.world.history import History, make_history

TIMEOUT = 4.0
SLACK = 0.5


@dataclass(frozen=True, slots=True)
class Hosts:
    """Three engines, contexts to them and to two addresses that give no answer."""

    engines: tuple[EngineProcess, ...]
    history: History
    home: Path

    def ask(self, *arguments: str, seconds: float = 30.0) -> Result:
        """One look at these contexts, with the clone at hand and without the network."""
        env = {"DOCKER_CONFIG": self.engines[0].environment()["DOCKER_CONFIG"]}
        clone = ("-C", str(self.history.clone), "--offline", "--timeout", str(seconds))
        return whatsrunning(*arguments, *clone, env=env, home=self.home)

    def in_time(self, *arguments: str, silent: int) -> Result:
        """One look in time, with so many silent engines; a machine's hiccup gets another try.

        A program that is late, or that lets one engine wait for another, is so every time.
        """
        for _ in range(3):
            result = self.ask(*arguments, seconds=TIMEOUT)
            late = result.seconds > TIMEOUT + SLACK
            if not late and result.stdout.lower().count("unreachable") == silent:
                break
        assert not late, f"{result.seconds:.1f} s with a deadline of {TIMEOUT} s"
        return result


def _run(engine: EngineProcess, service: str, sha: str) -> None:
    labels = {
        "git.sha": sha, "git.repository": "acme/shop", "com.docker.compose.project": "shop",
        "com.docker.compose.service": service,
    }  # fmt: skip
    words = [word for key, value in labels.items() for word in ("--label", f"{key}={value}")]
    engine.docker(
        "run", "--detach", "--network", "none", "--stop-signal", "KILL", "--name",
        f"shop-{service}-1", *words, "busybox:latest", "sleep", "100000",
    )  # fmt: skip


def _fleet(engines: tuple[EngineProcess, ...], history: History) -> None:
    """`web` is older in the west; what changed last runs one revision everywhere."""
    east, west, north = engines
    _run(east, "web", history.head)
    _run(west, "web", history.named["built-8"])
    for engine in engines:
        _run(engine, "api", history.named["direct"])
    _run(north, "mail", history.named["direct"])


@pytest.fixture(scope="module")
def hosts(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Hosts]:
    """Everything, with a listener that accepts and never says a word."""
    folder = tmp_path_factory.mktemp("many")
    engines: tuple[EngineProcess, ...] = ()
    with socket.socket() as silent:
        silent.bind(("127.0.0.1", 0))
        silent.listen(8)
        try:
            for name in ("east", "west", "north"):
                engines += (start_engine(folder / name),)
                base_image(engines[-1])
            history = make_history(folder / "history")
            _fleet(engines, history)
            _contexts(engines, f"tcp://127.0.0.1:{silent.getsockname()[1]}", folder)
            yield Hosts(engines, history, folder)
        finally:
            for engine in engines:
                engine.stop()


def _contexts(engines: tuple[EngineProcess, ...], silent: str, folder: Path) -> None:
    """Stored by the Docker CLI itself."""
    east, west, north = (engine.url for engine in engines)
    named = {"east": east, "west": west, "north": north, "again": east}
    named |= {"hangs": silent, "refuses": f"unix://{folder}/nobody.sock"}
    for name, address in named.items():
        engines[0].docker("context", "create", name, "--docker", f"host={address}")


def _c(*names: str) -> tuple[str, ...]:
    return tuple(word for name in names for word in ("-c", name))


FIVE = _c("hangs", "east", "refuses", "west", "north")


@pytest.fixture(scope="module")
def five(hosts: Hosts) -> Result:
    """The five, as JSON."""
    return hosts.in_time("ps", "--all", *FIVE, "-o", "json", silent=2)


def test_the_others_are_complete_in_time(hosts: Hosts, five: Result) -> None:
    assert (five.code, five.stderr) == (0, "")
    alone = hosts.ask("ps", "--all", *_c("east", "west", "north"), "-o", "json").json()
    document = five.json()
    assert _by_place(document) == _by_place(alone)
    assert len(document["containers"]) == 6
    assert all(one["commit"]["status"] == "found" for one in document["containers"])
    assert {one["ci"]["problem"] for one in document["containers"]} == {"github/offline/"}
    assert document["complete"] is False


def _by_place(document: dict[str, Any]) -> dict[tuple[str, str], dict[str, Any]]:
    return {(one["engine"], one["name"]): one for one in document["containers"]}


def test_who_did_not_answer_and_why(five: Result) -> None:
    document = five.json()
    engines = {engine["context"]: engine for engine in document["engines"]}
    assert list(engines) == ["hangs", "east", "refuses", "west", "north"]
    statuses = {name: engine["status"] for name, engine in engines.items()}
    ok, lost = "ok", "unreachable"
    assert statuses == {"hangs": lost, "east": ok, "refuses": lost, "west": ok, "north": ok}
    problems = {problem["id"]: problem for problem in document["problems"]}
    hangs, refuses = (problems[engines[name]["problem"]] for name in ("hangs", "refuses"))
    assert hangs["code"] == "timeout"
    assert "did not answer in time" in hangs["message"]
    assert "--timeout" in hangs["hint"]
    assert refuses["code"] == "refused"
    assert "nobody.sock" in refuses["message"]
    assert "start the engine" in refuses["hint"]


def test_the_page_has_a_row_for_each_of_them(hosts: Hosts) -> None:
    result = hosts.in_time("ps", *FIVE, "--check", "-o", "plain", silent=2)
    assert result.code == 3  # no finding of warning or worse, but not everybody answered
    lines = result.stdout.splitlines()
    assert lines[0].startswith("NOT COMPLETE: could not look at ")
    assert "engine hangs" in lines[0]
    assert "engine refuses" in lines[0]
    silent = [line for line in lines if "UNREACHABLE" in line]
    assert len(silent) == 2
    assert "context hangs (chosen by -c hangs)" in silent[0]
    assert "did not answer in time" in silent[0]
    assert "context refuses (chosen by -c refuses)" in silent[1]
    assert "there is no socket at" in silent[1]


def test_nobody_answers(hosts: Hosts) -> None:
    result = hosts.in_time("ps", *_c("hangs", "refuses"), "-o", "json", silent=2)
    assert result.code == 4
    assert result.json()["containers"] == []


def test_split_revisions_across_hosts_come_first(hosts: Hosts) -> None:
    result = hosts.ask("ps", *_c("east", "west", "north"), "-o", "plain")
    assert result.code == 0
    _, _, table = result.stdout.partition("\nSERVICE ")
    rows = [line.split() for line in table.splitlines()[1:] if line[:1].isalpha()]
    services = [row[0] for row in rows]
    assert services[:2] == ["web", "web"]
    assert services.count("api") == 1  # three hosts that agree
    revisions = {hosts.history.head[:12]: "east", hosts.history.named["built-8"][:12]: "west"}
    for row in rows[:2]:
        assert {revisions[word] for word in row if word in revisions} <= set(row)
    assert {word for row in rows[:2] for word in row} >= set(revisions)
    findings = hosts.ask("ps", *_c("east", "west", "north"), "-o", "json").json()["findings"]
    (split,) = (one for one in findings if one["code"] == "split-revisions")
    assert (split["service"], split["severity"]) == ("web", "info")
    for sha, engine in revisions.items():
        assert f"{sha} on shop-web-1 ({engine})" in split["message"]


@pytest.mark.parametrize("names", [("east", "again", "west"), ("again", "west", "east")])
def test_two_contexts_to_one_engine_count_once(hosts: Hosts, names: tuple[str, ...]) -> None:
    document = hosts.ask("ps", "--all", *_c(*names), "-o", "json").json()
    assert [engine["context"] for engine in document["engines"]] == [names[0], "west"]
    assert sorted(_by_place(document)) == sorted(
        [(names[0], "shop-api-1"), (names[0], "shop-web-1"), ("west", "shop-api-1"),
         ("west", "shop-web-1")]
    )  # fmt: skip


def test_a_frozen_engine_is_a_row_too(hosts: Hosts) -> None:
    west = hosts.engines[1]
    west.freeze()
    try:
        result = hosts.in_time("show", "shop-web-1", *_c("east", "west"), "-o", "json", silent=1)
    finally:
        west.thaw()
    assert result.code == 0
    document = result.json()
    assert [one["engine"] for one in document["containers"]] == ["east"]
    assert [engine["status"] for engine in document["engines"]] == ["ok", "unreachable"]
