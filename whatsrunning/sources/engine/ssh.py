"""Engines behind ssh, by the user's own `ssh`: its stdin and stdout are one end of a socket pair.

Not by the SDK's ssh, which puts port 22 into each address without one, so that `Port` in
~/.ssh/config is ignored (`parse_host`, https://github.com/docker/docker-py/blob/7.1.0/docker/utils/utils.py),
starts a process for each request, and waits without limit.
"""

import atexit
import math
import shlex
import socket
import subprocess
import tempfile
from typing import IO, Any, Literal, cast

from urllib3.connection import HTTPConnection
from urllib3.connectionpool import HTTPConnectionPool

from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.facts.query import SourceError
from whatsrunning.sources.engine.errors import EngineErrors
from whatsrunning.sources.engine.unix import UnixHTTPAdapter
from whatsrunning.sources.interface import end_process
from whatsrunning.text import one_line

_NOT_FOUND = 127  # the remote shell's exit code for a program that is not there
_SSH_FAILED = 255  # ssh's own (https://man.openbsd.org/ssh#EXIT_STATUS)
_LAST_WORDS = 3.0  # seconds until the exit code and the complaint of one that has hung up
_HINTS = {
    "host key": "run {login} once and compare the host's key before you accept it",
    "permission denied": "{login} must work without a question: load the key into ssh-agent",
    "": "see what {login} says",
}


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
    # As the CLI does: https://github.com/docker/cli/blob/v28.2.2/cli/connhelper/connhelper.go
    return [*ssh, "--", endpoint.host, shlex.join([*remote, "system", "dial-stdio"])]


class _Dial:
    """One ssh process. Its complaints go to a file: a pipe that nobody reads would stop it."""

    def __init__(self, command: list[str]) -> None:
        self.socket, remote_end = socket.socketpair()
        self.complaints: IO[bytes] = tempfile.TemporaryFile()  # noqa: SIM115  # ends with us
        with remote_end:
            self.process: subprocess.Popen[bytes] = subprocess.Popen(
                command, stdin=remote_end.fileno(), stdout=remote_end.fileno(),
                stderr=self.complaints, start_new_session=True,
            )  # fmt: skip
        atexit.register(self.end)

    def end(self) -> None:
        """End ssh and its proxy commands, kindly first: a killed master leaves its socket."""
        atexit.unregister(self.end)
        self.socket.close()
        end_process(self.process, kindly=True)

    def exit_code(self) -> int | None:
        try:
            return self.process.wait(_LAST_WORDS)
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
        self.sock = self._adapter.dial(cast(float, self.timeout))


class _Pool(HTTPConnectionPool):
    ConnectionCls = _Connection


class SshAdapter(UnixHTTPAdapter):
    """All requests of one engine over one ssh process, one after the other."""

    def __init__(self, errors: EngineErrors) -> None:
        super().__init__("http+unix:///")
        self._errors = errors
        self._endpoint = errors.endpoint
        self._program: Literal["docker", "podman"] = "docker"
        self._dial: _Dial | None = None
        self._pool = _Pool("ssh", maxsize=1, adapter=self)

    def get_connection(self, url: bytes | str, proxies: Any = None) -> Any:  # noqa: ARG002
        """The one pool: the SDK would make one for each URL, and so a process for each call."""
        return self._pool

    def dial(self, seconds: float) -> socket.socket:
        """Start ssh. Raises OSError without an ssh program."""
        self._hang_up()
        self._dial = _Dial(ssh_command(self._endpoint, self._program, seconds))
        self._dial.socket.settimeout(seconds)
        return self._dial.socket

    def close(self) -> None:
        """Close the connection and end its process; another request would dial anew."""
        self._pool.close()
        self._pool = _Pool("ssh", maxsize=1, adapter=self)
        self._hang_up()
        super().close()

    def _hang_up(self) -> None:
        if self._dial is not None:
            self._dial.end()
            self._dial = None

    def explained(self, failed: SourceError) -> SourceError | None:
        """What a failed request means; None where it is to be asked again, of `podman`."""
        # A connection that was closed has a reason, and only ssh or the host can tell it.
        dial = self._dial if failed.problem.code == "closed" else None
        code = dial.exit_code() if dial else None
        self.close()
        if dial is None or code is None:
            return failed
        if code == _NOT_FOUND and self._program == "docker":
            self._program = "podman"
            return None
        return self._error(code, dial.last_words() or f"ssh ended with {code}")

    def _error(self, code: int, words: str) -> SourceError:
        host, error = self._endpoint.host, self._errors.error
        if code == _NOT_FOUND:
            message = f"on {host}: neither docker nor podman is in ssh's PATH there"
            return error("not-docker", message, f"see `ssh {host} docker version`")
        if code == _SSH_FAILED:
            user = f"{self._endpoint.user}@" if self._endpoint.user else ""
            hint = next(hint for part, hint in _HINTS.items() if part in words.lower())
            return error("ssh", f"ssh to {host}: {words}", hint.format(login=f"`ssh {user}{host}`"))
        if "permission denied" in words.lower():
            hint = "that user must be in the host's docker group, or be root"
            return error("permission", f"on {host}: {words}", hint)
        return error("refused", f"on {host}: {words}", "is the engine running there?")
