"""The stand-in as a process of its own, so that it can be frozen, or as a thread of this one."""

import contextlib
import json
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.world.github.ground import Ground, ground_of, save
from tests.world.github.server import server_for
from tests.world.github.stories import Story
from tests.world.history import History

PATIENCE = 60.0
_ROOT = Path(__file__).parents[3]


@dataclass(slots=True)
class GitHubProcess:
    """A stand-in that runs; `url` is the API's address. `pid` is our own where it is a thread."""

    url: str
    pid: int
    ground: Ground
    _process: "subprocess.Popen[bytes] | None" = field(default=None, repr=False)

    def requests(self) -> list[tuple[str, str]]:
        """Method and path with query of each request, in order."""
        return [(method, path) for method, path, _ in _lines(self.ground.log)]

    def authorized(self) -> list[bool]:
        """Whether a token came with each request, in the same order."""
        return [token for _, _, token in _lines(self.ground.log)]

    def forget(self) -> None:
        """Count requests from here on."""
        Path(self.ground.log).write_text("")

    def violations(self) -> list[str]:
        """What GitHub would not have answered, or not have been asked."""
        return _lines(self.ground.violations)

    def fault(self, name: str = "", **more: Any) -> None:
        """Switch a fault on (`faults.py` has the names), or off again."""
        self._control(fault=name, **more)

    def tell(self, sha: str, story: Story | str) -> None:
        """Change what CI did on a commit (`stories.py`)."""
        self._control(stories={**self._read().get("stories", {}), sha: story})

    def deploy(self, *deployments: Mapping[str, Any]) -> None:
        """Set the deployments: id, sha, environment, created_at, states (oldest first), url."""
        self._control(deployments=[dict(each) for each in deployments])

    def freeze(self) -> None:
        """Stop the process in its tracks: connections are accepted, nobody answers."""
        assert self._process is not None, "a thread of this process cannot be frozen"
        os.kill(self.pid, signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen process go on."""
        os.kill(self.pid, signal.SIGCONT)

    def stop(self) -> None:
        """End it; AssertionError with the violations if there were any."""
        found = self.violations()
        if self._process is not None:
            with contextlib.suppress(ProcessLookupError):
                self.thaw()
            self._process.terminate()
            try:
                self._process.wait(PATIENCE)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if found:
            raise AssertionError(f"the GitHub stand-in was misused: {found}")

    def _read(self) -> dict[str, Any]:
        read: dict[str, Any] = json.loads(Path(self.ground.control).read_text())
        return read

    def _control(self, **changes: Any) -> None:
        new = Path(f"{self.ground.control}.new")
        new.write_text(json.dumps({**self._read(), **changes}))
        new.rename(self.ground.control)  # whole, whenever it is read


def start_github(
    history: History,
    *,
    token: str,
    stories: Mapping[str, Story | str] | None = None,
    required: Sequence[str] = (),
    private: bool = False,
    old_names: Sequence[str] = (),
) -> GitHubProcess:
    """A stand-in in a process of its own over this history.

    `stories` maps SHAs to what CI did there (default: a green push run on each commit of main);
    `old_names` are OWNER/NAMEs that were renamed; without the token a private one shows nothing.
    """
    folder = Path(tempfile.mkdtemp(prefix="wr-github"))
    ground = ground_of(
        history, folder, token=token, private=private, required=tuple(required),
        old_names=tuple(old_names),
    )  # fmt: skip
    save(ground, folder / "ground.json")
    (folder / "control.json").write_text(json.dumps({"stories": dict(stories or {})}))
    process = subprocess.Popen(
        [sys.executable, "-m", "tests.world.github", str(folder)],
        cwd=_ROOT,
        stdin=subprocess.DEVNULL,
        start_new_session=True,
    )
    return GitHubProcess(_url(folder, process), process.pid, ground, process)


@contextlib.contextmanager
def github_here(
    history: History, folder: Path, *, token: str, **more: Any
) -> Iterator[GitHubProcess]:
    """A stand-in in a thread of this process, for tests that need not freeze it."""
    settings: dict[str, Any] = {"private": False, **more}
    ground = ground_of(history, folder, token=token, **settings)
    server = server_for(ground)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
    thread.start()
    host, port = server.server_address[:2]
    try:
        yield GitHubProcess(f"http://{host!s}:{port}", os.getpid(), ground)
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


def _url(folder: Path, process: "subprocess.Popen[bytes]") -> str:
    ends = time.monotonic() + PATIENCE
    while not (folder / "url").exists():
        if process.poll() is not None or time.monotonic() > ends:
            process.kill()
            raise AssertionError("the GitHub stand-in did not start")
        time.sleep(0.02)
    return (folder / "url").read_text()


def _lines(path: str) -> list[Any]:
    return [json.loads(line) for line in Path(path).read_text().splitlines()]
