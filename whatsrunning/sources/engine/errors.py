"""Why an engine could not be looked at: each failure a Problem with a code and a next step."""

import http.client
import socket
import ssl
from collections.abc import Iterator
from dataclasses import dataclass

import requests
import urllib3

from whatsrunning.contexts import Endpoint
from whatsrunning.facts.answers import Problem
from whatsrunning.facts.ports import SourceError
from whatsrunning.text import one_line


@dataclass(frozen=True, slots=True)
class ProblemText:
    """The parts of a Problem that depend on what went wrong."""

    code: str
    message: str
    hint: str = ""


@dataclass(frozen=True, slots=True)
class EngineErrors:
    """Makes the problems of one engine; `name` is its context's."""

    name: str
    endpoint: Endpoint

    def error(self, said: ProblemText) -> SourceError:
        """The one exception that leaves an adapter."""
        return SourceError(Problem("engine", self.name, said.code, said.message, said.hint))

    def timeout(self) -> SourceError:
        """The deadline came first."""
        return self.error(
            ProblemText(
                "timeout",
                f"the engine at {self.endpoint} did not answer in time",
                f"give it longer with --timeout, or see whether {self._docker('info')} hangs too",
            )
        )

    def connection(self, error: Exception) -> SourceError:
        """A connection that failed, judged by the first cause in the chain that says why."""
        causes = tuple(_causes(error))
        if _first(causes, _TIMEOUTS):
            return self.timeout()
        said = self._tls(causes) or self._socket(causes) or self._talk(causes)
        return self.error(
            said or ProblemText("unreachable", f"{self.endpoint}: {_text(causes[-1])}")
        )

    def refusal(self, status: int, message: str, asked: str) -> SourceError:
        """An HTTP status that is no success."""
        if "HTTPS server" in message:
            hint = "set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or use a context with certificates"
            return self.error(
                ProblemText("tls", f"the engine at {self.endpoint} speaks TLS only", hint)
            )
        text = f"the engine at {self.endpoint} answered {status} to {asked}: {one_line(message)}"
        if status in (401, 403):
            hint = "allow this request where it is refused: a proxy or an authorization plugin"
            return self.error(ProblemText("denied", text, hint))
        return self.error(
            ProblemText("api-error", text, f"see the engine's log, or {self._docker('info')}")
        )

    def not_docker(self) -> SourceError:
        """Something answered, and it is no engine."""
        message = f"what answers at {self.endpoint} is no Docker engine"
        return self.error(ProblemText("not-docker", message, "check the address of the context"))

    def malformed(self, asked: str, detail: str) -> SourceError:
        """A reply that is not what the Engine API describes."""
        message = (
            f"the engine at {self.endpoint} sent a broken reply to {asked}: {one_line(detail)}"
        )
        return self.error(
            ProblemText("malformed", message, f"compare with {self._docker('version')}")
        )

    def tls_file(self, path: str) -> SourceError:
        """A certificate or key that is not there, or not ours to read."""
        return self.error(
            ProblemText("tls", f"cannot read {path}", "see DOCKER_CERT_PATH or the context")
        )

    def _docker(self, command: str) -> str:
        return f"`docker -H {self.endpoint} {command}`"

    def _tls(self, causes: tuple[BaseException, ...]) -> ProblemText | None:
        error = _first(causes, ssl.SSLError)
        if error is None:
            return None
        reason = str(getattr(error, "reason", "") or error)
        detail = one_line(str(getattr(error, "verify_message", "") or reason))
        if "ALERT" in reason and ("CERT" in reason or "UNKNOWN_CA" in reason):
            detail = "it wants a client certificate that it knows"
        message = f"no TLS connection to {self.endpoint}: {detail.replace('_', ' ').lower()}"
        hint = "check that the context's ca, cert and key belong to this engine"
        return ProblemText("tls", message, hint)

    def _socket(self, causes: tuple[BaseException, ...]) -> ProblemText | None:
        here = self.endpoint
        if _first(causes, PermissionError):
            hint = "use sudo, or join the docker group: sudo usermod -aG docker $USER"
            return ProblemText("permission", f"no permission to use the socket {here}", hint)
        if _first(causes, FileNotFoundError) and here.kind == "ssh":
            return ProblemText(
                "ssh", "there is no ssh program in PATH", "install the OpenSSH client"
            )
        if _first(causes, FileNotFoundError):
            return ProblemText("refused", f"there is no socket at {here}", _START)
        if _first(causes, ConnectionRefusedError):
            return ProblemText("refused", f"nothing listens at {here}", _START)
        if _first(causes, socket.gaierror):
            hint = "check the name, the network and the VPN"
            return ProblemText("unreachable", f"the host name of {here} cannot be resolved", hint)
        return None

    def _talk(self, causes: tuple[BaseException, ...]) -> ProblemText | None:
        if _first(causes, (ConnectionError, requests.exceptions.ChunkedEncodingError)):
            message = f"{self.endpoint} closed the connection before it had answered"
            return ProblemText(
                "closed", message, "if it wants TLS, give the context its certificates"
            )
        if _first(causes, http.client.HTTPException):
            problem = self.not_docker().problem
            return ProblemText(problem.code, problem.message, problem.hint)
        return None


_START = "start the engine, or name another one with -c or -H"
# Not urllib3's common TimeoutError: a refused connection is one, too.
_TIMEOUTS = (TimeoutError, requests.Timeout, urllib3.exceptions.ReadTimeoutError)
_Kinds = type[BaseException] | tuple[type[BaseException], ...]


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and everything it wraps, outermost first; urllib3 hides causes in arguments."""
    seen: list[BaseException] = []
    todo: list[object] = [error]
    while todo:
        one = todo.pop(0)
        if isinstance(one, BaseException) and all(one is not other for other in seen):
            seen.append(one)
            todo += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
            yield one


def _first(causes: tuple[BaseException, ...], kinds: _Kinds) -> BaseException | None:
    return next((cause for cause in causes if isinstance(cause, kinds)), None)


def _text(error: BaseException) -> str:
    said = getattr(error, "strerror", None) or str(error) or type(error).__name__
    return one_line(str(said))
