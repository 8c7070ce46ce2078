"""The Docker CLI's own files: the current context, stored contexts and their certificates.

Read here and not by docker-py 7.2: its `from_context` of a name that is not there leads to the
local engine without a word, and one broken file hides all contexts
(https://github.com/docker/docker-py/blob/main/docker/context/api.py).
"""

import errno
import hashlib
import json
import os
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from whatsrunning.config.options import home_of
from whatsrunning.contexts.endpoint import Endpoint, Tls, UnusableContext, parse_endpoint
from whatsrunning.files import read_bounded

_LARGEST = 16 * 1024 * 1024
_TLS_FILES = {"ca": "ca.pem", "cert": "cert.pem", "key": "key.pem"}


class DockerFolder:
    """`~/.docker`, or wherever DOCKER_CONFIG points.

    `config` has the current context and the registry logins. In `stored` each context is a folder
    named by the SHA-256 of its name:
    https://github.com/docker/cli/blob/master/cli/context/store/metadatastore.go
    """

    def __init__(self, env: Mapping[str, str]) -> None:
        self.path = Path(env.get("DOCKER_CONFIG") or home_of(env) / ".docker")
        self.config = self.path / "config.json"
        self.stored = self.path / "contexts" / "meta"

    def current_context(self) -> str:
        """`currentContext` of config.json, empty without one. Raises UnusableContext."""
        name = _read_object(self.config).get("currentContext")
        return name if isinstance(name, str) else ""

    def contexts(self) -> dict[str, Endpoint | UnusableContext]:
        """Every stored context by name; one that has lost its name goes by its folder's."""
        try:
            paths = sorted(self.stored.glob("*/meta.json"))
        except OSError as error:  # what it holds is not known, which is not the same as nothing
            return {"contexts": _unreadable(self.stored, error)}
        return dict(map(self._context, paths))

    def context(self, name: str) -> Endpoint | UnusableContext | None:
        """The stored context of that name, or what is wrong with its file; None without one."""
        try:
            _read_object(self.stored / _folder_of(name) / "meta.json")
        except UnusableContext as unusable:
            return unusable
        return self.contexts().get(name)

    def certificates(self, folder: Path, skip_verify: bool) -> Tls:
        """The certificate files of a folder, those that are there."""
        paths = {kind: folder / name for kind, name in _TLS_FILES.items()}
        usable = {kind: str(path) for kind, path in paths.items() if _is_there(path)}
        return Tls(**usable, skip_verify=skip_verify)

    def _context(self, path: Path) -> tuple[str, Endpoint | UnusableContext]:
        folder = path.parent.name
        name = folder[:12]
        try:
            content = _read_object(path)
            written = str(content.get("Name", ""))
            if _folder_of(written) != folder:
                raise UnusableContext("corrupt-context", f"{path} belongs to no context")
            name = written
            return name, self._endpoint(content, folder)
        except UnusableContext as unusable:
            return name, unusable

    def _endpoint(self, content: dict[str, Any], folder: str) -> Endpoint:
        match content:
            case {"Endpoints": {"docker": {"Host": str(address), **docker}}} if address:
                skip = docker.get("SkipTLSVerify") is True
                files = self.certificates(self.path / "contexts" / "tls" / folder / "docker", skip)
                return parse_endpoint(address, files if files != Tls() else None)
        raise UnusableContext("no-docker-endpoint", "the context has no Docker endpoint")


def _folder_of(name: str) -> str:
    return hashlib.sha256(name.encode("utf-8", "replace")).hexdigest()


def _is_there(path: Path) -> bool:
    """Whether it is there, or hidden from this user: reading it then says so."""
    try:
        return path.is_file()
    except OSError:
        return True


def _read_object(path: Path) -> dict[str, Any]:
    """A JSON object, empty without the file. Raises UnusableContext."""
    try:
        data = read_bounded(path, _LARGEST)
        if len(data) > _LARGEST:
            raise OSError(errno.EFBIG, os.strerror(errno.EFBIG))
        content = json.loads(data)
    except FileNotFoundError:
        return {}
    except OSError as error:
        raise _unreadable(path, error) from None
    except (ValueError, RecursionError):
        raise UnusableContext("corrupt-file", f"{path} is not JSON") from None
    if not isinstance(content, dict):
        raise UnusableContext("corrupt-file", f"{path} is no object")
    return content


def _unreadable(path: Path, error: OSError) -> UnusableContext:
    return UnusableContext("unreadable-file", f"{path} cannot be read: {error.strerror}")
