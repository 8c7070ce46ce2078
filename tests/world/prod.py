"""A second engine, `prod`: one shop in the course of a night, each service with a past of its own.

Its images are in a repository of their own, so that nothing of it shows on the world's fleet.
"""

import shutil
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.program import Result, whatsrunning
from tests.world.engine import EngineProcess, base_image, start_engine
from tests.world.everything import World
from tests.world.gate import Gate, open_gate
from tests.world.images import put_image
from tests.world.shipyard import SOURCE, Shipyard
from tests.world.stories import compose_labels

REPOSITORY = "prod/shop"


@dataclass(slots=True)
class Prod:
    """The engine behind its gate; `runs` are the services with the commits that they run now.

    `before` are the commits that ran before; `night` is when the changes began.
    """

    world: World
    folder: Path
    engine: EngineProcess
    gate: Gate
    yard: Shipyard
    night: datetime
    runs: dict[str, str] = field(default_factory=dict)
    before: dict[str, str] = field(default_factory=dict)

    @property
    def image(self) -> str:
        """The image repository, host/path."""
        return f"{self.yard.host}/{REPOSITORY}"

    def environment(self) -> dict[str, str]:
        """What a user at this engine would have set; its context is `prod`."""
        here = {"DOCKER_CONFIG": self.folder / "docker", "XDG_STATE_HOME": self.folder / "state"}
        theirs = self.world.environment()
        del theirs["DOCKER_HOST"]
        return {**theirs, **{name: str(path) for name, path in here.items()}}

    def ask(
        self, *arguments: str, clone: bool = True, env: Mapping[str, str] | None = None
    ) -> Result:
        """Run the program on context `prod`, with the clone at hand or with -R instead."""
        history = self.world.history
        where = ("-C", str(history.clone)) if clone else ("-R", history.repository)
        return whatsrunning(
            *arguments, "-c", "prod", *where, "--timeout", "30",
            env={**self.environment(), **(env or {})}, home=self.world.folder / "home",
        )  # fmt: skip

    def json(self, *arguments: str, clone: bool = True) -> Any:
        """The JSON document of one look that was shown."""
        result = self.ask(*arguments, "-o", "json", clone=clone)
        assert result.code in (0, 1, 3), result.stderr
        return result.json()

    def stop(self) -> None:
        """End the engine and delete its folders."""
        self.gate.shut()
        self.engine.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def raise_prod(world: World, folder: Path) -> Prod:
    """Start the engine, deploy, look once, and live through the night."""
    engine = start_engine(folder / "engine")
    try:
        base_image(engine)
        gate = open_gate(str(engine.socket), engine.run / "gate.sock")
        yard = Shipyard(engine, world.gates.registry.host, folder / "yard")
        prod = Prod(world, folder, engine, gate, yard, datetime.now(UTC))
        _contexts(prod)
        _evening(prod)
        assert prod.ask("ps").code == 0
        prod.night = _next_second()
        _night(prod)
        gate.requests.clear()
        gate.writes.clear()
    except BaseException:
        engine.stop()
        raise
    return prod


def _next_second() -> datetime:
    """The engine's list tells whole seconds: what follows is created in a second of its own."""
    begins = datetime.now(UTC).replace(microsecond=0) + timedelta(seconds=1)
    while (left := (begins - datetime.now(UTC)).total_seconds()) > 0:
        time.sleep(left)
    return begins


def _contexts(prod: Prod) -> None:
    """`docker context create`, once for this engine and once for the world's fleet."""
    before, theirs = prod.engine.folder / "config", prod.folder / "docker"
    for name, address in (("prod", prod.gate.address), ("fleet", prod.world.gates.engine.address)):
        prod.engine.docker("context", "create", name, "--docker", f"host=unix://{address}")
    shutil.copytree(before, theirs)


def _evening(prod: Prod) -> None:
    for name in ("built-5", "reverted", "built-6", "built-7"):
        _ship(prod, name)
    _ship(prod, "direct", push=False)
    for service, name in (
        ("web", "built-7"), ("worker", "built-5"), ("api", "direct"), ("cache", "reverted"),
        ("docs", "built-6"), ("mailer", "built-7"), ("cron", "built-5"),
    ):  # fmt: skip
        _run(prod, service, name)


def _night(prod: Prod) -> None:
    """Web, worker and api are deployed anew; cron goes, and the mailer restarts.

    Nothing is left of what api ran before: neither its container nor its image.
    """
    docker = prod.engine.docker
    docker("stop", "--time", "0", "shop_web_1")
    docker("rename", "shop_web_1", "shop_web_1_old")
    docker("rm", "--force", "shop_worker_1", "shop_api_1", "shop_cron_1")
    docker("rmi", "--force", _reference(prod, "direct"))
    prod.before = {service: prod.runs[service] for service in ("web", "worker", "api")}
    prod.before["cron"] = prod.runs.pop("cron")
    _run(prod, "worker", "built-7", image=f"{prod.image}:latest")
    _run(prod, "api", "built-5")
    _ship(prod, "built-8")
    _run(prod, "web", "built-8")
    docker("restart", "--time", "0", "shop_mailer_1")
    for name in ("merge", "revert", "hostile"):
        sha = prod.world.history.named[name]
        host = prod.world.registry.host  # past the gate, which writes down what the program asks
        put_image(host, REPOSITORY, [sha], labels=_labels(sha), content=sha.encode())
    docker("tag", "busybox:latest", "containrrr/watchtower:1")
    docker("run", "--detach", "--network", "none", "--name", "watchtower",
           "containrrr/watchtower:1", "sleep", "100000")  # fmt: skip


def _reference(prod: Prod, name: str) -> str:
    return f"{prod.image}:{prod.world.history.named[name]}"


def _labels(sha: str) -> dict[str, str]:
    return {"git.sha": sha, "org.opencontainers.image.source": SOURCE}


def _ship(prod: Prod, name: str, *, push: bool = True) -> None:
    """Build one commit, and push it under its two tags."""
    sha = prod.world.history.named[name]
    references = (_reference(prod, name), f"{prod.image}:latest")[: 2 if push else 1]
    prod.yard.build(*references, stamp=sha, **_labels(sha))
    for reference in references if push else ():
        prod.engine.docker("push", "--quiet", reference)


def _run(prod: Prod, service: str, name: str, *, image: str = "") -> None:
    sha = prod.world.history.named[name]
    prod.engine.docker(
        "run", "--detach", "--network", "none", "--stop-signal", "KILL",
        "--env", "DATABASE_URL=postgres://shop:hunter2@db/shop",
        "--name", f"shop_{service}_1", *compose_labels(service, 1), "--label", f"git.sha={sha}",
        image or _reference(prod, name),
    )  # fmt: skip
    prod.runs[service] = sha
