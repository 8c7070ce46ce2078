"""A street of deploys as people make them: one engine and one registry, a lane for each case."""

import json
import shutil
import tempfile
from collections.abc import Iterable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

from tests.program import Result, whatsrunning
from tests.world.artifacts import IMAGE_CONFIG
from tests.world.engine import EngineProcess, base_image, start_engine
from tests.world.github import GitHubProcess, start_github
from tests.world.history import History, make_history
from tests.world.images import OCI_MANIFEST, Body, put_blob, put_image, put_manifest, sha256
from tests.world.registry import RegistryProcess, start_registry

TOKEN = "ghp_" + "1dent" * 7 + "a"
_DOCKERFILE = """\
ARG BASE
FROM $BASE
COPY stamp /stamp
CMD ["sleep", "100000"]
"""


@dataclass(frozen=True, slots=True)
class Image:
    """What is built: a commit, the tags it is pushed under, and what the build writes on it."""

    repository: str
    sha: str
    tags: tuple[str, ...]
    labels: Mapping[str, str] = field(default_factory=dict)
    base: str = "busybox:latest"

    @property
    def references(self) -> list[str]:
        """Its names."""
        return [f"{self.repository}:{tag}" for tag in self.tags]


@dataclass(frozen=True, slots=True)
class Start:
    """A container, the name that its image is run by, and the options of `docker run`."""

    name: str
    reference: str
    options: tuple[str, ...] = ()
    command: tuple[str, ...] = ()


@dataclass(slots=True)
class Street:
    """What runs. `shas` are the shop's builds, newest first: #33, #31, #29, #27."""

    folder: Path
    engine: EngineProcess
    registry: RegistryProcess
    github: GitHubProcess
    history: History

    @property
    def shas(self) -> tuple[str, str, str, str]:
        """The newest build of the shop, and three before it."""
        named = self.history.named
        return named["head"], self.history.mainline[1], named["built-8"], named["hostile"]

    def lane(self, name: str, project: str = "acme/shop") -> str:
        """An image repository that no other case has."""
        return f"{self.registry.host}/{name}/{project}"

    def build(self, images: Iterable[Image]) -> None:
        """Build and push, in this order where they share a repository."""
        for image in images:
            with tempfile.TemporaryDirectory(dir=self.folder) as yard:
                Path(yard, "Dockerfile").write_text(_DOCKERFILE)
                # Other content for each lane, or the engine takes them for one image.
                Path(yard, "stamp").write_text(f"{image.sha} {image.repository}\n")
                tags = [word for name in image.references for word in ("--tag", name)]
                said = [f"--label={key}={value}" for key, value in image.labels.items()]
                base = f"--build-arg=BASE={image.base}"
                self.engine.docker("build", "--quiet", base, *tags, *said, yard)
            if image.repository.startswith(self.registry.host):
                self.engine.docker("push", "--quiet", "--all-tags", image.repository)

    def store(self, images: Iterable[Image]) -> None:
        """Builds that the registry alone has: nobody runs them here."""
        for image in images:
            host, _, path = image.repository.partition("/")
            content = f"{image.sha} {path}".encode()
            put_image(host, path, image.tags, labels=image.labels, content=content)

    def store_many(self, repository: str, tags: Iterable[str]) -> None:
        """The same for hundreds of builds: manifests of their own over one config and one layer."""
        host, _, path = repository.partition("/")
        put_blob(host, path, b"{}")
        blob = {"mediaType": IMAGE_CONFIG, "digest": sha256(b"{}"), "size": 2}
        manifest = {"schemaVersion": 2, "mediaType": OCI_MANIFEST, "config": blob, "layers": []}
        for tag in tags:
            body = json.dumps({**manifest, "annotations": {"tag": tag}}).encode()
            put_manifest(host, path, (tag,), Body(body, OCI_MANIFEST))

    def run(self, starts: Iterable[Start]) -> None:
        """Start containers, as many at once as the machine has processors."""
        with ThreadPoolExecutor(2) as pool:
            list(pool.map(self._run, starts))

    def _run(self, start: Start) -> None:
        self.engine.docker(
            "run", "--detach", "--network", "none", "--stop-signal", "KILL", "--restart", "no",
            "--name", start.name, *start.options, start.reference, *start.command,
        )  # fmt: skip

    def truth(self, *names: str) -> dict[str, str]:
        """The commit that was built into what each container runs, read from its files."""
        found = {}
        for name in names:
            stamp = self.folder / f"stamp-{name}"
            self.engine.docker("cp", f"{name}:/stamp", str(stamp))
            found[name] = stamp.read_text().split()[0]
        return found

    def ask(
        self,
        *arguments: str,
        state: str = "state",
        cwd: Path | str = "",
        home: Path | str = "",
        env: Mapping[str, str] | None = None,
    ) -> Result:
        """Run the program on this engine, with a token; `state` is a journal of its own."""
        usual = {
            "DOCKER_HOST": self.engine.url,
            "DOCKER_CONFIG": str(self.folder / "nobody"),
            "GITHUB_API_URL": self.github.url,
            "GH_TOKEN": TOKEN,
            "XDG_STATE_HOME": str(self.folder / state),
        }
        own = home or self.folder / "home"
        words = (*arguments, "--timeout", "30")
        return whatsrunning(*words, env={**usual, **(env or {})}, home=own, cwd=cwd or own)

    def look(self, *arguments: str, **more: Any) -> dict[str, dict[str, Any]]:
        """The containers of `ps --all` by name."""
        document = self.ask("ps", "--all", "-o", "json", *arguments, **more).json()
        return {one["name"]: one for one in document["containers"]}

    def stop(self) -> None:
        """End every process and delete every folder."""
        self.engine.stop()
        self.registry.stop()
        self.github.stop()
        shutil.rmtree(self.folder, ignore_errors=True)


def oci(sha: str, repository: str = "acme/shop", **more: str) -> dict[str, str]:
    """The labels of an image that a workflow built: its commit, and its repository at GitHub."""
    said = {"revision": sha, "source": f"https://github.com/{repository}", **more}
    return {f"org.opencontainers.image.{key}": value for key, value in said.items()}


def labelled(**labels: str) -> tuple[str, ...]:
    """Options of `docker run` for labels; `git_sha` stands for `git.sha`."""
    return tuple(f"--label={key.replace('_', '.')}={value}" for key, value in labels.items())


def compose(project: str, service: str, **more: str) -> tuple[str, ...]:
    """Options of `docker run` for the labels that Compose gives a container."""
    said = {"project": project, "service": service, **more}
    return tuple(f"--label=com.docker.compose.{key}={value}" for key, value in said.items())


def raise_street(folder: Path) -> Street:
    """Start an engine, a registry and GitHub; nothing is built yet."""
    for name in ("home", "nobody"):
        (folder / name).mkdir(parents=True)
    lately = datetime.now(UTC).replace(hour=9, minute=0, second=0, microsecond=0)
    history = make_history(folder / "history", lately - timedelta(days=200))
    registry = start_registry(folder / "registry")
    github = start_github(history, token=TOKEN)
    street = Street(folder, start_engine(folder / "engine"), registry, github, history)
    base_image(street.engine)
    return street
