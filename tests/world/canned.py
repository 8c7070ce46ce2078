"""A server that is no engine, or a broken one: it answers what the test wrote, byte for byte."""

import contextlib
import json
import socketserver
import threading
from collections.abc import Iterator, Mapping
from http import HTTPStatus
from pathlib import Path

DOCKER = {"Api-Version": "1.41", "Server": "Docker/20.10.24 (linux)"}


def reply(body: object, status: int = 200, headers: Mapping[str, str] = DOCKER) -> bytes:
    """An HTTP reply; what is not bytes is sent as JSON."""
    content = body if isinstance(body, bytes) else json.dumps(body).encode()
    lines = [f"HTTP/1.1 {status} {HTTPStatus(status).phrase}"]
    lines += [f"{name}: {value}" for name, value in headers.items()]
    lines += [f"Content-Length: {len(content)}", "Connection: close", "", ""]
    return "\r\n".join(lines).encode() + content


class _Server(socketserver.ThreadingUnixStreamServer):
    daemon_threads = True
    answers: Mapping[str, bytes]
    asked: list[str]


class _Handler(socketserver.StreamRequestHandler):
    server: _Server

    def handle(self) -> None:
        """Read one request, answer it by the first path that it contains, and hang up."""
        path = self.rfile.readline().decode().split()[1]
        while self.rfile.readline().strip():
            pass
        self.server.asked.append(path)
        found = (answer for part, answer in self.server.answers.items() if part in path)
        with contextlib.suppress(OSError):
            self.wfile.write(next(found, reply({"message": "page not found"}, 404)))


@contextlib.contextmanager
def canned(path: Path, answers: Mapping[str, bytes]) -> Iterator[list[str]]:
    """Listens on the unix socket `path`; yields the paths that it was asked for."""
    with _Server(str(path), _Handler) as server:
        server.answers, server.asked = answers, []
        thread = threading.Thread(target=server.serve_forever, args=(0.05,), daemon=True)
        thread.start()
        try:
            yield server.asked
        finally:
            server.shutdown()
            thread.join()
