"""The Docker CLI's own files: the current context, stored contexts and their certificates."""

import errno
import hashlib
import json
import os
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from whatsrunning.contexts.endpoint import Endpoint, Tls, parse_endpoint
from whatsrunning.files import read_bounded

_LARGEST = 16 * 1024 * 1024
_TLS_FILES = {"ca": "ca.pem", "cert": "cert.pem", "key": "key.pem"}


@dataclass(frozen=True, slots=True)
class UnusableContext:
    """A context, or a file of the CLI, that cannot be used: a stable code and one sentence."""

    code: str
    message: str


@dataclass(frozen=True, slots=True)
class DockerFolder:
    """`~/.docker`, or wherever DOCKER_CONFIG points."""

    path: Path

    @classmethod
    def of(cls, env: Mapping[str, str], home: Path) -> "DockerFolder":
        """The folder that this environment chooses."""
        named = env.get("DOCKER_CONFIG", "")
        return cls(Path(named) if named else home / ".docker")

    def current_context(self) -> str | UnusableContext:
        """`currentContext` of config.json, empty without one."""
        content = _read_object(self.path / "config.json")
        if content is None:
            return ""
        name = content.get("currentContext", "") if isinstance(content, dict) else content
        return name if isinstance(name, str | UnusableContext) else ""

    def contexts(self) -> dict[str, Endpoint | UnusableContext]:
        """Every stored context by name; one that has lost its name goes by its folder's."""
        return dict(self._stored())

    def lost(self, name: str) -> UnusableContext | None:
        """What is wrong with the file where that context belongs, if it is there and unreadable."""
        content = _read_object(self._meta(_folder_of(name)))
        return content if isinstance(content, UnusableContext) else None

    def certificates(self, folder: Path, skip_verify: bool = False) -> Tls:
        """The certificate files of a folder, those that are there."""
        paths = {kind: folder / name for kind, name in _TLS_FILES.items()}
        there = {kind: str(path) for kind, path in paths.items() if _is_there(path)}
        return Tls(**there, skip_verify=skip_verify)

    def _meta(self, folder: str) -> Path:
        return self.path / "contexts" / "meta" / folder / "meta.json"

    def _stored(self) -> Iterator[tuple[str, Endpoint | UnusableContext]]:
        meta = self.path / "contexts" / "meta"
        try:
            paths = sorted(meta.glob("*/meta.json"))
        except OSError as error:  # what it holds is not known, which is not the same as nothing
            yield (
                "contexts",
                UnusableContext("unreadable-file", f"{meta} cannot be read: {error.strerror}"),
            )
            return
        for path in paths:
            folder = path.parent.name
            content = _read_object(path)
            name = content.get("Name") if isinstance(content, dict) else None
            if isinstance(content, dict) and isinstance(name, str) and _folder_of(name) == folder:
                yield name, self._endpoint(content, folder)
            elif isinstance(content, UnusableContext):
                yield folder[:12], content
            else:
                yield (
                    folder[:12],
                    UnusableContext("corrupt-context", f"{path} belongs to no context"),
                )

    def _endpoint(self, content: dict[str, Any], folder: str) -> Endpoint | UnusableContext:
        docker = _inner(_inner(content, "Endpoints"), "docker")
        address = docker.get("Host")
        if not isinstance(address, str) or not address:
            return UnusableContext("no-docker-endpoint", "the context has no Docker endpoint")
        skip = docker.get("SkipTLSVerify") is True
        files = self.certificates(self.path / "contexts" / "tls" / folder / "docker", skip)
        endpoint = parse_endpoint(address, files if files != Tls() else None)
        return UnusableContext("bad-endpoint", endpoint) if isinstance(endpoint, str) else endpoint


def _folder_of(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _is_there(path: Path) -> bool:
    """Whether it is there, or hidden from this user: reading it then says so."""
    try:
        return path.is_file()
    except OSError:
        return True


def _inner(content: dict[str, Any], key: str) -> dict[str, Any]:
    value = content.get(key)
    return value if isinstance(value, dict) else {}


def _within_bounds(path: Path) -> bytes:
    data = read_bounded(path, _LARGEST)
    if len(data) > _LARGEST:
        raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
    return data


def _read_object(path: Path) -> dict[str, Any] | UnusableContext | None:
    """A JSON object, None without the file."""
    try:
        content = json.loads(_within_bounds(path))
    except FileNotFoundError:
        return None
    except OSError as error:
        return UnusableContext("unreadable-file", f"{path} cannot be read: {error.strerror}")
    except (ValueError, RecursionError):
        return UnusableContext("corrupt-file", f"{path} is not JSON")
    return (
        content
        if isinstance(content, dict)
        else UnusableContext("corrupt-file", f"{path} is no object")
    )
