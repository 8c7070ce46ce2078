"""The typical server: 21 containers, six of them one shop's, built by docker/metadata-action.

Nothing here was made for this program: no label `git.sha`, no whole SHA as a tag, no clone.
"""

import shutil
from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Literal

from tests.program import Result, whatsrunning
from tests.world.engine import EngineProcess, base_image, start_engine
from tests.world.github import GitHubProcess, start_github
from tests.world.history import History, make_history
from tests.world.registry import RegistryProcess, start_registry
from tests.world.shipyard import SOURCE, Shipyard

TOKEN = "ghp_" + "typ1c" * 7 + "a"
BUILDS = ("built-5", "built-6", "built-7", "hostile", "built-8", "sorted", "head")
"""What the registry has, oldest first; each was `:latest` when it was built."""

RUNS: Mapping[str, tuple[str, str]] = {
    "api": ("head", "short"),
    "web-1": ("sorted", "short"),
    "web-2": ("sorted", "short"),
    "admin": ("built-8", "short"),
    "worker": ("built-7", "latest"),
    "cron": ("built-6", "short"),
}
"""The shop's containers: the build that each runs, and the tag that it was run by."""

THIRD_PARTY = (
    "postgres:16", "redis:7", "traefik:v3.1", "grafana/grafana:11.2.0", "prom/prometheus:v2.54.1",
    "prom/node-exporter:v1.8.2", "gcr.io/cadvisor/cadvisor:v0.49.1", "rabbitmq:3.13-management",
    "minio/minio:latest", "nginx:1.27-alpine", "memcached:1.6", "portainer/portainer-ce:2.21.1",
    "ghcr.io/immich-app/immich-server:v1.114.0", "quay.io/keycloak/keycloak:25.0",
    "containrrr/watchtower:1.7.1",
)  # fmt: skip
UPSTREAM = {
    "grafana/grafana:11.2.0": "grafana/grafana",
    "ghcr.io/immich-app/immich-server:v1.114.0": "immich-app/immich",
    "quay.io/keycloak/keycloak:25.0": "keycloak/keycloak",
}
"""Images that name a repository and a commit of their makers'."""
GONE = ("built-5", "hostile")
"""Builds that no container runs: the server has pruned them, the registry has them."""

Gift = Literal["repository", "token", "login", "clone"]
"""What somebody may add to the bare command: `-R`, GitHub's token, the registry's login, `-C`."""


@dataclass(slots=True)
class Typical:
    """Everything that runs; `runs` are the shop's containers with their commits."""

    folder: Path
    engine: EngineProcess
    registry: RegistryProcess
    github: GitHubProcess
    history: History
    yard: Shipyard
    named: dict[str, str]
    runs: dict[str, str] = field(default_factory=dict)

    @property
    def built(self) -> tuple[str, ...]:
        """The SHAs that the registry has, oldest first."""
        return tuple(self.named[name] for name in BUILDS)

    def ask(self, *arguments: str, gifts: Collection[Gift] = (), cwd: Path | None = None) -> Result:
        """Run the program as somebody who has these gifts, and nothing else."""
        config = self.folder / ("login" if "login" in gifts else "nobody")
        named = ("-R", self.history.repository) if "repository" in gifts else ()
        clone = ("-C", str(self.history.clone)) if "clone" in gifts else ()
        env = {
            "DOCKER_HOST": self.engine.url,
            "DOCKER_CONFIG": str(config),
            "GITHUB_API_URL": self.github.url,
            "XDG_STATE_HOME": str(self.folder / "state"),
            **({"GH_TOKEN": TOKEN} if "token" in gifts else {}),
        }
        home, all_ = self.folder / "home", (*arguments, *named, *clone, "--timeout", "30")
        return whatsrunning(*all_, env=env, home=home, cwd=cwd or home)

    def stop(self) -> None:
        """End every process and delete every folder."""
        self.engine.stop()
        self.registry.stop()
        self.github.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def raise_typical(folder: Path) -> Typical:
    """Start everything, build and deploy as the months went by."""
    for name in ("home", "nobody"):
        (folder / name).mkdir(parents=True)
    lately = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    history = make_history(folder / "history", lately - timedelta(days=200))
    engine = start_engine(folder / "engine")
    registry = start_registry(folder / "registry", auth="htpasswd")
    github = start_github(history, token=TOKEN)
    yard = Shipyard(engine, registry.host, folder / "yard")
    named = {**history.named, "sorted": history.mainline[1]}
    typical = Typical(folder, engine, registry, github, history, yard, named)
    try:
        base_image(engine)
        engine.docker("login", "--username", "ci", "--password", "secret", registry.host)
        shutil.copytree(engine.folder / "config", folder / "login")
        _months(typical)
        _others(engine)
    except BaseException:
        typical.stop()
        raise
    return typical


def official_labels(history: History, sha: str, version: str = "main") -> dict[str, str]:
    """The labels that docker/metadata-action writes by itself."""
    said = {
        "created": history.commits[sha].committed_at.isoformat(),
        "description": "A shop",
        "licenses": "MIT",
        "revision": sha,
        "source": SOURCE,
        "title": "shop",
        "url": SOURCE,
        "version": version,
    }
    return {f"org.opencontainers.image.{key}": value for key, value in said.items()}


def _months(typical: Typical) -> None:
    for name in BUILDS:
        sha = typical.named[name]
        tags = [f"{typical.yard.shop}:{tag}" for tag in (f"sha-{sha[:7]}", "main", "latest")]
        typical.yard.build(*tags, stamp=sha, **official_labels(typical.history, sha))
        for tag in tags:
            typical.engine.docker("push", "--quiet", tag)
        for container, (build, by) in RUNS.items():
            if build == name:
                _start(typical.engine, container, tags[0] if by == "short" else tags[2])
                typical.runs[container] = sha
    typical.yard.forget(*(f"{typical.yard.shop}:sha-{typical.named[name][:7]}" for name in GONE))


def _others(engine: EngineProcess) -> None:
    for number, image in enumerate(THIRD_PARTY):
        changes = [
            f"--change=LABEL org.opencontainers.image.{key}={value}"
            for repository in [UPSTREAM.get(image, "")]
            if repository
            for key, value in (
                ("source", f"https://github.com/{repository}"),
                ("revision", f"{number:x}" * 40),
            )
        ]
        stamp = ("sh", "-c", f"echo {number} > /stamp")
        engine.docker("run", "--name", "made", "--network", "none", "busybox:latest", *stamp)
        engine.docker("commit", *changes, "made", image)
        engine.docker("rm", "made")
        _start(engine, image.rpartition("/")[2].partition(":")[0], image)


def _start(engine: EngineProcess, name: str, image: str) -> None:
    engine.docker(
        "run", "--detach", "--network", "none", "--stop-signal", "KILL", "--restart", "no",
        "--name", name, image, "sleep", "100000",
    )  # fmt: skip
