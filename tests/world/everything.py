"""The whole world: an engine with the fleet, a registry, the history and GitHub."""

import os
import shutil
import signal
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.program import Result, whatsrunning
from tests.world.engine import EngineProcess, base_image, start_engine
from tests.world.fleet import Fleet
from tests.world.gate import Gate, open_gate
from tests.world.github import GitHubProcess, start_github
from tests.world.history import History, make_history
from tests.world.registry import RegistryProcess, start_registry
from tests.world.shipyard import Shipyard
from tests.world.stories import raise_fleet

TOKEN = "ghp_" + "w0rld" * 7 + "a"


@dataclass(frozen=True, slots=True)
class Gates:
    """What stands before each source, and sees every request of the program."""

    engine: Gate
    registry: Gate
    github: Gate

    def all(self) -> tuple[Gate, Gate, Gate]:
        """The three of them."""
        return (self.engine, self.registry, self.github)


@dataclass(slots=True)
class World:
    """Everything that runs, and the truth about it."""

    folder: Path
    engine: EngineProcess
    registry: RegistryProcess
    github: GitHubProcess
    history: History
    fleet: Fleet
    gates: Gates

    def environment(self) -> dict[str, str]:
        """What a user of this world would have set."""
        return {
            "DOCKER_HOST": f"unix://{self.gates.engine.address}",
            "DOCKER_CONFIG": str(self.folder / "docker"),
            "GITHUB_API_URL": f"http://{self.gates.github.host}",
            "GH_TOKEN": TOKEN,
            "XDG_STATE_HOME": str(self.folder / "state"),
        }

    def ask(
        self, *arguments: str, env: Mapping[str, str] | None = None, timeout: float = 60
    ) -> Result:
        """Run the program on this world, with the clone at hand."""
        return whatsrunning(
            *arguments,
            "-C",
            str(self.history.clone),
            "--timeout",
            "30",
            env={**self.environment(), **(env or {})},
            home=self.folder / "home",
            timeout=timeout,
        )

    def processes(self) -> dict[str, Any]:
        """What `down` needs to end all of it from another process."""
        return {
            "folder": str(self.folder),
            "engine": [str(self.engine.folder), str(self.engine.run), self.engine.pid],
            "pids": [self.registry.pid, self.github.pid],
        }

    def stop(self) -> None:
        """End every process and delete every folder."""
        for gate in self.gates.all():
            gate.shut()
        self.engine.stop()
        self.registry.stop()
        self.github.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def raise_world(
    folder: Path,
    *,
    tell: Callable[[Fleet], None] = raise_fleet,
    gated: bool = True,
    first: datetime | None = None,
) -> World:
    """Start everything under this folder; gates are threads, and end with this process."""
    (folder / "home").mkdir(parents=True)
    history = make_history(folder / "history", first or _lately(), filtered=first is None)
    registry = start_registry(folder / "registry")
    github = start_github(history, token=TOKEN)
    engine = start_engine(folder / "engine")
    base_image(engine)
    behind = str(engine.socket), _tcp(registry.host), _tcp(github.url.removeprefix("http://"))
    gates = _gates(*behind) if gated else Gates(*(Gate(each, each) for each in behind))
    fleet = Fleet(Shipyard(engine, gates.registry.host, folder / "yard"), registry, history)
    tell(fleet)
    for gate in gates.all():
        gate.requests.clear()
        gate.writes.clear()  # of raising the fleet
    return World(folder, engine, registry, github, history, fleet, gates)


def _lately() -> datetime:
    """When the history begins: long ago, but well within the 400 days that GitHub keeps runs."""
    today = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    return today - timedelta(days=200)


def _gates(engine: str, registry: tuple[str, int], github: tuple[str, int]) -> Gates:
    socket = Path(engine).with_name("gate.sock")
    return Gates(open_gate(engine, socket), open_gate(registry), open_gate(github))


def _tcp(host: str) -> tuple[str, int]:
    name, _, port = host.rpartition(":")
    return name, int(port)


def wait_gone(pids: Sequence[int], patience: float = 60.0) -> None:
    """Wait until these processes, which are not our children, have ended."""
    ends = time.monotonic() + patience
    while time.monotonic() < ends and any(Path(f"/proc/{pid}/exe").exists() for pid in pids):
        time.sleep(0.05)


def tear_down(saved: Mapping[str, Any]) -> None:
    """End what `World.processes` named, from another process."""
    folder, run, pid = saved["engine"]
    EngineProcess(Path(folder), Path(run), pid).stop()
    for each in saved["pids"]:
        os.kill(each, signal.SIGTERM)
    wait_gone(saved["pids"])
    shutil.rmtree(saved["folder"], ignore_errors=True)
