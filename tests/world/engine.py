"""A throw-away Docker engine: dockerd, socket and store, all gone after `stop`."""

import contextlib
import io
import json
import os
import shutil
import signal
import socket
import subprocess
import tarfile
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

PATIENCE = 60.0
"""Seconds that a loaded machine may take for any one step."""

_APPLETS = ("sh", "sleep", "true", "false", "cat", "echo", "test", "date", "ls")


@dataclass(slots=True)
class EngineProcess:
    """A dockerd that we started. `run` is short: sockets below it must fit in 100 characters."""

    folder: Path
    run: Path
    pid: int
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def socket(self) -> Path:
        """The API's unix socket."""
        return self.run / "docker.sock"

    @property
    def url(self) -> str:
        """The address as DOCKER_HOST takes it."""
        return f"unix://{self.socket}"

    def environment(self) -> dict[str, str]:
        """What a Docker CLI needs to reach this engine and nothing of the user's."""
        kept = {k: v for k, v in os.environ.items() if not k.startswith("DOCKER_")}
        return {**kept, "DOCKER_CONFIG": str(self.folder / "config"), "DOCKER_HOST": self.url}

    def docker(self, *args: str, check: bool = True) -> str:
        """What the Docker CLI prints; a failure raises AssertionError with what it said."""
        command = ["/usr/bin/docker", "-H", self.url, *args]
        done = subprocess.run(
            command,
            env=self.environment(),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"docker {' '.join(args)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def freeze(self) -> None:
        """Stop dockerd in its tracks: the kernel still accepts connections, nobody answers."""
        freeze(self.pid)

    def thaw(self) -> None:
        """Let a frozen dockerd go on."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """Remove every container, end dockerd and what it left, unmount and delete its folders."""
        with contextlib.suppress(ProcessLookupError):
            self.thaw()
        if self._alive():
            self.docker("swarm", "leave", "--force", check=False)
            containers = self.docker("ps", "--all", "--quiet", check=False).split()
            if containers:
                self.docker("rm", "--force", *containers, check=False)
            os.kill(self.pid, signal.SIGTERM)
        wait_until(lambda: not self._alive(), PATIENCE / 2)
        for pid in processes_naming(str(self.run)):
            with contextlib.suppress(ProcessLookupError):
                os.kill(pid, signal.SIGKILL)
        wait_until(lambda: not self._alive() and not processes_naming(str(self.run)), PATIENCE / 2)
        for folder in (self.run, self.folder):
            delete_folder(folder)

    def _alive(self) -> bool:
        if self._process is not None:
            return self._process.poll() is None
        return _state(self.pid) not in {"", "Z", "X"}


def start_engine(folder: Path, *extra: str) -> EngineProcess:
    """A running engine with its images under `folder`; `extra` are more options of dockerd."""
    for _ in range(2):
        with contextlib.suppress(AssertionError):
            return _start(folder, extra)
    return _start(folder, extra)


def freeze(pid: int) -> None:
    """SIGSTOP, until every thread has stopped: on a loaded machine one may run on for a while."""
    os.kill(pid, signal.SIGSTOP)
    assert wait_until(lambda: _states(pid) <= {"T", "t"}, PATIENCE)


def base_image(engine: EngineProcess) -> None:
    """Import `busybox:latest`, one layer of two megabytes, from the machine's own busybox."""
    archive = engine.folder / "busybox.tar"
    base_archive(archive)
    engine.docker("import", str(archive), "busybox:latest")
    archive.unlink()


def base_archive(archive: Path) -> None:
    """A file system of busybox alone, as a tar file."""
    with tarfile.open(archive, "w") as tar:
        _add(tar, "bin/busybox", Path("/bin/busybox").read_bytes())
        for name in _APPLETS:
            link = tarfile.TarInfo(f"bin/{name}")
            link.type, link.linkname = tarfile.SYMTYPE, "busybox"
            tar.addfile(link)


def _start(folder: Path, extra: tuple[str, ...]) -> EngineProcess:
    (folder / "config").mkdir(parents=True, exist_ok=True)
    run = Path(tempfile.mkdtemp(prefix="wr-e", dir="/tmp"))
    settings = {"deprecated-key-path": str(run / "key.json")}
    (run / "daemon.json").write_text(json.dumps(settings))
    path = f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin:/bin"
    with (run / "log").open("wb") as log:
        process = subprocess.Popen(
            _command(folder, run, extra),
            env={"PATH": path, "HOME": str(run)},
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
            start_new_session=True,
        )
    engine = EngineProcess(folder, run, process.pid, process)
    wait_until(lambda: process.poll() is not None or answers(engine.socket), PATIENCE)
    if process.poll() is None and answers(engine.socket):
        return engine
    said = (run / "log").read_text(errors="replace")[-2000:]
    engine.stop()
    raise AssertionError(f"dockerd did not start: {said}")


def _command(folder: Path, run: Path, extra: tuple[str, ...]) -> list[str]:
    command = ["dockerd", "--config-file", str(run / "daemon.json")]
    command += ["--data-root", str(folder / "data"), "--exec-root", str(run / "exec")]
    command += ["--pidfile", str(run / "pid"), "--host", f"unix://{run / 'docker.sock'}"]
    return [*command, "--bridge=none", "--iptables=false", "--ip6tables=false", *extra]


def answers(path: Path) -> bool:
    """Whether an engine answers on a unix socket."""
    with socket.socket(socket.AF_UNIX) as client, contextlib.suppress(OSError):
        client.settimeout(5)
        client.connect(str(path))
        client.sendall(b"GET /_ping HTTP/1.0\r\nHost: engine\r\n\r\n")
        return b" 200 " in client.recv(64)
    return False


def wait_until(done: Callable[[], bool], seconds: float = PATIENCE) -> bool:
    """Poll until it is done, for so long at most; whether it was."""
    ends = time.monotonic() + seconds
    while not done():
        if time.monotonic() > ends:
            return False
        time.sleep(0.05)
    return True


def _state(pid: int) -> str:
    return _state_in(Path(f"/proc/{pid}/stat"))


def _states(pid: int) -> set[str]:
    return {_state_in(path) for path in Path(f"/proc/{pid}/task").glob("*/stat")} - {""}


def _state_in(path: Path) -> str:
    with contextlib.suppress(OSError):
        return path.read_text().rpartition(")")[2].split()[0]
    return ""


def processes_naming(folder: str) -> list[int]:
    """Processes with that folder (its name is random) on their command line: containerd, shims."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):
            pid = int(entry.parent.name)
            if folder.encode() in entry.read_bytes() and _state(pid) != "Z" and pid != os.getpid():
                found.append(pid)
    return found


def delete_folder(folder: Path) -> None:
    """Unmount what is mounted below a folder, and remove it."""
    mounts = Path("/proc/mounts").read_text().splitlines()
    under = [line.split()[1] for line in mounts if line.split()[1].startswith(f"{folder}/")]
    for mount in sorted(under, reverse=True):
        subprocess.run(["umount", "--lazy", mount], check=False, capture_output=True)
    shutil.rmtree(folder, ignore_errors=True)


def _add(tar: tarfile.TarFile, name: str, content: bytes) -> None:
    entry = tarfile.TarInfo(name)
    entry.size, entry.mode = len(content), 0o755
    tar.addfile(entry, io.BytesIO(content))
