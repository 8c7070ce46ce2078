"""A real OpenSSH server on a loopback port that only a client's configuration knows."""

import os
import pwd
import re
import shlex
import signal
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

from tests.world.engine import PATIENCE

ALIAS = "labhost"
"""The name by which the client's configuration knows the server."""


@dataclass(slots=True)
class SshServer:
    """An sshd that we started, and the client's side of it under `folder`."""

    folder: Path
    port: int
    _process: "subprocess.Popen[bytes]" = field(repr=False)

    @property
    def path(self) -> str:
        """A PATH whose `ssh` reads our configuration: OpenSSH asks passwd for the home."""
        return f"{self.folder / 'bin'}:{os.environ['PATH']}"

    def configure(self, **settings: str) -> None:
        """Write the client's configuration anew; settings replace those that work."""
        works = {
            "HostName": "127.0.0.1",
            "Port": str(self.port),
            "User": pwd.getpwuid(os.getuid()).pw_name,
            "IdentityFile": str(self.folder / "id"),
            "IdentitiesOnly": "yes",
            "IdentityAgent": "none",
            "UserKnownHostsFile": str(self.folder / "known_hosts"),
            "StrictHostKeyChecking": "ask",
        }
        lines = [f"  {name} {value}" for name, value in {**works, **settings}.items()]
        (self.folder / "config").write_text("\n".join([f"Host {ALIAS}", *lines, ""]))

    def connections(self) -> int:
        """How often ssh was started since the last time this was asked."""
        calls = self.folder / "calls"
        number = len(calls.read_text().splitlines()) if calls.exists() else 0
        calls.unlink(missing_ok=True)
        return number

    def stop(self) -> None:
        """End it and every connection."""
        if self._process.poll() is None:
            os.killpg(self._process.pid, signal.SIGKILL)
            self._process.wait(PATIENCE)


def start_sshd(folder: Path, environment: Mapping[str, str]) -> SshServer:
    """A running server that lets this user in by key; its sessions get `environment`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name in ("host_key", "id", "stranger"):
        command = ["ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", str(folder / name)]
        subprocess.run(command, check=True, timeout=PATIENCE, stdin=subprocess.DEVNULL)
    (folder / "authorized_keys").write_text((folder / "id.pub").read_text())
    Path("/run/sshd").mkdir(exist_ok=True)
    for _ in range(5):
        if server := _serve(folder, environment):
            break
    else:
        raise AssertionError(f"sshd did not start: {(folder / 'log').read_text()[-2000:]}")
    key = (folder / "host_key.pub").read_text().split()
    (folder / "known_hosts").write_text(f"[127.0.0.1]:{server.port} {key[0]} {key[1]}\n")
    _wrap(folder)
    server.configure()
    return server


def _serve(folder: Path, environment: Mapping[str, str]) -> SshServer | None:
    """One try: sshd cannot be told to choose a port, and another may take the one we choose."""
    port = 20000 + int.from_bytes(os.urandom(2), "big") % 10000
    settings = [
        f"Port {port}",
        "ListenAddress 127.0.0.1",
        f"HostKey {folder / 'host_key'}",
        "PidFile none",
        f"AuthorizedKeysFile {folder / 'authorized_keys'}",
        "StrictModes no",
        "UsePAM no",
        "PasswordAuthentication no",
        "KbdInteractiveAuthentication no",
        "PermitRootLogin prohibit-password",
        "SetEnv " + " ".join(f"{name}={value}" for name, value in environment.items()),
    ]
    (folder / "sshd_config").write_text("\n".join([*settings, ""]))
    log = folder / "log"
    with log.open("wb") as output:
        process = subprocess.Popen(
            ["/usr/sbin/sshd", "-D", "-e", "-f", str(folder / "sshd_config")],
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=output,
            start_new_session=True,
        )
    ends = time.monotonic() + PATIENCE
    while process.poll() is None and time.monotonic() < ends:
        if re.search(rf"listening on 127\.0\.0\.1 port {port}", log.read_text(errors="replace")):
            return SshServer(folder, port, process)
        time.sleep(0.02)
    process.kill()
    process.wait(PATIENCE)
    return None


def _wrap(folder: Path) -> None:
    (folder / "bin").mkdir(exist_ok=True)
    wrapper = folder / "bin" / "ssh"
    config, calls = shlex.quote(str(folder / "config")), shlex.quote(str(folder / "calls"))
    real = "exec /usr/bin/ssh -F"
    wrapper.write_text(f'#!/bin/sh\necho "$@" >> {calls}\n{real} {config} "$@"\n')
    wrapper.chmod(0o755)
