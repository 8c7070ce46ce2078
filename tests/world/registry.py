"""A real docker-registry on a free loopback port: open, or behind htpasswd, tokens, or TLS."""

import contextlib
import ctypes
import json
import os
import re
import secrets
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from types import MappingProxyType
from typing import Any, Literal

from tests.world.certificates import KeyPair
from tests.world.engine import freeze
from tests.world.token_server import TokenServer

PATIENCE = 60.0
"""Seconds that a loaded machine may take to start a registry."""

USERS: Mapping[str, str] = MappingProxyType({"ci": "secret"})


@dataclass(slots=True)
class RegistryProcess:
    """A docker-registry that we started; what was pushed stays under `folder` after `stop`."""

    host: str
    pid: int
    folder: Path
    _process: "subprocess.Popen[bytes]" = field(repr=False)

    def __enter__(self) -> "RegistryProcess":
        """For a `with` that ends it whatever happens."""
        return self

    def __exit__(self, *_: object) -> None:
        """The same as `stop`."""
        self.stop()

    def freeze(self) -> None:
        """Stop it in its tracks: the kernel still accepts connections, nobody answers."""
        freeze(self.pid)

    def thaw(self) -> None:
        """Let a frozen registry go on."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it; connections are refused from then on."""
        if self._process.poll() is None:
            self._process.kill()
            self._process.wait(PATIENCE)


def start_registry(
    folder: Path,
    *,
    auth: Literal["none", "htpasswd", "token"] = "none",
    users: Mapping[str, str] = USERS,
    tokens: TokenServer | None = None,
    tls: KeyPair | None = None,
    port: int = 0,
) -> RegistryProcess:
    """A running registry that stores under `folder/data`; registries may share that folder.

    `users` are names and passwords for htpasswd; `tokens` is the realm that `auth="token"` needs.
    """
    run = folder / f"run-{secrets.token_hex(4)}"
    run.mkdir(parents=True)
    settings = _settings(folder / "data", port)
    if auth == "htpasswd":
        (run / "htpasswd").write_text("".join(_bcrypt(*user) for user in users.items()))
        settings["auth"] = {"htpasswd": {"realm": "test", "path": str(run / "htpasswd")}}
    if auth == "token":
        assert tokens is not None
        settings["auth"] = {"token": tokens.registry_settings()}
    if tls is not None:
        settings["http"]["tls"] = {"certificate": str(tls.certificate), "key": str(tls.key)}
    (run / "config.yml").write_text(json.dumps(settings))  # JSON is YAML
    return _serve(folder, run)


def _settings(data: Path, port: int) -> dict[str, Any]:
    return {
        "version": "0.1",
        "log": {"level": "info", "accesslog": {"disabled": True}},
        "storage": {
            "filesystem": {"rootdirectory": str(data), "maxthreads": 100},
            "delete": {"enabled": True},
            "maintenance": {"uploadpurging": {"enabled": False}},
        },
        "http": {"addr": f"127.0.0.1:{port}", "secret": secrets.token_hex(16)},
    }


def _serve(folder: Path, run: Path) -> RegistryProcess:
    with (run / "log").open("wb") as log:
        process = subprocess.Popen(
            ["docker-registry", "serve", str(run / "config.yml")],
            env={"PATH": os.environ.get("PATH", "/usr/bin"), "OTEL_TRACES_EXPORTER": "none"},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    ends = time.monotonic() + PATIENCE
    while time.monotonic() < ends and process.poll() is None:
        # The kernel chose the port, so that two registries cannot want the same one.
        said = (run / "log").read_text(errors="replace")
        if found := re.search(r'msg="listening on (127\.0\.0\.1:[0-9]+)', said):
            return RegistryProcess(found[1], process.pid, folder, process)
        time.sleep(0.02)
    with contextlib.suppress(ProcessLookupError):
        process.kill()
    process.wait(PATIENCE)
    raise AssertionError(f"docker-registry did not start: {(run / 'log').read_text()[-2000:]}")


def _bcrypt(user: str, password: str) -> str:
    """A line of htpasswd; docker-registry reads only bcrypt, which the C library's crypt knows."""
    crypt = ctypes.CDLL("libcrypt.so.1").crypt
    crypt.argtypes, crypt.restype = (ctypes.c_char_p, ctypes.c_char_p), ctypes.c_char_p
    hashed = crypt(password.encode(), b"$2y$04$" + secrets.token_hex(11).encode())
    assert isinstance(hashed, bytes)
    assert hashed.startswith(b"$2y$")
    return f"{user}:{hashed.decode()}\n"
