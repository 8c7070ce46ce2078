"""Names for shells: `whatsrunning --complete`, over a socket that answers as an engine does."""

import hashlib
import json
import socket
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.program import whatsrunning

CONTAINERS = [
    {"Names": ["/shop-web-1"], "Labels": {"com.docker.compose.service": "web"}},
    {"Names": ["/shop-web-2"], "Labels": {"com.docker.compose.service": "web"}},
    {"Names": ["/lone"], "Labels": None},
    {"Names": ["/$(touch boom)"], "Labels": {"com.docker.compose.service": "a b"}},
]
REPLY = b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps(CONTAINERS).encode()
Start = Callable[[bytes | None], Path]


def _serve(listener: socket.socket, reply: bytes | None, asked: list[bytes]) -> None:
    """Answer every connection; without a reply keep it open and say nothing."""
    held = []
    while True:
        try:
            connection, _ = listener.accept()
        except OSError:
            return
        if reply is None:
            held.append(connection)
            continue
        asked.append(connection.recv(4096))
        connection.sendall(reply)
        connection.close()


@pytest.fixture
def asked() -> list[bytes]:
    return []


@pytest.fixture
def engine(tmp_path: Path, asked: list[bytes]) -> Iterator[Start]:
    listeners: list[socket.socket] = []

    def start(reply: bytes | None) -> Path:
        path = tmp_path / f"e{len(listeners)}.sock"
        listener = socket.socket(socket.AF_UNIX)
        listener.bind(str(path))
        listener.listen()
        listeners.append(listener)
        threading.Thread(target=_serve, args=(listener, reply, asked), daemon=True).start()
        return path

    yield start
    for listener in listeners:
        listener.shutdown(socket.SHUT_RDWR)
        listener.close()


def write_context(home: Path, name: str, address: str) -> None:
    folder = hashlib.sha256(name.encode()).hexdigest()
    meta = home / ".docker" / "contexts" / "meta" / folder / "meta.json"
    meta.parent.mkdir(parents=True)
    meta.write_text(json.dumps({"Name": name, "Endpoints": {"docker": {"Host": address}}}))


def complete(home: Path, *words: str, **env: str) -> list[str]:
    done = whatsrunning("--complete", *words, home=home, env=env)
    assert (done.code, done.stderr) == (0, "")
    return done.stdout.split("\n")[:-1]


def test_names_by_kind(tmp_path: Path, engine: Start, asked: list[bytes]) -> None:
    host = f"unix://{engine(REPLY)}"
    assert complete(tmp_path, "containers", DOCKER_HOST=host) == [
        "lone",
        "shop-web-1",
        "shop-web-2",
    ]
    assert complete(tmp_path, "services", DOCKER_HOST=host) == ["lone", "web"]
    names = ["lone", "shop-web-1", "shop-web-2", "web"]
    assert complete(tmp_path, "names", DOCKER_HOST=host) == names
    assert {request.split(b"\r\n")[0] for request in asked} == {
        b"GET /containers/json?all=1 HTTP/1.0"
    }


def test_the_engine_that_the_line_names(tmp_path: Path, engine: Start) -> None:
    prod = f"unix://{engine(REPLY)}"
    write_context(tmp_path, "prod", prod)
    (tmp_path / ".docker" / "contexts" / "meta" / "broken").mkdir()
    (tmp_path / ".docker" / "contexts" / "meta" / "broken" / "meta.json").write_text("{")
    assert complete(tmp_path, "contexts") == ["default", "prod"]
    other = {"DOCKER_HOST": "unix:///dev/null/none"}
    for words in (["-c", "prod"], ["--context=prod"], ["-H", prod], [f"--host={prod}", "show"]):
        assert complete(tmp_path, "services", *words, **other) == ["lone", "web"]
    assert complete(tmp_path, "services", "-c", "nosuch", DOCKER_HOST=prod) == []
    assert complete(tmp_path, "services", DOCKER_CONTEXT="prod") == ["lone", "web"]
    (tmp_path / ".docker" / "config.json").write_text('{"currentContext": "prod"}')
    assert complete(tmp_path, "services") == ["lone", "web"]
    config = tmp_path / ".config" / "whatsrunning" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('contexts = ["nosuch"]')
    assert complete(tmp_path, "services") == []


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.0 500 no\r\n\r\n[]", b"HTTP/1.0 200 OK\r\n\r\n{"])
def test_whatever_goes_wrong_there_are_no_names(
    tmp_path: Path, engine: Start, reply: bytes
) -> None:
    assert complete(tmp_path, "names", DOCKER_HOST=f"unix://{engine(reply)}") == []
    assert complete(tmp_path, "names", DOCKER_HOST="ssh://prod") == []
    assert complete(tmp_path, "oops") == []


def test_an_engine_that_hangs_holds_a_tab_for_a_second(tmp_path: Path, engine: Start) -> None:
    host = f"unix://{engine(None)}"
    began = time.monotonic()
    assert complete(tmp_path, "names", DOCKER_HOST=host) == []
    assert time.monotonic() - began < 10
