"""Ways in which a source is not what it should be; each is a context in which to ask."""

import base64
import contextlib
import json
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass, field
from pathlib import Path

from tests.program import Result, whatsrunning
from tests.world.certificates import new_authority
from tests.world.everything import World
from tests.world.git_writer import git
from tests.world.registry import RegistryProcess, start_registry


@dataclass(slots=True)
class Setting:
    """How the program is called; a case changes what it is about."""

    world: World
    folder: Path
    arguments: list[str] = field(default_factory=list)
    env: dict[str, str] = field(default_factory=dict)

    def ask(self, *command: str) -> Result:
        """One look; the journal of the world stays as it was."""
        words = (*command, "--timeout", "30", *self.arguments)
        env = {**self.world.environment(), "XDG_STATE_HOME": str(self.folder / "state"), **self.env}
        return whatsrunning(*words, env=env, home=self.world.folder / "home")


Case = Callable[[Setting], AbstractContextManager[None]]


def _clone(setting: Setting, name: str) -> Path:
    """Another clone of the history."""
    origin = setting.world.history.origin
    git(setting.folder, "clone", "--quiet", "--no-local", str(origin), name)
    made = setting.folder / name
    git(made, "remote", "set-url", "origin", "https://github.com/acme/shop.git")
    return made


def environment(**values: str) -> Case:
    """Other variables than the world's."""

    @contextlib.contextmanager
    def case(setting: Setting) -> Iterator[None]:
        setting.env |= values
        yield

    return case


def fault(name: str) -> Case:
    """GitHub with one of the stand-in's faults."""

    @contextlib.contextmanager
    def case(setting: Setting) -> Iterator[None]:
        setting.world.github.fault(name)
        try:
            yield
        finally:
            setting.world.github.fault()

    return case


@contextlib.contextmanager
def login_expired(setting: Setting) -> Iterator[None]:
    """The same registry, behind a password, and a login that it no longer takes."""
    world = setting.world
    guarded = start_registry(world.registry.folder, auth="htpasswd")
    host, login = world.gates.registry.host, base64.b64encode(b"ci:of yesterday").decode()
    config = setting.folder / "config.json"
    config.write_text(json.dumps({"auths": {host: {"auth": login}}}))
    setting.env["DOCKER_CONFIG"] = str(setting.folder)
    with _behind(world, guarded):
        yield


@contextlib.contextmanager
def certificate_unknown(setting: Setting) -> Iterator[None]:
    """The same registry behind TLS, by an authority that nobody here knows."""
    world = setting.world
    pair = new_authority(setting.folder / "ca").issue("registry")
    secured = start_registry(world.registry.folder, tls=pair)
    with _behind(world, secured):
        yield


@contextlib.contextmanager
def _behind(world: World, other: RegistryProcess) -> Iterator[None]:
    """Another registry behind the gate of the world's; it ends with the case."""
    gate, before = world.gates.registry, world.gates.registry.behind
    name, _, port = other.host.rpartition(":")
    gate.behind = (name, int(port))
    try:
        yield
    finally:
        gate.behind = before
        other.stop()


@contextlib.contextmanager
def no_git(setting: Setting) -> Iterator[None]:
    """A PATH on which nothing is."""
    (setting.folder / "bin").mkdir()
    setting.env["PATH"] = str(setting.folder / "bin")
    yield


@contextlib.contextmanager
def no_clone(setting: Setting) -> Iterator[None]:
    """No clone, and no GitHub to go to instead."""
    setting.arguments = ["--offline"]
    yield


@contextlib.contextmanager
def other_clone(setting: Setting) -> Iterator[None]:
    """Another history under another name, and no GitHub to go to instead."""
    git(setting.folder, "init", "--quiet", "--initial-branch", "main", "other")
    other = setting.folder / "other"
    git(other, "remote", "add", "origin", "https://github.com/other/thing.git")
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@example.com")
    git(other, *who, "commit", "--quiet", "--allow-empty", "--message", "Begin")
    setting.arguments = ["-C", str(other), "--offline"]
    yield


@contextlib.contextmanager
def fork_clone(setting: Setting) -> Iterator[None]:
    """The same history under another name, which GitHub does not show."""
    fork = _clone(setting, "fork")
    git(fork, "remote", "set-url", "origin", "https://github.com/other/thing.git")
    setting.arguments = ["-C", str(fork)]
    yield


@contextlib.contextmanager
def stale_clone(setting: Setting) -> Iterator[None]:
    """A clone as of some builds ago, and no GitHub to go to instead."""
    stale = _clone(setting, "stale")
    for reference in git(stale, "for-each-ref", "--format=%(refname)").split():
        git(stale, "update-ref", "--no-deref", "-d", reference)
    git(stale, "update-ref", "refs/remotes/origin/main", setting.world.history.named["built-4"])
    git(stale, "update-ref", "refs/heads/main", setting.world.history.named["built-4"])
    git(stale, "reflog", "expire", "--expire=all", "--all")
    git(stale, "gc", "--quiet", "--prune=now")
    setting.arguments = ["-C", str(stale)]
    setting.world.gates.github.shut()
    try:
        yield
    finally:
        setting.world.gates.github.open()
