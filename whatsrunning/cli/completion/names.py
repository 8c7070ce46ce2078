"""Names that only this machine knows, for a TAB: contexts, services and containers.

A TAB must not wait: there is a second for all engines, and whatever goes wrong there are no names.
"""

import json
import os
import socket
import time
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from whatsrunning.config.options import Flags, resolve
from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.contexts.files import DockerFolder
from whatsrunning.contexts.resolve import DEFAULT, engines_of
from whatsrunning.names.labels import SERVICE_LABELS, first_label

LIMIT = 1.0
"""Seconds that a TAB may wait for engines."""

_LARGEST = 16 * 1024 * 1024


def names(kind: str, given: Mapping[str, Sequence[str]]) -> list[str]:
    """Contexts, services, or names (containers and services), sorted; none on any failure.

    They are of the engines that the flags given lead to.
    """
    try:
        possible = set(_contexts() if kind == "contexts" else _of_engines(kind, given))
    except Exception:  # in the middle of somebody's line, silence is the only message
        return []
    return sorted(filter(_is_typeable, possible))


def _is_typeable(name: str) -> bool:
    """Nothing that a shell could take for more than a word."""
    return bool(name) and all(char.isalnum() or char in "._-/:@" for char in name)


def _contexts() -> Iterator[str]:
    yield DEFAULT
    for name, endpoint in DockerFolder(os.environ).contexts().items():
        if isinstance(endpoint, Endpoint):
            yield name


def _of_engines(kind: str, given: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """Of the engines that the program itself would ask; those elsewhere are too far."""
    ends = time.monotonic() + LIMIT
    flags = Flags(**{name: _value(name, values) for name, values in given.items()})
    for engine in engines_of(resolve(flags, os.environ, False, datetime.now(UTC))):
        if isinstance(engine.endpoint, Endpoint) and engine.endpoint.kind == "unix":
            for container in _containers(engine.endpoint.path, ends):
                name = container["Names"][0].lstrip("/")
                yield first_label(container.get("Labels") or {}, SERVICE_LABELS) or name
                if kind == "names":
                    yield name


def _value(flag: str, values: Sequence[str]) -> Any:
    return tuple(values) if flag in ("contexts", "clones") else values[-1]


def _containers(path: str, ends: float) -> list[dict[str, Any]]:
    """The container list of an engine; HTTP/1.0, so that the reply ends with the stream."""
    reply = b""
    with socket.socket(socket.AF_UNIX) as engine:
        engine.settimeout(LIMIT)
        engine.connect(path)
        engine.sendall(b"GET /containers/json?all=1 HTTP/1.0\r\nHost: docker\r\n\r\n")
        while len(reply) < _LARGEST and (part := engine.recv(65536)):
            reply += part
            engine.settimeout(max(0.01, ends - time.monotonic()))
    head, _, body = reply.partition(b"\r\n\r\n")
    return json.loads(body) if b" 200 " in head.split(b"\r\n")[0] else []
