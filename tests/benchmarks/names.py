"""Names for a TAB may take 1.5 times as long as `--help`, which asks nobody."""

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

LIMIT = 1.5
ROUNDS = 15
SERVICES = 30

_ENTRY = "import re, sys; from whatsrunning.cli.entry import main; sys.exit(main())"
"""What the script that pip installs does."""
_HELP = ("-c", _ENTRY, "--help")
_NAMES = ("-c", _ENTRY, "--complete", "--", "show", "")

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
            _seconds(_NAMES, env)  # the first run leaves its bytecode for the others
            taken = [(_seconds(_HELP, env), _seconds(_NAMES, env)) for _ in range(ROUNDS)]
    helped, named = (1000 * statistics.median(times) for times in zip(*taken, strict=True))
    print(f"--help {helped:.1f} ms, names {named:.1f} ms: {named / helped:.2f} times")
    return int(named / helped > LIMIT)


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


def _seconds(words: tuple[str, ...], env: dict[str, str]) -> float:
    began = time.perf_counter()
    done = subprocess.run([sys.executable, *words], env=env, capture_output=True, check=True)
    took = time.perf_counter() - began
    assert words == _HELP or done.stdout.count(b"\n") == 2 * SERVICES + 1, done.stdout
    return took


if __name__ == "__main__":
    sys.exit(main())
