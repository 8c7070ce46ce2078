"""A proxy before a unix socket, as far away as a host on another continent."""

import contextlib
import socket
import threading
import time
from collections.abc import Iterator
from pathlib import Path


@contextlib.contextmanager
def far_away(behind: Path, path: Path, seconds: float) -> Iterator[Path]:
    """A socket at `path`: connecting, and each thing that is said to it, costs `seconds`."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(path))
        listener.listen(64)
        threading.Thread(target=_accept, args=(listener, behind, seconds), daemon=True).start()
        yield path
        listener.shutdown(socket.SHUT_RDWR)


def _accept(listener: socket.socket, behind: Path, seconds: float) -> None:
    with contextlib.suppress(OSError):
        while True:
            client, _ = listener.accept()
            work = threading.Thread(target=_serve, args=(client, behind, seconds), daemon=True)
            work.start()


def _serve(client: socket.socket, behind: Path, seconds: float) -> None:
    with contextlib.suppress(OSError), client, socket.socket(socket.AF_UNIX) as server:
        time.sleep(seconds)
        server.connect(str(behind))
        threading.Thread(target=_back, args=(server, client), daemon=True).start()
        while said := client.recv(65536):
            time.sleep(seconds)
            server.sendall(said)


def _back(server: socket.socket, client: socket.socket) -> None:
    with contextlib.suppress(OSError):
        while said := server.recv(65536):
            client.sendall(said)
        client.shutdown(socket.SHUT_WR)
