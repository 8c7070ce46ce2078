"""An engine that cannot be looked at is a problem with a code, never another exception."""

import contextlib
import os
import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.engine.asking import (
    CONTAINER,
    INFO,
    Ask,
    containers,
    distribution,
    events,
    images,
    inspect,
    problem_of,
    unix,
)
from tests.world.canned import DOCKER, canned, reply
from tests.world.engine import PATIENCE, EngineProcess, start_engine
from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.engine.client import DockerEngine


def test_no_socket(path: Path) -> None:
    missing = problem_of(unix(path))
    assert (missing.code, missing.message) == ("refused", f"there is no socket at unix://{path}")
    assert missing.hint


def test_a_socket_that_was_left_behind(path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    assert problem_of(unix(path)).message == f"nothing listens at unix://{path}"


def test_a_port_where_nothing_listens() -> None:
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        closed = problem_of(DockerEngine("prod", Endpoint("tcp", "127.0.0.1", port)))
    expected = ("refused", f"nothing listens at tcp://127.0.0.1:{port}")
    assert (closed.code, closed.message) == expected


def test_a_path_that_is_too_long(path: Path) -> None:
    too_long = problem_of(unix(path / ("x" * 120)))
    assert (too_long.code, "too long" in too_long.message) == ("unreachable", True)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """An engine to be shut out from."""
    started = start_engine(tmp_path_factory.mktemp("engine"))
    yield started
    started.stop()


@contextlib.contextmanager
def nobody() -> Iterator[None]:
    """An unprivileged user, for as long as it lasts."""
    os.seteuid(65534)
    try:
        yield
    finally:
        os.seteuid(0)


def test_no_permission(real: EngineProcess) -> None:
    engine = unix(real.socket)
    engine.info(Deadline.after(PATIENCE))
    with nobody():
        refused = problem_of(engine, containers)
    assert refused.code == "permission"
    assert str(real.socket) in refused.message
    assert "sudo" in refused.hint
    assert "docker group" in refused.hint


HTML = reply(b"<html>hello</html>", headers={"Content-Type": "text/html"})
MOVED = reply(b"", 302, {**DOCKER, "Location": "http://192.0.2.1/info"})
TLS_ONLY = b"HTTP/1.0 400 Bad Request\r\n\r\nClient sent an HTTP request to an HTTPS server.\n"


@pytest.mark.parametrize(
    ("answer", "code", "says"),
    [
        (HTML, "not-docker", "is no Docker engine"),
        (reply(b"<html>", 404, {}), "not-docker", "is no Docker engine"),
        (reply(INFO, headers={}), "not-docker", "is no Docker engine"),
        (reply(INFO, headers={"Api-Version": "../../x"}), "not-docker", "is no Docker engine"),
        (b"SSH-2.0-OpenSSH_9.2\r\n", "not-docker", "is no Docker engine"),
        (b"", "closed", "closed the connection"),
        (MOVED, "api-error", "answered 302 to GET /info"),
        (TLS_ONLY, "tls", "speaks TLS only"),
        (reply(b"<h1>403</h1>", 403, {}), "denied", "answered 403 to GET /info: <h1>403</h1>"),
        (reply({"message": "boom\x1b[2J"}, 500), "api-error", "answered 500 to GET /info: boom"),
        (reply(b"not JSON"), "malformed", "a broken reply to /info: it is not JSON"),
        (reply(b"[" * 200_000), "malformed", "it is not JSON"),
        (reply([1]), "malformed", "the reply is no object"),
        (reply({**INFO, "ID": 5}), "malformed", "ID is no text"),
        (reply({**INFO, "SystemTime": "soon"}), "malformed", "SystemTime is no time"),
        (reply({**INFO, "Swarm": {"RemoteManagers": [3]}}), "malformed", "is no object"),
        (reply(INFO)[:-9], "closed", "closed the connection"),
    ],
    ids=["web page", "404", "no version", "odd version", "ssh", "nothing", "redirect", "tls only",
         "403", "500", "no JSON", "deep JSON", "a list", "odd ID", "odd time", "odd manager",
         "half"],
)  # fmt: skip
def test_what_is_no_engine_and_what_is_broken(
    path: Path, answer: bytes, code: str, says: str
) -> None:
    with canned(path, {"/info": answer}):
        problem = problem_of(unix(path))
    assert (problem.code, says in problem.message) == (code, True), problem.message


@pytest.mark.parametrize(
    ("ask", "answer", "code", "says"),
    [
        (containers, reply(b"{"), "malformed", "the container list: it is not JSON"),
        (containers, reply({}), "malformed", "the reply is no list"),
        (containers, reply([{**CONTAINER, "Created": "x"}]), "malformed", "Created is no number"),
        (containers, reply([{**CONTAINER, "Created": 10**30}]), "malformed", "Created is no time"),
        (containers, reply([{**CONTAINER, "Labels": {"a": 1}}]), "malformed", "no map of texts"),
        (containers, reply([{**CONTAINER, "Names": "x"}]), "malformed", "Names is no list"),
        (containers, reply([{"Id": "x"}]), "malformed", "State is no text"),
        (images, reply([{"Id": None}]), "malformed", "Id is no text"),
        (inspect, reply({"Id": "x", "State": 5}), "malformed", "State is no object"),
        (inspect, reply({"message": "locked"}, 500), "api-error", "locked"),
        (events, reply(b'{"Action":"start"}\n'), "malformed", "is no number"),
        (events, reply(b'{"Action":"st'), "malformed", "is not JSON"),
        (distribution, reply({}), "malformed", "digest is no text"),
        (distribution, reply({"message": "page not found"}, 404), "api-error", "page not found"),
        (distribution, reply({"message": "unauthorized"}, 401), "denied", "unauthorized"),
    ],
    ids=["no JSON", "no list", "odd number", "odd time", "odd labels", "odd names", "no state",
         "null ID", "odd state", "500", "no time", "half an event", "no digest", "404", "401"],
)  # fmt: skip
def test_broken_replies_after_the_first(
    path: Path, ask: Ask, answer: bytes, code: str, says: str
) -> None:
    parts = ("/json", "/events")
    with canned(path, {"/info": reply(INFO), **dict.fromkeys(parts, answer)}):
        problem = problem_of(unix(path), ask)
    assert (problem.code, says in problem.message) == (code, True), problem.message
