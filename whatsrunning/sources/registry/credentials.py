"""Logins as the Docker CLI keeps them: in config.json, or in a store that a helper reads.

Not by `docker.auth`, which runs helpers without a time limit, and fails for every registry where
one entry is broken. https://docs.docker.com/reference/cli/docker/login/#credential-stores
"""

import base64
import os
import re
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whatsrunning.facts.query import Deadline
from whatsrunning.files import read_bounded
from whatsrunning.sources import json_reader as j
from whatsrunning.sources.interface import run_bounded
from whatsrunning.sources.registry.errors import failure, login_hint
from whatsrunning.sources.registry.trust import RegistrySettings

_LARGEST = 16 * 1024 * 1024
_HUB = "docker.io"
_HUB_KEY = "https://index.docker.io/v1/"
_HELPER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_IDENTITY = "<token>"  # a helper's user name where the secret is an identity token


@dataclass(frozen=True, slots=True)
class Login:
    """A user with a password, or an identity token; neither is ever printed."""

    user: str
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)

    def __post_init__(self) -> None:
        if not self.identity_token.isascii():
            raise ValueError("an identity token is no ASCII")

    def basic(self) -> str:
        """The Authorization header of Basic authentication."""
        pair = f"{self.user}:{self.password}".encode("utf-8", "replace")
        return f"Basic {base64.b64encode(pair).decode('ascii')}"


def read_login(host: str, settings: RegistrySettings, deadline: Deadline) -> Login | None:
    """The login for a registry's host, None without one; other hosts' entries do not matter."""
    document = _read(host, settings.docker_config)
    helper = _section(document, "credHelpers").get(_key(host)) or document.get("credsStore")
    login = _ask_helper(host, helper, settings.environment, deadline) if helper else None
    if login is not None:
        return login
    auths = _section(document, "auths")
    keys = (key for key in auths if _host_of(key) == host)
    key = _key(host) if _key(host) in auths else next(keys, None)
    if key is None or auths[key] is None:
        return None
    try:
        return _decode(j.obj(auths[key]))
    except ValueError:
        message = f"the login for {host} in config.json is malformed"
        raise failure(host, "credentials", message, login_hint(host)) from None


def _read(host: str, config: Path) -> Mapping[str, Any]:
    try:
        document = j.loads(read_bounded(config, _LARGEST))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        fault = "cannot be read" if isinstance(error, OSError) else "is not JSON"
        hint = f"repair the file, then {login_hint(host)}"
        raise failure(host, "credentials", f"{config} {fault}", hint) from None
    return document if isinstance(document, dict) else {}


def _section(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = document.get(name)
    return section if isinstance(section, dict) else {}


def _key(host: str) -> str:
    return _HUB_KEY if host == _HUB else host


def _host_of(key: str) -> str:
    host = re.sub(r"^https?://", "", key).partition("/")[0]
    return _HUB if host in {"index.docker.io", "registry-1.docker.io"} else host


def _decode(entry: j.Object) -> Login | None:
    """One entry of `auths`; raises ValueError. An empty one says that a store keeps the login."""
    names = ("username", "password", "auth", "identitytoken")
    user, password, pair, token = (j.text(entry, name, default="") for name in names)
    if pair:
        user, password = base64.b64decode(pair, validate=True).decode("utf-8").split(":", 1)
    return Login(user, password.strip("\x00"), token) if user or token else None


def _ask_helper(
    host: str, name: Any, environment: Mapping[str, str], deadline: Deadline
) -> Login | None:
    """What `docker-credential-NAME get` says, None when it has no login for this host."""
    if not isinstance(name, str) or not _HELPER.fullmatch(name):
        message = "config.json names a credential helper with an impossible name"
        hint = "repair credsStore or credHelpers in config.json"
        raise failure(host, "credentials", message, hint)
    program = f"docker-credential-{name}"
    path = shutil.which(program, path=environment.get("PATH", os.defpath))
    if path is None:
        message = f"{program}, which config.json names for {host}, is not installed"
        hint = f"install it, or remove it from config.json and {login_hint(host)}"
        raise failure(host, "credentials", message, hint)
    by_hand = f"run it by hand: echo {_key(host)} | {program} get"
    try:
        key = _key(host).encode()
        return _helper_login(*run_bounded([path, "get"], environment, deadline.left(), key))
    except subprocess.TimeoutExpired:
        raise failure(host, "timeout", f"{program} did not answer in time", by_hand) from None
    except (OSError, ValueError):
        message = f"{program} failed to give the login for {host}"
        raise failure(host, "credentials", message, by_hand) from None


def _helper_login(code: int, output: bytes) -> Login | None:
    if code != 0:
        # https://github.com/docker/docker-credential-helpers/blob/v0.9.3/credentials/error.go
        if b"credentials not found" in output:
            return None
        raise ValueError("it failed")
    document = j.loads(output)
    user, secret = j.text(document, "Username"), j.text(document, "Secret")
    if not user or not secret:
        return None
    return Login("", "", secret) if user == _IDENTITY else Login(user, secret)
