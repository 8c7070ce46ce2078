"""An engine that cannot be looked at is a problem with a code, never another exception."""

import contextlib
import os
import socket
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

import pytest

from tests.world.canned import DOCKER, canned, reply
from tests.world.engine import PATIENCE, EngineProcess, start_engine
from whatsrunning.contexts import Endpoint
from whatsrunning.facts.answers import Nothing, Problem
from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.sources.engine.client import DockerEngine

INFO: dict[str, Any] = {
    "ID": "one", "Name": "host", "ServerVersion": "20.10", "OSType": "linux",
    "Architecture": "x86_64", "SystemTime": "2026-01-01T00:00:00.123456789Z",
}  # fmt: skip
CONTAINER: dict[str, Any] = {
    "Id": "ab" * 32, "Names": ["/web"], "Image": "app:1", "ImageID": "sha256:1",
    "Created": 1700000000, "State": "running", "Status": "Up", "Labels": None,
}  # fmt: skip
Ask = Callable[[DockerEngine, Deadline], object]


def info(engine: DockerEngine, deadline: Deadline) -> object:
    return engine.info(deadline)


def containers(engine: DockerEngine, deadline: Deadline) -> object:
    return engine.containers(deadline)


def images(engine: DockerEngine, deadline: Deadline) -> object:
    return engine.images(deadline)


def inspect(engine: DockerEngine, deadline: Deadline) -> object:
    return engine.inspect("web", deadline)


def events(engine: DockerEngine, deadline: Deadline) -> object:
    return engine.events(deadline)


def distribution(engine: DockerEngine, deadline: Deadline) -> object:
    return engine.distribution("app:1", deadline)


@pytest.fixture
def path() -> Iterator[Path]:
    """Where a socket can be: pytest's own folders have names too long for one."""
    with tempfile.TemporaryDirectory(prefix="wr-s", dir="/tmp") as folder:
        yield Path(folder) / "s"


def unix(path: Path) -> DockerEngine:
    return DockerEngine("prod", Endpoint("unix", path=str(path)))


def problem(engine: DockerEngine, ask: Ask = info, seconds: float = PATIENCE) -> Problem:
    with pytest.raises(SourceError) as caught:
        ask(engine, Deadline.after(seconds))
    engine.close()
    found = caught.value.problem
    assert (found.source, found.subject) == ("engine", "prod")
    assert found.message.isprintable()
    return found


def test_nothing_there(path: Path) -> None:
    missing = problem(unix(path))
    assert (missing.code, missing.message) == ("refused", f"there is no socket at unix://{path}")
    assert missing.hint
    with socket.socket(socket.AF_UNIX) as left_behind:
        left_behind.bind(str(path))
    assert problem(unix(path)).message == f"nothing listens at unix://{path}"
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
        closed = problem(DockerEngine("prod", Endpoint("tcp", "127.0.0.1", port)))
    assert (closed.code, closed.message) == (
        "refused",
        f"nothing listens at tcp://127.0.0.1:{port}",
    )
    too_long = problem(unix(path / ("x" * 120)))
    assert (too_long.code, "too long" in too_long.message) == ("unreachable", True)


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """An engine to be shut out from, and to freeze."""
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
    ours = unix(real.socket)
    info(ours, Deadline.after(PATIENCE))
    with nobody():
        refused = problem(ours, containers)
    assert refused.code == "permission"
    assert str(real.socket) in refused.message
    assert "sudo" in refused.hint
    assert "docker group" in refused.hint


@pytest.mark.parametrize("ask", [info, containers, images, inspect, events])
def test_a_frozen_engine_ends_at_the_deadline(real: EngineProcess, ask: Ask) -> None:
    ours = unix(real.socket)
    info(ours, Deadline.after(PATIENCE))
    real.freeze()
    started = time.monotonic()
    try:
        late = problem(ours, ask, 0.3)
    finally:
        took = time.monotonic() - started
        real.thaw()
    assert late.code == "timeout"
    assert "--timeout" in late.hint
    assert 0.3 <= took < 10
    assert info(ours, Deadline.after(PATIENCE))


def test_a_deadline_that_is_over_asks_nothing(path: Path) -> None:
    with canned(path, {"/info": reply(INFO)}) as asked:
        assert problem(unix(path), seconds=0).code == "timeout"
        assert asked == []


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
)  # fmt: skip
def test_what_is_no_engine_and_what_is_broken(
    path: Path, answer: bytes, code: str, says: str
) -> None:
    with canned(path, {"/info": answer}):
        found = problem(unix(path))
    assert (found.code, says in found.message) == (code, True), found.message


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
)
def test_broken_replies_after_the_first(
    path: Path, ask: Ask, answer: bytes, code: str, says: str
) -> None:
    parts = ("/json", "/events")
    with canned(path, {"/info": reply(INFO), **dict.fromkeys(parts, answer)}):
        found = problem(unix(path), ask)
    assert (found.code, says in found.message) == (code, True), found.message


@pytest.mark.parametrize("said", ["manifest unknown: tag 1", "errors: name unknown: not found"])
def test_what_a_registry_does_not_have_is_nothing(path: Path, said: str) -> None:
    with canned(path, {"/info": reply(INFO), "/json": reply({"message": said}, 404)}):
        ours = unix(path)
        assert distribution(ours, Deadline.after(PATIENCE)) == Nothing()
        ours.close()


def test_the_version_comes_with_the_first_reply_and_info_is_asked_once(path: Path) -> None:
    answers: Mapping[str, bytes] = {"/info": reply(INFO), "/json": reply([CONTAINER])}
    with canned(path, answers) as asked:
        ours, deadline = unix(path), Deadline.after(PATIENCE)
        (found,) = ours.containers(deadline)
        assert (found.name, dict(found.labels)) == ("web", {})
        assert ours.info(deadline).system_time is not None
        ours.info(deadline)
        ours.close()
    assert asked == ["/info", "/v1.41/containers/json?all=1", "/info"]
