"""A throw-away Podman behind its Docker-compatible API: as root, or as an unprivileged user."""

import contextlib
import os
import signal
import subprocess
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.world.engine import (
    PATIENCE,
    answers,
    base_archive,
    delete_folder,
    processes_naming,
    wait_until,
)

NOBODY = 65534
"""The unprivileged user; without ranges in /etc/subuid its containers know one user, root."""


@dataclass(slots=True)
class Podman:
    """A `podman system service` that we started, and everything of it below one folder."""

    folder: Path
    rootless: bool
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    @property
    def socket(self) -> Path:
        """The API's unix socket, where Podman puts it below XDG_RUNTIME_DIR."""
        return self.folder / "podman" / "podman.sock"

    def podman(self, *args: str, check: bool = True) -> str:
        """What `podman` prints; a failure raises AssertionError with what it said."""
        done = subprocess.run(
            [*self._as_user(), "podman", *args],
            env=self._environment(),
            cwd=self.folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=PATIENCE * 2,
            check=False,
        )
        if check and done.returncode:
            raise AssertionError(f"podman {' '.join(args)}: {done.stdout}{done.stderr}")
        return done.stdout.strip()

    def run(self, name: str, *options: str, image: str = "localhost/base:latest") -> str:
        """A container that sleeps, without a network; its ID."""
        quick = ("--network", "none", "--pull", "never", "--stop-signal", "KILL")
        return self.podman("run", "-d", "--name", name, *quick, *options, image, "sleep", "1000")

    def start(self) -> None:
        """Import `localhost/base:latest`, and serve."""
        self._configure()
        archive = self.folder / "base.tar"
        base_archive(archive)
        self._own(archive)
        self.podman("import", "-q", str(archive), "localhost/base:latest")
        with (self.folder / "log").open("wb") as log:
            self._process = subprocess.Popen(
                [
                    *self._as_user(),
                    "podman",
                    "system",
                    "service",
                    "--time=0",
                    f"unix://{self.socket}",
                ],
                env=self._environment(),
                cwd=self.folder,
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,
            )
        if not wait_until(lambda: answers(self.socket)):
            raise AssertionError((self.folder / "log").read_text(errors="replace")[-2000:])

    def stop(self) -> None:
        """Remove every container, end the service, unmount and delete the folder."""
        self.podman("rm", "--all", "--force", "--time", "0", check=False)
        if self._process is not None:
            self._process.terminate()
            self._process.wait(PATIENCE)
        self._end_pause()
        # Each container's monitor cleans up after it, and would make the folder again.
        wait_until(lambda: not processes_naming(str(self.folder)))
        delete_folder(self.folder)

    def _configure(self) -> None:
        for name in ("podman", "graph", "run", "state"):
            (self.folder / name).mkdir()
        driver = "vfs" if self.rootless else "overlay"
        (self.folder / "storage.conf").write_text(
            f'[storage]\ndriver="{driver}"\ngraphroot="{self.folder}/graph"\n'
            f'runroot="{self.folder}/run"\n'
        )
        (self.folder / "registries.conf").write_text("")
        # Nothing shared with another Podman, no systemd, and limits that may be set here.
        (self.folder / "containers.conf").write_text(
            f'[engine]\nruntime="runc"\ncgroup_manager="cgroupfs"\nevents_logger="file"\n'
            f'lock_type="file"\ntmp_dir="{self.folder}/state"\n'
            f'[network]\nnetwork_config_dir="{self.folder}/state"\n'
            "[containers]\ndefault_sysctls=[]\n"
            + ("" if self.rootless else 'default_ulimits=["nofile=1024:1024","nproc=1024:1024"]\n')
        )
        for path in (self.folder, *self.folder.iterdir()):
            self._own(path)

    def _own(self, path: Path) -> None:
        if self.rootless:
            os.chown(path, NOBODY, NOBODY)

    def _as_user(self) -> list[str]:
        ids = [f"--reuid={NOBODY}", f"--regid={NOBODY}", "--clear-groups"]
        return ["setpriv", *ids] if self.rootless else []

    def _environment(self) -> dict[str, str]:
        return {
            "PATH": f"{os.environ.get('PATH', '')}:/usr/sbin:/usr/bin:/sbin:/bin",
            "HOME": str(self.folder),
            "XDG_RUNTIME_DIR": str(self.folder),
            "CONTAINERS_CONF": str(self.folder / "containers.conf"),
            "CONTAINERS_STORAGE_CONF": str(self.folder / "storage.conf"),
            "CONTAINERS_REGISTRIES_CONF": str(self.folder / "registries.conf"),
        }

    def _end_pause(self) -> None:
        """Rootless, a process stays behind that holds the user namespace."""
        for path in self.folder.rglob("pause.pid"):
            with contextlib.suppress(ValueError, ProcessLookupError):
                os.kill(int(path.read_text()), signal.SIGKILL)


def start_podman(*, rootless: bool) -> Podman:
    """A Podman that answers on its socket; the folder's name is short, as sockets need."""
    started = Podman(Path(tempfile.mkdtemp(prefix="wr-p", dir="/tmp")), rootless)
    try:
        started.start()
    except BaseException:
        started.stop()
        raise
    return started
