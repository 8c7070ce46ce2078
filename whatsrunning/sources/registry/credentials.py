"""Logins as the Docker CLI keeps them: config.json, its store, its helpers (DESIGN section 7)."""

import base64
import binascii
import contextlib
import json
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from whatsrunning.facts.ports import Deadline
from whatsrunning.files import read_bounded
from whatsrunning.sources.registry.errors import failure, login_hint

_LARGEST = 16 * 1024 * 1024
_HUB = "docker.io"
_HUB_KEY = "https://index.docker.io/v1/"
_HELPER = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,63}")
_IDENTITY = "<token>"


@dataclass(frozen=True, slots=True)
class Login:
    """A user with a password, or an identity token; neither is ever printed."""

    user: str
    password: str = field(default="", repr=False)
    identity_token: str = field(default="", repr=False)

    def basic(self) -> str:
        """The Authorization header of Basic authentication."""
        pair = f"{self.user}:{self.password}".encode("utf-8", "replace")
        return f"Basic {base64.b64encode(pair).decode('ascii')}"


def read_login(
    host: str, config: Path, environment: Mapping[str, str], deadline: Deadline
) -> Login | None:
    """The login for a registry's host, None without one.

    Raises SourceError `credentials` where the file, this host's entry or its helper is broken, and
    `timeout` where the helper is; other hosts' entries do not matter.
    """
    document = _read(host, config)
    helper = _section(document, "credHelpers").get(_key(host)) or document.get("credsStore")
    if helper:
        login = _ask_helper(host, helper, environment, deadline)
        if login is not None:
            return login
    entry = _entry(_section(document, "auths"), host)
    return None if entry is None else _decode(host, entry)


def _read(host: str, config: Path) -> dict[str, Any]:
    try:
        document = json.loads(read_bounded(config, _LARGEST))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError, RecursionError) as error:
        kind = "cannot be read" if isinstance(error, OSError) else "is not JSON"
        raise failure(
            host, "credentials", f"{config} {kind}", f"repair the file, then {login_hint(host)}"
        ) from None
    return document if isinstance(document, dict) else {}


def _section(document: Mapping[str, Any], name: str) -> Mapping[str, Any]:
    section = document.get(name)
    return section if isinstance(section, dict) else {}


def _key(host: str) -> str:
    return _HUB_KEY if host == _HUB else host


def _host_of(key: str) -> str:
    host = re.sub(r"^https?://", "", key).partition("/")[0]
    return _HUB if host in {"index.docker.io", "registry-1.docker.io"} else host


def _entry(auths: Mapping[str, Any], host: str) -> Any:
    if _key(host) in auths:
        return auths[_key(host)]
    return next((entry for key, entry in auths.items() if _host_of(key) == host), None)


def _decode(host: str, entry: Any) -> Login | None:
    """One entry of `auths`; an empty one says that a store keeps the login."""
    broken = failure(
        host, "credentials", f"the login for {host} in config.json is malformed", login_hint(host)
    )
    if not isinstance(entry, dict):
        raise broken
    fields = {name: entry.get(name) or "" for name in ("auth", "username", "password")}
    token = entry.get("identitytoken") or ""
    if not all(isinstance(value, str) for value in (*fields.values(), token)):
        raise broken
    if not token.isascii():
        raise broken
    user, password = fields["username"], fields["password"]
    if fields["auth"]:
        try:
            decoded = base64.b64decode(fields["auth"], validate=True).decode("utf-8")
        except (binascii.Error, ValueError):
            raise broken from None
        user, colon, password = decoded.partition(":")
        if not colon:
            raise broken
    if not user and not token:
        return None
    return Login(user, password.strip("\x00"), token)


def _ask_helper(
    host: str, name: Any, environment: Mapping[str, str], deadline: Deadline
) -> Login | None:
    """What `docker-credential-NAME get` says, None when it has no login for this host."""
    if not isinstance(name, str) or not _HELPER.fullmatch(name):
        raise failure(
            host,
            "credentials",
            "config.json names a credential helper with an impossible name",
            "repair credsStore or credHelpers in config.json",
        )
    program = f"docker-credential-{name}"
    path = shutil.which(program, path=environment.get("PATH", os.defpath))
    if path is None:
        raise failure(
            host,
            "credentials",
            f"{program}, which config.json names for {host}, is not installed",
            f"install it, or remove it from config.json and {login_hint(host)}",
        )
    code, said = _run(host, program, path, environment, deadline)
    if code != 0:
        if b"credentials not found" in said:
            return None
        raise _helper_failed(host, program)
    return _helper_login(host, program, said)


def _run(
    host: str, program: str, path: str, environment: Mapping[str, str], deadline: Deadline
) -> tuple[int, bytes]:
    """Run the helper without a shell, in a group of its own that is killed at the deadline."""
    try:
        process = subprocess.Popen(
            [path, "get"],
            env=dict(environment),
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            start_new_session=True,
        )
    except OSError:
        raise _helper_failed(host, program) from None
    try:
        said, _ = process.communicate(_key(host).encode(), timeout=deadline.left())
    except subprocess.TimeoutExpired:
        _kill(process)
        raise failure(
            host,
            "timeout",
            f"{program} did not answer in time",
            f"run it by hand: echo {_key(host)} | {program} get",
        ) from None
    return process.returncode, said


def _kill(process: "subprocess.Popen[bytes]") -> None:
    """Nothing of a late helper outlives the call, neither it nor what it started."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for stream in (process.stdin, process.stdout):
        if stream is not None:
            with contextlib.suppress(OSError):
                stream.close()


def _helper_login(host: str, program: str, said: bytes) -> Login | None:
    try:
        document = json.loads(said)
        user, secret = document["Username"], document["Secret"]
    except (ValueError, KeyError, TypeError, RecursionError):
        raise _helper_failed(host, program) from None
    if not isinstance(user, str) or not isinstance(secret, str):
        raise _helper_failed(host, program)
    if not user or not secret:
        return None
    if user == _IDENTITY and not secret.isascii():
        raise _helper_failed(host, program)
    if user == _IDENTITY:
        return Login("", identity_token=secret)
    return Login(user, secret)


def _helper_failed(host: str, program: str) -> Exception:
    return failure(
        host,
        "credentials",
        f"{program} failed to give the login for {host}",
        f"run it by hand: echo {_key(host)} | {program} get",
    )
