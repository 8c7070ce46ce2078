"""More doors to the world's registry: behind htpasswd, behind tokens, and paged in three ways.

A process of its own, since the realm and the proxies are threads: it ends on SIGTERM and leaves
nothing. `ci` with the password `secret` may enter.
"""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Literal

from tests.world.paging import start_paging_proxy
from tests.world.registry import RegistryProcess, start_registry
from tests.world.token_server import start_token_server

PAGED: tuple[Literal["relative", "absolute", "foreign"], ...] = ("relative", "absolute", "foreign")


def open_doors(registry: RegistryProcess, folder: Path) -> tuple[int, dict[str, str]]:
    """The pid of a process that keeps the doors open, and HOST:PORT by the door's name."""
    process = subprocess.Popen(
        [sys.executable, "-m", __name__, registry.host, str(registry.folder), str(folder)],
        stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL,
        cwd=Path(__file__).parents[2],
        start_new_session=True,
    )  # fmt: skip
    assert process.stdout is not None
    said: dict[str, str] = json.loads(process.stdout.readline())
    return process.pid, said


def main() -> None:
    """Open the doors to a registry at HOST that stores under FOLDER, and wait for SIGTERM."""
    host, stored, folder = sys.argv[1], Path(sys.argv[2]), Path(sys.argv[3])
    tokens = start_token_server(folder)
    registries = {
        "htpasswd": start_registry(stored, auth="htpasswd"),
        "token": start_registry(stored, auth="token", tokens=tokens),
    }
    doors = {name: registry.host for name, registry in registries.items()}
    doors |= {f"paged-{links}": start_paging_proxy(host, 20, links).host for links in PAGED}
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(0))
    try:
        print(json.dumps(doors), flush=True)
        signal.pause()
    finally:
        for registry in registries.values():
            registry.stop()


if __name__ == "__main__":
    main()
