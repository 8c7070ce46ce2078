"""Registries and servers that the tests of this folder ask."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.sources.registry.asking import GOOD, always
from tests.world.images import DOCKER_LIST, OCI_MANIFEST, Door, Pushed, put_image, put_index
from tests.world.registry import RegistryProcess, start_registry
from tests.world.scripted import Asked, Reply, Scripted, start_scripted
from tests.world.token_server import TokenServer, start_token_server

SHAS = tuple(f"{number:040x}" for number in range(45))


@dataclass(frozen=True, slots=True)
class Shop:
    """A registry with one repository: many tags on one image, and an index of two platforms."""

    process: RegistryProcess
    image: Pushed
    arm: Pushed
    index: str
    listed: str

    @property
    def name(self) -> str:
        """The repository as host/path."""
        return f"{self.process.host}/acme/shop"


@pytest.fixture(scope="session")
def shop(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Shop]:
    """One for all: it is only read, besides repositories of a test's own."""
    process = start_registry(tmp_path_factory.mktemp("registry"))
    host, path = process.host, "acme/shop"
    image = put_image(host, path, SHAS, labels={"git.sha": SHAS[0]})
    arm = put_image(host, path, platform="linux/arm/v7", media_type=OCI_MANIFEST)
    index = put_index(host, path, ["multi"], [image, arm])
    listed = put_index(host, path, ["listed"], [image], False, media_type=DOCKER_LIST)
    yield Shop(process, image, arm, index, listed)
    process.stop()


@dataclass(frozen=True, slots=True)
class Guarded:
    """A registry that wants tokens, with a private and a public repository."""

    process: RegistryProcess
    tokens: TokenServer
    image: Pushed

    @property
    def host(self) -> str:
        """Where it listens, with the port."""
        return self.process.host


@pytest.fixture(scope="session")
def guarded(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Guarded]:
    """One for all: nothing in it changes."""
    tokens = start_token_server(tmp_path_factory.mktemp("tokens"))
    process = start_registry(tmp_path_factory.mktemp("registry"), auth="token", tokens=tokens)
    for path, tags in (("shop", SHAS), ("public/shop", ["v1"])):
        door = Door(f"Bearer {tokens.mint(path)}")
        image = put_image(process.host, path, tags, door=door)
    yield Guarded(process, tokens, image)
    process.stop()
    tokens.stop()


@pytest.fixture
def server() -> Iterator[Scripted]:
    """A server that answers as a test tells it: at first, every HEAD well."""
    running = start_scripted(always(GOOD))
    yield running
    running.stop()


@pytest.fixture
def proxy(server: Scripted, monkeypatch: pytest.MonkeyPatch) -> Scripted:
    """The scripted server as the way out, so that no name is looked up; it tunnels nothing."""

    def answer(asked: Asked) -> Reply:
        if asked.method == "CONNECT":
            return Reply(405)
        return Reply(401, {"WWW-Authenticate": "Basic realm=x"})

    for name in ("HTTP_PROXY", "HTTPS_PROXY"):
        monkeypatch.setenv(name, f"http://ci:hunter2@{server.host}")
    monkeypatch.delenv("NO_PROXY", raising=False)
    server.answer = answer
    return server
