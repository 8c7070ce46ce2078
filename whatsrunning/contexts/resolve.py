"""From flags, environment and the CLI's files to the engines to ask. Nothing is contacted here.

The order is the Docker CLI's: `-H` or `-c`, DOCKER_HOST, DOCKER_CONTEXT, then our own
configuration's list, the current context, the local socket (`resolveContextName` in
https://github.com/docker/cli/blob/master/cli/command/cli.go).
"""

import os
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path

from whatsrunning.config.options import Flags, Options
from whatsrunning.contexts.endpoint import Endpoint, Tls, UnusableContext, parse_endpoint
from whatsrunning.contexts.files import DockerFolder
from whatsrunning.errors import Refused
from whatsrunning.facts.answers import Problem

DEFAULT = "default"
_DOCKER_SOCKET = "var/run/docker.sock"
_PODMAN_SOCKET = "podman/podman.sock"
_OFF = ("0", "f", "false")
"""What turns one of the Docker CLI's switches off, in any case."""


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


def engines_of(options: Options, root: Path = Path("/")) -> tuple[ResolvedContext, ...]:
    """The engines to ask, in the order named. Raises Refused for a usage error: none is asked then.

    `root` is where the sockets of this machine are looked for.
    """
    flags = options.flags
    given = {"-H": flags.host, "-c": flags.contexts, "--all-contexts": flags.all_contexts}
    used = [option for option, value in given.items() if value]
    if len(used) > 1:
        message = f"{' and '.join(used)} cannot be used together"
        raise Refused("conflicting-options", message, "give only one of them")
    resolver = _Resolver(flags, options.env, DockerFolder(options.env), root)
    if flags.all_contexts:
        return resolver.every()
    if flags.contexts:
        return tuple(resolver.named(name, f"-c {name}") for name in dict.fromkeys(flags.contexts))
    only = resolver.host(flags.host, "-H", "-H") if flags.host else resolver.by_environment()
    if only is None and options.config.contexts:
        names = dict.fromkeys(options.config.contexts)
        return tuple(resolver.named(name, "configured contexts") for name in names)
    only = only or resolver.current()
    problem = only.endpoint
    # An address that cannot be read is a usage error where it is the only one, not an engine down.
    if isinstance(problem, Problem) and problem.source == "config":
        raise Refused(problem.code, problem.message, problem.hint)
    return (only,)


@dataclass(frozen=True, slots=True)
class _Resolver:
    """One context after another."""

    flags: Flags
    env: Mapping[str, str]
    folder: DockerFolder
    root: Path

    def by_environment(self) -> ResolvedContext | None:
        if self.env.get("DOCKER_HOST"):
            return self.default("DOCKER_HOST")
        name = self.env.get("DOCKER_CONTEXT")
        return self.named(name, "DOCKER_CONTEXT") if name else None

    def current(self) -> ResolvedContext:
        """The Docker CLI's current context, else the local socket."""
        try:
            name = self.folder.current_context()
        except UnusableContext as unusable:
            hint = "name the engine with -c or -H, or repair the file"
            raise Refused(unusable.code, unusable.message, hint) from None
        return self.local() if name in ("", DEFAULT) else self.named(name, "current context")

    def named(self, name: str, chosen_by: str) -> ResolvedContext:
        """The context of that name. Raises Refused where there is none."""
        if name == DEFAULT:
            return self.default(chosen_by)
        stored = self.folder.context(name)
        if stored is None:
            hint = f"known contexts: {', '.join(sorted({DEFAULT, *self.folder.contexts()}))}"
            message = f"there is no Docker context {name!r} ({chosen_by})"
            raise Refused("unknown-context", message, hint)
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
            endpoint = parse_endpoint(address, self.tls())
        except UnusableContext as unusable:
            hint = "write unix:///path, tcp://host:port or ssh://user@host"
            message = f"{origin}: {unusable.message}"
            problem = Problem("config", origin, unusable.code, message, hint)
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

    def tls(self) -> Tls | None:
        """The certificates for what no stored context describes; None for plain text.

        Options go before the environment. DOCKER_TLS_VERIFY and DOCKER_TLS, set to anything, ask
        for TLS, and the first verifies; `--tlsverify`, even `--tlsverify=false`, turns TLS on.
        Files alone turn nothing on. https://github.com/docker/cli/blob/master/cli/flags/options.go
        """
        flags, env = self.flags, self.env
        verify = _is_on(flags.tlsverify, env.get("DOCKER_TLS_VERIFY", ""))
        if not (verify or flags.tlsverify or _is_on(flags.tls, env.get("DOCKER_TLS", ""))):
            return None
        usual = Path(env.get("DOCKER_CERT_PATH") or self.folder.path)
        files = self.folder.certificates(usual, not verify)
        # Verifying is by that folder's authority alone, as in the CLI: missing, it is an error.
        ca = flags.tlscacert or (str(usual / "ca.pem") if verify else files.ca)
        cert, key = flags.tlscert or files.cert, flags.tlskey or files.key
        return replace(files, ca=ca, cert=cert, key=key)


def _is_on(flag: str, variable: str) -> bool:
    return flag.lower() not in _OFF if flag else bool(variable)


def _has_socket(local: ResolvedContext) -> bool:
    return isinstance(local.endpoint, Endpoint) and os.path.exists(local.endpoint.path)


def _resolved(name: str, stored: Endpoint | UnusableContext, chosen_by: str) -> ResolvedContext:
    if isinstance(stored, Endpoint):
        return ResolvedContext(name, stored, chosen_by)
    hint = f"see `docker context inspect {name}`"
    problem = Problem("engine", name, stored.code, stored.message, hint)
    return ResolvedContext(name, problem, chosen_by)
