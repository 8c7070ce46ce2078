"""A Swarm of throw-away engines: a manager that runs everything, and a worker."""

import json
import os
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.world.engine import EngineProcess, base_archive, start_engine, wait_until

_QUICK = ("--detach", "--no-resolve-image", "--stop-signal", "SIGKILL", "--stop-grace-period", "1s")


@dataclass(frozen=True, slots=True)
class SwarmProcess:
    """Two engines in one Swarm; images are made on the manager, so all tasks run there."""

    manager: EngineProcess
    worker: EngineProcess
    address: str

    def image(self, name: str, labels: Mapping[str, str]) -> None:
        """An image of busybox with labels, in the manager's store alone."""
        archive = self.manager.folder / "image.tar"
        base_archive(archive)
        changes = [part for k, v in labels.items() for part in ("--change", f"LABEL {k}={v}")]
        self.manager.docker("import", *changes, str(archive), name)
        archive.unlink()

    def create(self, name: str, image: str, *options: str) -> None:
        """A service whose replicas sleep; returns at once."""
        here = ("--constraint", "node.role==manager")
        args = ("service", "create", *_QUICK, *here, "--name", name, *options)
        self.manager.docker(*args, image, "sleep", "1000")

    def update(self, name: str, *options: str) -> None:
        """Begin an update; returns at once."""
        self.manager.docker("service", "update", "--detach", "--no-resolve-image", *options, name)

    def state(self, name: str) -> str:
        """How the newest update goes, in Swarm's words."""
        return str((self._inspect(name).get("UpdateStatus") or {}).get("State", ""))

    def images(self, name: str) -> list[str]:
        """The images of the tasks that run and are meant to, sorted."""
        args = ("service", "ps", "--no-trunc", "--filter", "desired-state=running", "--format")
        tasks = self.manager.docker(*args, "{{.CurrentState}}|{{.Image}}", name).splitlines()
        return sorted(task.split("|")[1] for task in tasks if task.startswith("Running"))

    def _inspect(self, name: str) -> dict[str, Any]:
        found: list[dict[str, Any]] = json.loads(self.manager.docker("service", "inspect", name))
        return found[0]

    def stop(self) -> None:
        """End both engines; the worker first, whose Swarm is still there then."""
        self.worker.stop()
        self.manager.stop()


def start_swarm(folder: Path) -> SwarmProcess:
    """A Swarm on loopback addresses of its own, as gossip has one fixed port an address."""
    started: list[EngineProcess] = []
    try:
        for name in ("manager", "worker"):
            started.append(start_engine(folder / name))
        manager, worker = started
        address = _init(manager)
        token = manager.docker("swarm", "join-token", "--quiet", "worker")
        _join(worker, token, address)
        return SwarmProcess(manager, worker, address)
    except BaseException:
        for engine in reversed(started):
            engine.stop()
        raise


def _init(manager: EngineProcess) -> str:
    address = _loopback()
    # A node that a loaded machine keeps from answering in time is not down.
    manager.docker("swarm", "init", "--dispatcher-heartbeat", "60s", *_listening(address))
    return address


def _join(worker: EngineProcess, token: str, address: str) -> None:
    worker.docker("swarm", "join", *_listening(_loopback()), "--token", token, f"{address}:2377")
    assert wait_until(lambda: "true" not in worker.docker("info", "--format", _CONTROL))


_CONTROL = "{{.Swarm.ControlAvailable}}"


def _listening(address: str) -> tuple[str, ...]:
    return ("--advertise-addr", address, "--listen-addr", f"{address}:2377")


def _loopback() -> str:
    first, second, third = os.urandom(3)
    return f"127.{first % 200 + 10}.{second}.{third % 250 + 1}"
