"""An Engine API address, from the text that the Docker CLI takes for `-H` and DOCKER_HOST."""

import re
from dataclasses import dataclass
from typing import Literal
from urllib.parse import SplitResult, unquote, urlsplit

# What ssh may be given as user or host: nothing that it, or a shell behind it, takes for more. The
# rest of the rules is https://github.com/docker/cli/blob/master/cli/connhelper/ssh/ssh.go
_SSH_NAME = re.compile(r"[A-Za-z0-9_.:][A-Za-z0-9_.+%:-]*")
_WRONG = {
    "unix": "the address names no socket",
    "npipe": "npipe:// is a Windows pipe, which cannot be reached from here",
}


class UnusableContext(Exception):
    """A context, its address or a file of the CLI that cannot be used: a code and one sentence."""

    def __init__(self, code: str, message: str) -> None:
        super().__init__(message)
        self.code, self.message = code, message


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


def parse_endpoint(text: str, tls: Tls | None = None) -> Endpoint:
    """The endpoint that an address names. Raises UnusableContext, whose message says why not."""
    if not text.isprintable() or text != text.strip():
        raise _unusable("the address holds spaces or control characters")
    scheme, _, rest = text.partition("://") if "://" in text else ("tcp", "", text)
    try:
        match scheme:
            case "unix" if rest:
                return Endpoint("unix", path=rest)
            case "tcp":
                url = urlsplit(f"//{rest}")
                port = url.port or (2376 if tls else 2375)
                path = url.path.rstrip("/")
                return Endpoint("tcp", url.hostname or "localhost", port, path, tls=tls)
            case "ssh":
                return _ssh(urlsplit(f"//{rest}"))
    except ValueError:
        raise _unusable("the address has a port or a host that cannot be read") from None
    otherwise = "the address must start with unix://, tcp:// or ssh://"
    raise _unusable(_WRONG.get(scheme, otherwise))


def _unusable(reason: str) -> UnusableContext:
    return UnusableContext("bad-endpoint", reason)


def _ssh(url: SplitResult) -> Endpoint:
    user, host = unquote(url.username or ""), _host_as_written(url)
    if url.password is not None:
        raise _unusable("an ssh:// address with a password is not supported")
    if url.query or url.fragment:
        raise _unusable("an ssh:// address may hold a user, host, port and socket path only")
    if not _SSH_NAME.fullmatch(host) or (user and not _SSH_NAME.fullmatch(user)):
        raise _unusable("the ssh:// address names a host or a user that ssh cannot be given")
    path = "" if url.path == "/" else url.path
    return Endpoint("ssh", host=host, port=url.port or 0, path=path, user=user)


def _host_as_written(url: SplitResult) -> str:
    """`hostname` lower-cases, but an alias in the ssh configuration is matched by case."""
    host = url.netloc.rpartition("@")[2]
    if host.startswith("["):
        return host[1:].partition("]")[0]
    return host.partition(":")[0]
