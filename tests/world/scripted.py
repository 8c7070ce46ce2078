"""A server in a thread that answers as it is told: for replies that no real part ever gives."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler

from tests.world.serving import Serving


@dataclass(frozen=True, slots=True)
class Asked:
    """One request as it came; header names are lower-case."""

    method: str
    path: str
    headers: Mapping[str, str]
    body: bytes = b""


@dataclass(frozen=True, slots=True)
class Reply:
    """What to answer. `cut` only closes the connection; `drip` is the seconds between two bytes."""

    status: int = 200
    headers: Mapping[str, str] = field(default_factory=dict)
    body: bytes = b""
    cut: bool = False
    drip: float = 0.0


@dataclass(slots=True)
class Scripted:
    """A running server; `answer` may be replaced at any time."""

    answer: Callable[[Asked], Reply]
    requests: list[Asked] = field(default_factory=list)
    _server: Serving | None = field(default=None, repr=False)

    @property
    def host(self) -> str:
        """Where it listens, with the port."""
        assert self._server is not None
        return self._server.host

    def stop(self) -> None:
        """Stop listening; connections are refused from then on."""
        if self._server is not None:
            self._server.stop()

    def handle(self, request: BaseHTTPRequestHandler) -> None:
        """Write one request down and answer it."""
        size = int(request.headers.get("Content-Length") or 0)
        headers = {name.lower(): value for name, value in request.headers.items()}
        asked = Asked(request.command, request.path, headers, request.rfile.read(size))
        self.requests.append(asked)
        reply = self.answer(asked)
        if reply.cut:
            request.close_connection = True
            return
        request.send_response(reply.status)
        for name, value in {"Content-Length": str(len(reply.body)), **reply.headers}.items():
            request.send_header(name, value)
        request.end_headers()
        if request.command != "HEAD":
            _write(request, reply)


def start_scripted(answer: Callable[[Asked], Reply]) -> Scripted:
    """A running server on a free loopback port."""
    server = Scripted(answer)
    server._server = Serving(server.handle)
    return server


def _write(request: BaseHTTPRequestHandler, reply: Reply) -> None:
    try:
        if not reply.drip:
            request.wfile.write(reply.body)
        for number in range(len(reply.body) if reply.drip else 0):
            request.wfile.write(reply.body[number : number + 1])
            time.sleep(reply.drip)
    except OSError:
        request.close_connection = True  # the other side had enough
