"""Engines behind ssh, by the user's own `ssh`: its stdin and stdout are one end of a socket pair.

The SDK's ssh ignores `Port` in the user's configuration and waits without limit (DESIGN section 7).
"""

import atexit
import contextlib
import math
import os
import shlex
import signal
import socket
import subprocess
import tempfile
from typing import IO, Any, Literal

from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from whatsrunning.contexts import Endpoint
from whatsrunning.sources.engine.errors import ProblemText
from whatsrunning.sources.engine.unix import UnixHTTPAdapter
from whatsrunning.text import one_line

_NOT_FOUND = 127
_SSH_FAILED = 255
_GRACE = 0.5
"""Seconds that a process gets to end when it is told to."""
_LAST_WORDS = 3.0
"""Seconds that one gets which has hung up: its exit code and its complaint are about to come."""


def ssh_command(endpoint: Endpoint, program: str, seconds: float) -> list[str]:
    """The command line: never a prompt; what the URL leaves out, the user's configuration says."""
    # A second more than the deadline, which comes first; without us ssh still ends soon.
    ssh = ["ssh", "-T", "-o", "BatchMode=yes", "-o", f"ConnectTimeout={math.ceil(seconds) + 1}"]
    if endpoint.user:
        ssh += ["-l", endpoint.user]
    if endpoint.port:
        ssh += ["-p", str(endpoint.port)]
    remote = [program]
    if endpoint.path:
        option = "--host" if program == "docker" else "--url"
        remote += [option, f"unix://{endpoint.path}"]
    return [*ssh, "--", endpoint.host, shlex.join([*remote, "system", "dial-stdio"])]


class _Dial:
    """One ssh process. Its complaints go to a file: a pipe that nobody reads would stop it."""

    def __init__(self, command: list[str]) -> None:
        ours, theirs = socket.socketpair()
        self.complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # ends with us
        with theirs:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(
                command,
                stdin=theirs.fileno(),
                stdout=theirs.fileno(),
                stderr=self.complaints,
                start_new_session=True,
            )
        self.socket = ours
        atexit.register(self.end)

    def end(self) -> None:
        """End ssh and its proxy commands, kindly first: a killed master leaves its socket."""
        atexit.unregister(self.end)
        self.socket.close()
        for number in (signal.SIGTERM, signal.SIGKILL):
            if self.exit_code(0) is None:
                with contextlib.suppress(ProcessLookupError, PermissionError):
                    os.killpg(self.process.pid, number)
                self.exit_code(_GRACE)

    def exit_code(self, patience: float) -> int | None:
        """How it ended, None if it still runs after `patience` seconds."""
        try:
            return self.process.wait(patience)
        except subprocess.TimeoutExpired:
            return None

    def last_words(self) -> str:
        """The last line that ssh, or the program behind it, wrote to its standard error."""
        self.complaints.seek(0)
        lines = self.complaints.read(65536).decode("utf-8", "replace").split("\n")
        return next((text for line in reversed(lines) if (text := one_line(line))), "")


class _Connection(HTTPConnection):
    def __init__(self, *args: Any, adapter: "SshAdapter", **settings: Any) -> None:
        super().__init__(*args, **settings)
        self._adapter = adapter

    def connect(self) -> None:
        self.sock = self._adapter.dial(self.timeout)


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class SshAdapter(UnixHTTPAdapter):
    """All requests of one engine over one ssh process, one after the other."""

    def __init__(self, endpoint: Endpoint) -> None:
        super().__init__("http+unix:///")
        self._endpoint = endpoint
        self._program: Literal["docker", "podman"] = "docker"
        self._dial: _Dial | None = None
        self._pool = _Pool("ssh", maxsize=1, adapter=self)

    def get_connection(self, url: bytes | str, proxies: Any = None) -> Any:  # noqa: ARG002
        """The one pool: the SDK would make one for each URL, and so a process for each call."""
        return self._pool

    def dial(self, seconds: Any) -> socket.socket:
        """Start ssh. Raises OSError without an ssh program."""
        self._hang_up()
        limit = seconds if isinstance(seconds, int | float) else 60.0
        self._dial = _Dial(ssh_command(self._endpoint, self._program, limit))
        self._dial.socket.settimeout(limit)
        return self._dial.socket

    def end(self) -> None:
        """Close the connection and end its process; another request would dial anew."""
        self._pool.close()
        self._pool = _Pool("ssh", maxsize=1, adapter=self)
        self._hang_up()

    def close(self) -> None:
        """The same, as a session names it."""
        self.end()
        super().close()

    def try_podman(self) -> bool:
        """Whether the host knows no `docker`; from then on it is asked for `podman`."""
        missing = self._dial is not None and self._dial.exit_code(_LAST_WORDS) == _NOT_FOUND
        if not missing or self._program == "podman":
            return False
        self._program = "podman"
        self.end()
        return True

    def failure(self) -> ProblemText | None:
        """What ssh or the host said when the connection ended, None if it did not end by itself."""
        code = self._dial.exit_code(_LAST_WORDS) if self._dial else None
        if self._dial is None or code is None:
            return None
        if code == _NOT_FOUND:
            message = f"on {self._endpoint.host}: neither docker nor podman is in ssh's PATH there"
            return ProblemText(
                "not-docker", message, f"see `ssh {self._endpoint.host} docker version`"
            )
        words = self._dial.last_words() or f"ssh ended with {code}"
        if code == _SSH_FAILED:
            return ProblemText("ssh", f"ssh to {self._endpoint.host}: {words}", self._hint(words))
        if "permission denied" in words.lower():
            hint = "that user must be in the host's docker group, or be root"
            return ProblemText("permission", f"on {self._endpoint.host}: {words}", hint)
        return ProblemText(
            "refused", f"on {self._endpoint.host}: {words}", "is the engine running there?"
        )

    def _hang_up(self) -> None:
        if self._dial is not None:
            self._dial.end()
            self._dial = None

    def _hint(self, words: str) -> str:
        host = f"{self._endpoint.user}@" if self._endpoint.user else ""
        login = f"`ssh {host}{self._endpoint.host}`"
        if "host key" in words.lower():
            return f"run {login} once and compare the host's key before you accept it"
        if "permission denied" in words.lower():
            return f"{login} must work without a question: load the key into ssh-agent"
        return f"see what {login} says"
