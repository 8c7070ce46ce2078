"""Hosts and repositories as registries are asked for them; nothing else gets near a URL."""

import ipaddress
import re
from dataclasses import dataclass

from whatsrunning.names.image import PATH
from whatsrunning.sources.interface import host_name
from whatsrunning.sources.registry.errors import failure

_LABEL = r"[A-Za-z0-9](?:[A-Za-z0-9_-]{0,61}[A-Za-z0-9])?"
_HOST = re.compile(
    rf"(?:{_LABEL}(?:\.{_LABEL})*|\[[0-9A-Fa-f:.]{{2,45}}\])(?::(?P<port>[0-9]{{1,5}}))?"
)
_LONGEST = 255


@dataclass(frozen=True, slots=True)
class RepositoryAddress:
    """A repository: the host that references name, the API's host with its port, the path on it."""

    host: str
    netloc: str
    path: str


def address_of(repository: str) -> RepositoryAddress:
    """Where host/path lives. Raises SourceError `bad-name` for what is no repository's name."""
    host, _, path = repository.partition("/")
    if is_host(host) and len(path) <= _LONGEST and PATH.fullmatch(path):
        return RepositoryAddress(host, api_of(host), path)
    shown = re.sub(r"[^\x21-\x7e]", "?", repository[:100])
    message = f"{shown} is no name of an image repository"
    raise failure(
        host if is_host(host) else "registry", "bad-name", message, "check the image's name"
    )


def is_host(netloc: str) -> bool:
    """Whether this is a host with an optional port and nothing else: no user, no path."""
    match = _HOST.fullmatch(netloc[: _LONGEST + 1])
    if match is None or len(netloc) > _LONGEST or not 0 < int(match["port"] or 1) < 65_536:
        return False
    try:
        return not netloc.startswith("[") or bool(ipaddress.IPv6Address(host_name(netloc)))
    except ValueError:
        return False


def api_of(host: str) -> str:
    """Where a registry's API lives; only Docker Hub's host differs from the one in references."""
    return "registry-1.docker.io" if host in {"docker.io", "index.docker.io"} else host
