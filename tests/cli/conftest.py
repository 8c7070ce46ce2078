"""A Docker engine for TAB completion: a socket that answers every request with one reply."""

import socket
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.socket_engine import Start


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
    """The requests that the engines got."""
    return []


@pytest.fixture
def engine(tmp_path: Path, asked: list[bytes]) -> Iterator[Start]:
    """Starts an engine with its reply, None for one that hangs; gives the path of its socket."""
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
