"""From options, environment and the CLI's files to the engines to ask. Nothing is contacted here.

The order is the Docker CLI's: `-H` or `-c`, DOCKER_HOST, DOCKER_CONTEXT, then our own
configuration's list, the current context, the local socket (`resolveContextName` in
https://github.com/docker/cli/blob/master/cli/command/cli.go).
"""

import os
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path

from whatsrunning.contexts.endpoint import Endpoint, UnusableContext, parse_endpoint
from whatsrunning.contexts.files import DockerFolder
from whatsrunning.contexts.tls import NO_TLS_FLAGS, TlsFlags, chosen_tls
from whatsrunning.errors import Refused, UsageFault
from whatsrunning.facts.answers import Problem

DEFAULT = "default"
_DOCKER_SOCKET = "var/run/docker.sock"
_PODMAN_SOCKET = "podman/podman.sock"
_ADDRESS = "write unix:///path, tcp://host:port or ssh://user@host"


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
class ResolvedContext:
    """A context with the engine to ask, or the reason why it leads to none."""

    name: str
    endpoint: Endpoint | Problem
    chosen_by: str

    @property
    def address(self) -> str:
        """The endpoint to show, empty where there is none."""
        return str(self.endpoint) if isinstance(self.endpoint, Endpoint) else ""


def resolve(
    request: ContextRequest, env: Mapping[str, str], home: Path, root: Path = Path("/")
) -> tuple[ResolvedContext, ...]:
    """The engines to ask, in the order named. Raises Refused for a usage error: none is asked then.

    `root` is where the sockets of this machine are looked for.
    """
    resolver = _Resolver(env, DockerFolder.of(env, home), root, request.tls)
    given = {"-H": request.host, "-c": request.contexts, "--all-contexts": request.all_contexts}
    options = [option for option, value in given.items() if value]
    if len(options) > 1:
        message = f"{' and '.join(options)} cannot be used together"
        raise Refused(UsageFault("conflicting-options", message, "give only one of them"))
    if request.all_contexts:
        return resolver.every()
    if request.contexts:
        names = dict.fromkeys(request.contexts)
        return tuple(resolver.named(name, f"-c {name}") for name in names)
    if request.host:
        return _only(resolver.host(request.host, "-H", "-H"))
    return _by_default(resolver, request.configured)


def _by_default(resolver: "_Resolver", configured: Iterable[str]) -> tuple[ResolvedContext, ...]:
    """What environment, configuration and the Docker CLI's current context choose."""
    if resolver.env.get("DOCKER_HOST"):
        return _only(resolver.default("DOCKER_HOST"))
    if name := resolver.env.get("DOCKER_CONTEXT"):
        return _only(resolver.named(name, "DOCKER_CONTEXT"))
    if names := dict.fromkeys(configured):
        return tuple(resolver.named(name, "configured contexts") for name in names)
    try:
        current = resolver.folder.current_context()
    except UnusableContext as unusable:
        hint = "name the engine with -c or -H, or repair the file"
        raise Refused(UsageFault(unusable.code, unusable.message, hint)) from None
    if current not in ("", DEFAULT):
        return _only(resolver.named(current, "current context"))
    return (resolver.local(),)


def _only(context: ResolvedContext) -> tuple[ResolvedContext, ...]:
    """A single engine; an address that cannot be read is a usage error, not an engine down."""
    problem = context.endpoint
    if isinstance(problem, Problem) and problem.source == "config":
        raise Refused(UsageFault(problem.code, problem.message, problem.hint))
    return (context,)


@dataclass(frozen=True, slots=True)
class _Resolver:
    """One context after another; `tls` is what the Docker CLI's options say of it."""

    env: Mapping[str, str]
    folder: DockerFolder
    root: Path
    tls: TlsFlags

    def named(self, name: str, chosen_by: str) -> ResolvedContext:
        """The context of that name. Raises Refused where there is none."""
        if name == DEFAULT:
            return self.default(chosen_by)
        stored = self.folder.context(name)
        if stored is None:
            hint = f"known contexts: {', '.join(sorted({DEFAULT, *self.folder.contexts()}))}"
            message = f"there is no Docker context {name!r} ({chosen_by})"
            raise Refused(UsageFault("unknown-context", message, hint))
        return _resolved(name, stored, chosen_by)

    def every(self) -> tuple[ResolvedContext, ...]:
        """Every context; the default one only where a socket is: many a laptop has no engine."""
        reason = "--all-contexts"
        default = self.default(reason)
        usable = [default] if self.env.get("DOCKER_HOST") or _has_socket(default) else []
        stored = sorted(self.folder.contexts().items())
        named = [_resolved(name, endpoint, reason) for name, endpoint in stored]
        return (*usable, *named) or (default,)

    def default(self, chosen_by: str) -> ResolvedContext:
        """The context that no file describes: DOCKER_HOST if set, else the local socket."""
        if host := self.env.get("DOCKER_HOST"):
            return self.host(host, chosen_by, "DOCKER_HOST")
        socket = Endpoint("unix", path=str(self.root / _DOCKER_SOCKET))
        return ResolvedContext(DEFAULT, socket, chosen_by)

    def host(self, address: str, chosen_by: str, origin: str) -> ResolvedContext:
        """The engine at an address; `origin` is what gave the address."""
        try:
            endpoint = parse_endpoint(address, chosen_tls(self.tls, self.env, self.folder))
        except UnusableContext as unusable:
            message = f"{origin}: {unusable.message}"
            problem = Problem("config", origin, unusable.code, message, _ADDRESS)
            return ResolvedContext(DEFAULT, problem, chosen_by)
        return ResolvedContext(DEFAULT, endpoint, chosen_by)

    def local(self) -> ResolvedContext:
        """Nothing was named: Docker's socket, or Podman's where only that one is there."""
        docker = self.default("default")
        user = self.env.get("XDG_RUNTIME_DIR")
        folders = [self.root / "run", *([Path(user)] if user else [])]
        podman = [str(folder / _PODMAN_SOCKET) for folder in folders]
        socket = next(filter(os.path.exists, podman), None)
        if socket is None or _has_socket(docker):
            return docker
        reason = "default: no Docker socket here, so Podman's"
        return ResolvedContext(DEFAULT, Endpoint("unix", path=socket), reason)


def _has_socket(local: ResolvedContext) -> bool:
    return isinstance(local.endpoint, Endpoint) and os.path.exists(local.endpoint.path)


def _resolved(name: str, stored: Endpoint | UnusableContext, chosen_by: str) -> ResolvedContext:
    if isinstance(stored, Endpoint):
        return ResolvedContext(name, stored, chosen_by)
    hint = f"see `docker context inspect {name}`"
    problem = Problem("engine", name, stored.code, stored.message, hint)
    return ResolvedContext(name, problem, chosen_by)
