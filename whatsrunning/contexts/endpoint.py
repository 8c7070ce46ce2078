"""An Engine API address, from the text that the Docker CLI takes for `-H` and DOCKER_HOST."""

import re
from dataclasses import dataclass, replace
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

# What ssh may be given as user or host: nothing that it, or a shell behind it, takes for more.
_SSH_NAME = re.compile(r"[A-Za-z0-9_.:][A-Za-z0-9_.+%:-]*")


@dataclass(frozen=True, slots=True)
class Tls:
    """Certificate files, each a path or empty; without `ca` the system's authorities decide."""

    ca: str = ""
    cert: str = ""
    key: str = ""
    skip_verify: bool = False


@dataclass(frozen=True, slots=True)
class Endpoint:
    """Where an engine listens. `path` is the socket (for ssh: on the host) or a URL's prefix.

    `host` is empty for unix; `port` is 0 where the user's ssh configuration decides.
    """

    kind: Literal["unix", "tcp", "ssh"]
    host: str = ""
    port: int = 0
    path: str = ""
    user: str = ""
    tls: Tls | None = None

    @property
    def authority(self) -> str:
        """`host:port`, as a URL writes it."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return f"{host}:{self.port}" if self.port else host

    def __str__(self) -> str:
        """The address to show; it never held a password."""
        user = f"{self.user}@" if self.user else ""
        return f"{self.kind}://{user}{self.authority}{self.path}"


def parse_endpoint(text: str, tls: Tls | None = None) -> Endpoint | str:
    """The endpoint that an address names, or one sentence on why it names none."""
    if not text.isprintable() or text != text.strip():
        return "the address holds spaces or control characters"
    scheme, separator, rest = text.partition("://")
    if not separator:
        scheme, rest = "tcp", text
    try:
        return _by_scheme(scheme, rest, tls)
    except ValueError:
        return "the address has a port or a host that cannot be read"


def _by_scheme(scheme: str, rest: str, tls: Tls | None) -> Endpoint | str:
    if scheme == "unix":
        return Endpoint("unix", path=rest) if rest else "the address names no socket"
    if scheme == "tcp":
        return _tcp(urlsplit(f"//{rest}"), tls)
    if scheme == "ssh":
        return _ssh(urlsplit(f"//{rest}"))
    if scheme == "npipe":
        return "npipe:// is a Windows pipe, which cannot be reached from here"
    return "the address must start with unix://, tcp:// or ssh://"


def _tcp(url: SplitResult, tls: Tls | None) -> Endpoint | str:
    port = url.port or (2376 if tls else 2375)
    host = url.hostname or "localhost"
    return Endpoint("tcp", host=host, port=port, path=url.path.rstrip("/"), tls=tls)


def _ssh(url: SplitResult) -> Endpoint | str:
    user, host = unquote(url.username or ""), _host_as_written(url)
    if url.password is not None:
        return "an ssh:// address with a password is not supported"
    if url.query or url.fragment:
        return "an ssh:// address may hold a user, host, port and socket path only"
    if not _SSH_NAME.fullmatch(host) or (user and not _SSH_NAME.fullmatch(user)):
        return "the ssh:// address names a host or a user that ssh cannot be given"
    plain = Endpoint("ssh", host=host, port=url.port or 0, user=user)
    return replace(plain, path=url.path if url.path != "/" else "")


def _host_as_written(url: SplitResult) -> str:
    """`hostname` lower-cases, but an alias in the ssh configuration is matched by case."""
    host = url.netloc.rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
