"""Names for a TAB may take 2.5 times as long as Python alone (issue 5)."""

import json
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import threading
import time
from pathlib import Path

from tests.program import ROOT

LIMIT = 2.5
ROUNDS = 15
SERVICES = 30

_BARE = ("-c", "pass")
_ENTRY = "import re, sys; from whatsrunning.cli.entry import main; sys.exit(main())"
_NAMES = ("-c", _ENTRY, "--complete", "names")
"""What the script that pip installs does."""

_CONTAINERS = [
    {"Names": [f"/shop-web-{number}"], "Labels": {"com.docker.compose.service": f"web-{number}"}}
    for number in range(SERVICES)
]
_REPLY = b"HTTP/1.0 200 OK\r\n\r\n" + json.dumps(_CONTAINERS).encode()


def main() -> int:
    """Start both in turn, print the ratio of the medians; 1 if it is too much."""
    with tempfile.TemporaryDirectory(prefix="wr-names", dir="/tmp") as folder:
        path = Path(folder) / "engine.sock"
        with socket.socket(socket.AF_UNIX) as listener:
            listener.bind(str(path))
            listener.listen(8)
            threading.Thread(target=_answer, args=(listener,), daemon=True).start()
            env = _environment(Path(folder), path)
            _seconds(_NAMES, env, 2 * SERVICES)  # the first run leaves its bytecode for the others
            taken = [
                (_seconds(_BARE, env, 0), _seconds(_NAMES, env, 2 * SERVICES))
                for _ in range(ROUNDS)
            ]
    bare, names = (1000 * statistics.median(each) for each in zip(*taken, strict=True))
    print(f"Python alone {bare:.1f} ms, with names {names:.1f} ms: {names / bare:.2f} times")
    return int(names / bare > LIMIT)


def _answer(listener: socket.socket) -> None:
    while True:
        connection, _ = listener.accept()
        with connection:
            connection.recv(65536)
            connection.sendall(_REPLY)


def _environment(home: Path, engine: Path) -> dict[str, str]:
    return {
        "PATH": os.environ["PATH"],
        "HOME": str(home),
        "DOCKER_HOST": f"unix://{engine}",
        "PYTHONPATH": str(ROOT),
        "PYTHONPYCACHEPREFIX": str(home / "bytecode"),
    }


def _seconds(words: tuple[str, ...], env: dict[str, str], lines: int) -> float:
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *words], env=env, capture_output=True, check=True)
    took = time.perf_counter() - began
    assert done.stdout.count(b"\n") == lines, done.stdout
    return took


if __name__ == "__main__":
    sys.exit(main())
