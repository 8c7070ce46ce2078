"""From options, environment and the CLI's files to the engines to ask. Nothing is contacted here.

The order is the Docker CLI's (DESIGN section 7): `-H` or `-c`, DOCKER_HOST, DOCKER_CONTEXT, then
our own configuration's list, the current context, the local socket.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from pathlib import Path

from whatsrunning.contexts.endpoint import Endpoint, parse_endpoint
from whatsrunning.contexts.files import DockerFolder, UnusableContext
from whatsrunning.contexts.tls import NO_TLS_FLAGS, TlsFlags, chosen_tls
from whatsrunning.facts.answers import Problem

DEFAULT = "default"
_DOCKER_SOCKET = "var/run/docker.sock"
_PODMAN_SOCKET = "podman/podman.sock"


@dataclass(frozen=True, slots=True)
class ContextRequest:
    """What was asked for: each `-c`, `-H`, `--all-contexts`, and the configuration's `contexts`.

    `tls` is for the engines that no stored context describes.
    """

    contexts: tuple[str, ...] = ()
    host: str = ""
    all_contexts: bool = False
    configured: tuple[str, ...] = ()
    tls: TlsFlags = NO_TLS_FLAGS


@dataclass(frozen=True, slots=True)
class Resolved:
    """One engine to ask, or the reason why this context leads to none."""

    name: str
    endpoint: Endpoint | Problem
    chosen_by: str

    @property
    def address(self) -> str:
        """The endpoint to show, empty where there is none."""
        return str(self.endpoint) if isinstance(self.endpoint, Endpoint) else ""


@dataclass(frozen=True, slots=True)
class _Machine:
    env: Mapping[str, str]
    folder: DockerFolder
    root: Path
    tls: TlsFlags

    def named(self, name: str, chosen_by: str) -> Resolved | Problem:
        if name == DEFAULT:
            return self.default(chosen_by)
        stored = self.folder.contexts().get(name) or self.folder.lost(name)
        if stored is None:
            return self._unknown(name, chosen_by)
        return _resolved(name, stored, chosen_by)

    def everything(self) -> tuple[Resolved, ...]:
        """Every context; the default one only where a socket is: many a laptop has no engine."""
        stored = self.folder.contexts()
        default = self.default("--all-contexts")
        there = [default] if self.env.get("DOCKER_HOST") or self._has(default) else []
        found = [_resolved(name, stored[name], "--all-contexts") for name in sorted(stored)]
        return tuple([*there, *found] or [default])

    def default(self, chosen_by: str) -> Resolved:
        """The context that no file describes: DOCKER_HOST if set, else the local socket."""
        host = self.env.get("DOCKER_HOST", "")
        if host:
            return self.host(host, chosen_by, "DOCKER_HOST")
        return Resolved(DEFAULT, Endpoint("unix", path=str(self.root / _DOCKER_SOCKET)), chosen_by)

    def host(self, address: str, chosen_by: str, origin: str) -> Resolved:
        """The engine at an address; `origin` is what gave the address."""
        parsed = parse_endpoint(address, chosen_tls(self.tls, self.env, self.folder))
        if isinstance(parsed, Endpoint):
            return Resolved(DEFAULT, parsed, chosen_by)
        problem = Problem("config", origin, "bad-endpoint", f"{origin}: {parsed}", _ADDRESS)
        return Resolved(DEFAULT, problem, chosen_by)

    def unnamed(self) -> Resolved:
        """Nothing was named: Docker's socket, or Podman's where only that one is there."""
        docker = self.default("default")
        folders = [self.root / "run", *([Path(run)] if (run := self._runtime()) else [])]
        podman = [folder / _PODMAN_SOCKET for folder in folders if _exists(folder / _PODMAN_SOCKET)]
        if self._has(docker) or not podman:
            return docker
        reason = "default: no Docker socket here, so Podman's"
        return Resolved(DEFAULT, Endpoint("unix", path=str(podman[0])), reason)

    def _runtime(self) -> str:
        return self.env.get("XDG_RUNTIME_DIR", "")

    def _has(self, local: Resolved) -> bool:
        return isinstance(local.endpoint, Endpoint) and _exists(Path(local.endpoint.path))

    def _unknown(self, name: str, chosen_by: str) -> Problem:
        known = ", ".join(sorted({DEFAULT, *self.folder.contexts()}))
        message = f"there is no Docker context {name!r} ({chosen_by})"
        return Problem("config", name, "unknown-context", message, f"known contexts: {known}")


_ADDRESS = "write unix:///path, tcp://host:port or ssh://user@host"


def known_contexts(env: Mapping[str, str], home: Path) -> tuple[str, ...]:
    """The names of all contexts, the default one first."""
    return (DEFAULT, *sorted(DockerFolder.of(env, home).contexts()))


def resolve(
    request: ContextRequest, env: Mapping[str, str], home: Path, root: Path = Path("/")
) -> tuple[Resolved, ...] | Problem:
    """The engines to ask, in the order named; a Problem is a usage error, and then none is asked.

    `root` is where the sockets of this machine are looked for.
    """
    machine = _Machine(env, DockerFolder.of(env, home), root, request.tls)
    conflict = _conflict(request)
    if conflict:
        return Problem("config", conflict, "conflicting-options", conflict, "give only one of them")
    if request.all_contexts:
        return machine.everything()
    if request.contexts:
        return _all(request.contexts, lambda name: machine.named(name, f"-c {name}"))
    if request.host:
        return _one(machine.host(request.host, "-H", "-H"))
    return _from_surroundings(request, machine)


def _from_surroundings(
    request: ContextRequest, machine: _Machine
) -> tuple[Resolved, ...] | Problem:
    if machine.env.get("DOCKER_HOST"):
        return _one(machine.default("DOCKER_HOST"))
    if name := machine.env.get("DOCKER_CONTEXT", ""):
        return _one(machine.named(name, "DOCKER_CONTEXT"))
    if request.configured:
        return _all(request.configured, lambda name: machine.named(name, "configured contexts"))
    current = machine.folder.current_context()
    if isinstance(current, UnusableContext):
        hint = "name the engine with -c or -H, or repair the file"
        return Problem("config", "current context", current.code, current.message, hint)
    if current and current != DEFAULT:
        return _one(machine.named(current, "current context"))
    return (machine.unnamed(),)


def _conflict(request: ContextRequest) -> str:
    given = {
        "-H": bool(request.host),
        "-c": bool(request.contexts),
        "--all-contexts": request.all_contexts,
    }
    names = [name for name, there in given.items() if there]
    return f"{' and '.join(names)} cannot be used together" if len(names) > 1 else ""


def _all(
    names: tuple[str, ...], find: Callable[[str], Resolved | Problem]
) -> tuple[Resolved, ...] | Problem:
    found = []
    for name in dict.fromkeys(names):
        one = find(name)
        if isinstance(one, Problem):
            return one
        found.append(one)
    return tuple(found)


def _one(found: Resolved | Problem) -> tuple[Resolved, ...] | Problem:
    """A single engine; an address that cannot be read is a usage error, not an engine down."""
    if isinstance(found, Problem):
        return found
    malformed = isinstance(found.endpoint, Problem) and found.endpoint.source == "config"
    return found.endpoint if malformed and isinstance(found.endpoint, Problem) else (found,)


def _resolved(name: str, stored: Endpoint | UnusableContext, chosen_by: str) -> Resolved:
    if isinstance(stored, Endpoint):
        return Resolved(name, stored, chosen_by)
    hint = f"see `docker context inspect {name}`"
    return Resolved(name, Problem("engine", name, stored.code, stored.message, hint), chosen_by)


def _exists(path: Path) -> bool:
    try:
        return path.exists()
    except OSError:
        return False
