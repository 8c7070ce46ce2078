"""Names that only this machine knows, for a TAB: contexts, services and containers.

A TAB must not wait: there is a second for all engines, and whatever goes wrong there are no names.
"""

import json
import socket
import time
from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from whatsrunning.config.options import Flags
from whatsrunning.config.options import resolve as resolve_options
from whatsrunning.contexts import ContextRequest, Endpoint, resolve
from whatsrunning.contexts.files import DockerFolder
from whatsrunning.facts.answers import Problem
from whatsrunning.names import SERVICE_LABELS, first_label

LIMIT = 1.0
"""Seconds that a TAB may wait for engines."""

CONTEXTS, SERVICES, NAMES = "contexts", "services", "names"
"""Kinds of names; `names` are containers and services."""

_LARGEST = 16 * 1024 * 1024


def names(kind: str, flags: Flags, env: Mapping[str, str]) -> list[str]:
    """The names of a kind, sorted, on the engines that the flags lead to; none on any failure."""
    try:
        possible = set(_contexts(env) if kind == CONTEXTS else _of_engines(kind, flags, env))
    except Exception:  # in the middle of somebody's line, silence is the only message
        return []
    return sorted(filter(_is_typeable, possible))


def _is_typeable(name: str) -> bool:
    """Nothing that a shell could take for more than a word."""
    return bool(name) and all(char.isalnum() or char in "._-/:@" for char in name)


def _contexts(env: Mapping[str, str]) -> Iterator[str]:
    yield "default"
    for name, endpoint in DockerFolder.of(env, _home(env)).contexts().items():
        if isinstance(endpoint, Endpoint):
            yield name


def _of_engines(kind: str, flags: Flags, env: Mapping[str, str]) -> Iterator[str]:
    ends = time.monotonic() + LIMIT
    for path in _sockets(flags, env):
        for container in _containers(path, ends):
            name = container["Names"][0].lstrip("/")
            yield first_label(container.get("Labels") or {}, SERVICE_LABELS) or name
            if kind == NAMES:
                yield name


def _sockets(flags: Flags, env: Mapping[str, str]) -> Iterator[str]:
    """The sockets of the engines that the program itself would ask; those elsewhere are too far."""
    options = resolve_options(flags, env, False, datetime.now(UTC))
    request = ContextRequest(
        flags.contexts, flags.host, flags.all_contexts, options.config.contexts
    )
    engines = resolve(request, env, _home(env))
    for engine in () if isinstance(engines, Problem) else engines:
        if isinstance(engine.endpoint, Endpoint) and engine.endpoint.kind == "unix":
            yield engine.endpoint.path


def _home(env: Mapping[str, str]) -> Path:
    return Path(env.get("HOME") or Path.home())


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
