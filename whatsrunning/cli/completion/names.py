"""Names for shells: contexts, containers, services. Imports nothing but a little of Python's own.

A TAB must not wait: one second for everything, and whatever goes wrong there are just no names.
Python's `socket`, `json` and `typing` cost more than Python itself; what is below them does not.
"""

from __future__ import annotations

import _socket
import os
import sys
import time

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from typing import Any

LIMIT = 1.0
"""Seconds that a TAB may wait for an engine."""

_LARGEST = 16 * 1024 * 1024
_DOCKER = "/var/run/docker.sock"
_SERVICE_LABELS = ("com.docker.compose.service", "com.docker.swarm.service.name")


def complete(words: Sequence[str]) -> int:
    """Print the names of a kind, one a line; the words after it are what was typed so far."""
    kind, typed = (words[0] if words else ""), words[1:]
    sys.stdout.write("".join(f"{name}\n" for name in names(kind, typed)))
    return 0


def names(kind: str, typed: Sequence[str]) -> list[str]:
    """The names of a kind, sorted; none when they cannot be had."""
    try:
        found = set(_names(kind, typed))
    except Exception:  # in the middle of somebody's line, silence is the only message
        return []
    return sorted(name for name in found if _typeable(name))


def _names(kind: str, typed: Sequence[str]) -> Iterator[str]:
    if kind == "contexts":
        yield "default"
        yield from (name for name, _ in _contexts())
    elif kind in ("containers", "services", "names"):
        for container in _containers(_address(typed)):
            yield from _names_of(container, kind)


def _names_of(container: dict[str, Any], kind: str) -> Iterator[str]:
    name = container["Names"][0].lstrip("/")
    labels = container.get("Labels") or {}
    if kind != "services":
        yield name
    if kind != "containers":
        yield next((labels[key] for key in _SERVICE_LABELS if labels.get(key)), name)


def _typeable(name: object) -> bool:
    """Nothing that a shell could take for more than a word."""
    return isinstance(name, str) and bool(name) and all(c.isalnum() or c in "._-/:@" for c in name)


def _address(typed: Sequence[str]) -> str:
    """The engine's address, chosen as the program chooses it; empty when that is not known here."""
    said = dict(_said(typed))
    if said.get("host"):
        return said["host"]
    if said.get("context"):
        return _of_context(said["context"])
    if os.environ.get("DOCKER_HOST"):
        return os.environ["DOCKER_HOST"]
    named = os.environ.get("DOCKER_CONTEXT") or _configured() or _current()
    return _of_context(named) if named else f"unix://{_local_socket()}"


def _said(typed: Sequence[str]) -> Iterator[tuple[str, str]]:
    options = {"-c": "context", "--context": "context", "-H": "host", "--host": "host"}
    for word, following in zip(typed, [*typed[1:], ""], strict=False):
        name, equals, value = word.partition("=")
        if word in options:
            yield options[word], following
        elif equals and name in ("--context", "--host"):
            yield options[name], value
        elif word[:2] in ("-c", "-H"):
            yield options[word[:2]], word[2:]


def _of_context(name: str) -> str:
    if name == "default":
        return os.environ.get("DOCKER_HOST") or f"unix://{_DOCKER}"
    return dict(_contexts()).get(name, "")


def _local_socket() -> str:
    """Docker's, or Podman's where only that one is there."""
    folders = ("/run", os.environ.get("XDG_RUNTIME_DIR", ""))
    podman = (f"{folder}/podman/podman.sock" for folder in folders if folder)
    return next(filter(os.path.exists, (_DOCKER, *podman)), _DOCKER)


def _folder() -> str:
    return os.environ.get("DOCKER_CONFIG") or os.path.join(os.path.expanduser("~"), ".docker")


def _current() -> str:
    try:
        return str(_read(os.path.join(_folder(), "config.json")).get("currentContext") or "")
    except (OSError, ValueError, AttributeError):
        return ""


def _configured() -> str:
    """The only context that our own configuration names, if it names one."""
    home = os.environ.get("XDG_CONFIG_HOME") or os.path.expanduser("~/.config")
    path = os.environ.get("WHATSRUNNING_CONFIG") or f"{home}/whatsrunning/config.toml"
    if not os.path.isfile(path):
        return ""
    import tomllib

    with open(path, "rb") as file:
        contexts = tomllib.load(file).get("contexts") or [""]
    return str(contexts[0])


def _contexts() -> Iterator[tuple[str, str]]:
    meta = os.path.join(_folder(), "contexts", "meta")
    for entry in sorted(os.listdir(meta)) if os.path.isdir(meta) else ():
        try:
            content = _read(os.path.join(meta, entry, "meta.json"))
            yield content["Name"], content["Endpoints"]["docker"]["Host"]
        except (OSError, ValueError, KeyError, TypeError):
            continue


def _read(path: str) -> Any:
    if not os.path.isfile(path):  # a pipe would keep the TAB waiting
        raise OSError
    with open(path, "rb") as file:
        return _parsed(file.read())


class _Plain:
    """JSON as it stands: how `json` calls its scanner when nobody asks for more."""

    strict = True
    object_hook = object_pairs_hook = None
    parse_float = parse_constant = float
    parse_int = int


def _parsed(content: bytes) -> Any:
    try:
        from _json import make_scanner
    except ImportError:  # a Python that is not C's
        import json

        return json.loads(content)
    try:
        scan: Any = make_scanner
        return scan(_Plain)(content.decode().strip(), 0)[0]
    except (StopIteration, SystemError):  # its error would be one of `json`, which is not there
        raise ValueError("no JSON") from None


def _containers(address: str) -> list[dict[str, Any]]:
    """The container list over a unix socket; HTTP/1.0, so that the reply ends with the stream."""
    if not address.startswith("unix://"):
        return []
    ends = time.monotonic() + LIMIT
    engine = _socket.socket(_socket.AF_UNIX)
    try:
        engine.settimeout(LIMIT)
        engine.connect(address.removeprefix("unix://"))
        engine.sendall(b"GET /containers/json?all=1 HTTP/1.0\r\nHost: docker\r\n\r\n")
        reply = b"".join(_received(engine, ends))
    finally:
        engine.close()
    head, _, body = reply.partition(b"\r\n\r\n")
    return _parsed(body) if b" 200 " in head.split(b"\r\n")[0] else []


def _received(engine: _socket.socket, ends: float) -> Iterator[bytes]:
    size = 0
    while size < _LARGEST:
        engine.settimeout(max(0.01, ends - time.monotonic()))
        part = engine.recv(65536)
        if not part:
            return
        size += len(part)
        yield part
