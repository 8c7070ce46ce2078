"""A gate before a source: it passes everything, writes down each request line, and can be shut."""

import contextlib
import re
import socket
import threading
from dataclasses import dataclass, field
from pathlib import Path

_REQUEST = re.compile(rb"(?:^|\n)(GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS) (\S+) HTTP/1\.[01]\r\n")

Address = tuple[str, int] | str


@dataclass(slots=True)
class Gate:
    """Listens at `address` (host and port, or a unix socket's path) and connects to `behind`.

    `requests` may be cleared to count anew; `writes` keeps everything that is not GET or HEAD.
    """

    address: Address
    behind: Address
    requests: list[tuple[str, str]] = field(default_factory=list)
    writes: set[tuple[str, str]] = field(default_factory=set)
    connections: int = 0
    _listener: socket.socket | None = None
    _open: list[socket.socket] = field(default_factory=list)

    @property
    def host(self) -> str:
        """HOST:PORT of a gate on TCP."""
        return f"{self.address[0]}:{self.address[1]}"

    def open(self) -> None:
        """Listen; connections are served by threads of their own."""
        listener = _listen(self.address)
        if not isinstance(self.address, str):
            self.address = listener.getsockname()[:2]
        self._listener = listener
        threading.Thread(target=self._accept, args=(listener,), daemon=True).start()

    def shut(self) -> None:
        """Refuse from now on, and cut the connections that are open."""
        listener, self._listener = self._listener, None
        if listener is not None:
            # shutdown wakes the accepting thread; close alone would leave it waiting.
            with contextlib.suppress(OSError):
                listener.shutdown(socket.SHUT_RDWR)
            listener.close()
        while self._open:
            with contextlib.suppress(OSError):
                self._open.pop().shutdown(socket.SHUT_RDWR)

    def _accept(self, listener: socket.socket) -> None:
        with contextlib.suppress(OSError):
            while True:
                client, _ = listener.accept()
                self.connections += 1
                threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        with contextlib.suppress(OSError), client, _connect(self.behind) as server:
            self._open += [client, server]
            back = threading.Thread(target=_pass, args=(server, client), daemon=True)
            back.start()
            while data := client.recv(65536):
                self._note(data)
                server.sendall(data)
            with contextlib.suppress(OSError):
                server.shutdown(socket.SHUT_WR)
            back.join()

    def _note(self, data: bytes) -> None:
        if b"\r\nUser-Agent: docker/" in data:
            return  # the engine's own pushes and pulls, which raise the fleet
        for method, path in _REQUEST.findall(data):
            seen = method.decode(), path.decode("latin-1")
            self.requests.append(seen)
            if seen[0] not in ("GET", "HEAD"):
                self.writes.add(seen)


def open_gate(behind: Address, path: Path | None = None) -> Gate:
    """A gate on a free loopback port, or at this path."""
    gate = Gate(str(path) if path else ("127.0.0.1", 0), behind)
    gate.open()
    return gate


def _listen(address: Address) -> socket.socket:
    if isinstance(address, str):
        Path(address).unlink(missing_ok=True)
        listener = socket.socket(socket.AF_UNIX)
    else:
        listener = socket.socket()
        listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    listener.bind(address)
    listener.listen(128)
    return listener


def _connect(address: Address) -> socket.socket:
    server = socket.socket(socket.AF_UNIX if isinstance(address, str) else socket.AF_INET)
    server.connect(address)
    return server


def _pass(source: socket.socket, sink: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while data := source.recv(65536):
            sink.sendall(data)
        sink.shutdown(socket.SHUT_WR)
