"""Engines behind a real sshd, on a port that only the user's ssh configuration names."""

import os
import re
import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.world.engine import PATIENCE, EngineProcess, base_image, start_engine
from tests.world.sshd import ALIAS, SshServer, start_sshd
from whatsrunning.contexts.endpoint import Endpoint, parse_endpoint
from whatsrunning.facts.answers import Found, Problem
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.engine.client import DockerEngine
from whatsrunning.sources.engine.ssh import ssh_command

SYSTEM = "/usr/local/bin:/usr/bin:/bin"


@pytest.fixture(scope="module")
def engine(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """The engine of the host, with one container."""
    started = start_engine(tmp_path_factory.mktemp("engine"))
    try:
        base_image(started)
        started.docker("create", "--network", "none", "--name", "web", "busybox", "true")
        yield started
    finally:
        started.stop()


@pytest.fixture(scope="module")
def server(engine: EngineProcess, tmp_path_factory: pytest.TempPathFactory) -> Iterator[SshServer]:
    """The host: DOCKER_HOST there is what `docker system dial-stdio` talks to."""
    started = start_sshd(tmp_path_factory.mktemp("ssh"), {"DOCKER_HOST": engine.url})
    yield started
    started.stop()


@pytest.fixture
def host(server: SshServer, monkeypatch: pytest.MonkeyPatch) -> SshServer:
    """The client's side as it works, its `ssh` first in PATH, nothing called yet."""
    monkeypatch.setenv("PATH", server.path)
    server.configure()
    server.connections()
    return server


def at(address: str = f"ssh://{ALIAS}") -> DockerEngine:
    endpoint = parse_endpoint(address)
    assert isinstance(endpoint, Endpoint), endpoint
    return DockerEngine("prod", endpoint)


def problem(engine: DockerEngine, seconds: float = PATIENCE) -> Problem:
    with pytest.raises(SourceError) as caught:
        engine.containers(Deadline.after(seconds))
    assert caught.value.problem.subject == "prod"
    return caught.value.problem


def _gone(text: str) -> bool:
    """Whether every ssh with this text on its command line has ended, or soon does."""
    deadline = Deadline.after(PATIENCE)
    while _children(text) and deadline.left():
        time.sleep(0.05)
    return not _children(text)


def _children(text: str) -> list[str]:
    """Command lines of every ssh that contain this text."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        try:
            line = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
        except OSError:
            continue
        if text in line and line.startswith("/usr/bin/ssh"):
            found.append(line)
    return found


def test_a_whole_look_over_one_process(host: SshServer, engine: EngineProcess) -> None:
    over_ssh, here = at(), DockerEngine("here", Endpoint("unix", path=str(engine.socket)))
    deadline = Deadline.after(PATIENCE)
    assert over_ssh.info(deadline).id == here.info(deadline).id
    assert over_ssh.containers(deadline) == here.containers(deadline)
    assert over_ssh.images(deadline) == here.images(deadline)
    (container,) = over_ssh.containers(deadline)
    assert isinstance(over_ssh.inspect(container.id, deadline), Found)
    assert [event.action for event in over_ssh.events(deadline)] == ["create"]
    assert _children(str(host.folder)) != []
    over_ssh.close()
    here.close()
    assert host.connections() == 1
    assert _gone(str(host.folder))


def test_a_socket_of_the_host_in_the_address(host: SshServer, engine: EngineProcess) -> None:
    user = "root" if os.getuid() == 0 else ""
    ours = at(f"ssh://{user}@{ALIAS}:{host.port}{engine.socket}")
    assert [one.name for one in ours.containers(Deadline.after(PATIENCE))] == ["web"]
    ours.close()
    missing = problem(at(f"ssh://{ALIAS}{engine.socket}.not-there"))
    assert missing.code == "refused"
    assert f"on {ALIAS}: " in missing.message


@pytest.mark.parametrize(
    ("settings", "words", "hint"),
    [
        ({"IdentityFile": "{folder}/stranger"}, "Permission denied (publickey)", "ssh-agent"),
        ({"UserKnownHostsFile": "/dev/null"}, "Host key verification failed", "compare"),
        ({"Port": "1"}, "Connection refused", f"`ssh {ALIAS}`"),
        ({"ProxyCommand": "echo not an ssh server"}, "", f"`ssh {ALIAS}`"),
    ],
    ids=["wrong-key", "unknown-host-key", "host-down", "no-sshd"],
)
def test_ssh_says_why(host: SshServer, settings: dict[str, str], words: str, hint: str) -> None:
    host.configure(**{k: v.format(folder=host.folder) for k, v in settings.items()})
    found = problem(at())
    assert found.code == "ssh"
    assert found.message.startswith(f"ssh to {ALIAS}: ")
    assert words in found.message
    assert hint in found.hint
    assert host.connections() == 1
    assert _gone(str(host.folder))


def test_a_host_that_hangs_ends_at_the_deadline(host: SshServer) -> None:
    with socket.create_server(("127.0.0.1", 0)) as silent:
        host.configure(Port=str(silent.getsockname()[1]))
        started = time.monotonic()
        late = problem(at(), seconds=1)
        took = time.monotonic() - started
    assert late.code == "timeout"
    assert 1 <= took < 10
    assert _gone(str(host.folder))


def test_an_engine_that_hangs_behind_ssh(host: SshServer, engine: EngineProcess) -> None:
    ours = at()
    ours.info(Deadline.after(PATIENCE))
    engine.freeze()
    try:
        late = problem(ours, seconds=1)
    finally:
        engine.thaw()
    assert late.code == "timeout"
    assert _gone(str(host.folder))
    assert len(ours.containers(Deadline.after(PATIENCE))) == 1
    ours.close()
    assert host.connections() == 2


def test_a_host_where_only_podman_lives(
    engine: EngineProcess, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    tools = tmp_path / "tools"
    tools.mkdir()
    podman = tools / "podman"
    podman.write_text(f'#!/bin/sh\nPATH={SYSTEM} exec docker -H {engine.url} "$@"\n')
    podman.chmod(0o755)
    server = start_sshd(tmp_path / "ssh", {"PATH": str(tools)})
    try:
        monkeypatch.setenv("PATH", server.path)
        ours = at()
        assert [one.name for one in ours.containers(Deadline.after(PATIENCE))] == ["web"]
        assert [one.name for one in ours.containers(Deadline.after(PATIENCE))] == ["web"]
        assert server.connections() == 2
        ours.close()
        podman.unlink()
        neither = problem(at())
        assert neither.code == "not-docker"
        assert "neither docker nor podman" in neither.message
    finally:
        server.stop()


def test_no_ssh_program(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setenv("PATH", str(tmp_path))
    found = problem(at())
    assert (found.code, found.message) == ("ssh", "there is no ssh program in PATH")


def test_the_command_line_asks_nothing_and_takes_no_options_from_an_address() -> None:
    endpoint = Endpoint("ssh", "h", 22, path="/run/a b;id.sock", user="me")
    line = " ".join(ssh_command(endpoint, "docker", 9.2))
    assert line.startswith("ssh -T -o BatchMode=yes -o ConnectTimeout=11 -l me -p 22 -- h ")
    assert re.search(r"-- h docker --host 'unix:///run/a b;id.sock' system dial-stdio$", line)
