"""Why an engine could not be looked at: each failure a Problem with a code and a next step."""

import http.client
import socket
import ssl
from dataclasses import dataclass

import requests
import urllib3

from whatsrunning.contexts.endpoint import Endpoint
from whatsrunning.facts.answers import Problem
from whatsrunning.facts.query import SourceError
from whatsrunning.sources.interface import Row, causes_of, explained
from whatsrunning.text import one_line

_START = "start the engine, or name another one with -c or -H"
_GROUP = "use sudo, or join the docker group: sudo usermod -aG docker $USER"
_NETWORK = "check the name, the network and the VPN"
_CERTIFICATES = "if it wants TLS, give the context its certificates"
_CLOSED = ("closed", "{here} closed the connection before it had answered", _CERTIFICATES)
_NOT_DOCKER = "what answers at {here} is no Docker engine"
_CONNECTION: tuple[Row, ...] = (
    (PermissionError, "permission", "no permission to use the socket {here}", _GROUP),
    (FileNotFoundError, "refused", "there is no socket at {here}", _START),
    (ConnectionRefusedError, "refused", "nothing listens at {here}", _START),
    (socket.gaierror, "unreachable", "the host name of {here} cannot be resolved", _NETWORK),
    (ConnectionError, *_CLOSED),
    (http.client.IncompleteRead, *_CLOSED),
    (http.client.HTTPException, "not-docker", _NOT_DOCKER, "check the address of the context"),
)
_INSTALL = "install the OpenSSH client"
_NO_SSH: Row = (FileNotFoundError, "ssh", "there is no ssh program in PATH", _INSTALL)
# Not urllib3's common TimeoutError: a refused connection is one, too.
_TIMEOUTS = (TimeoutError, requests.Timeout, urllib3.exceptions.ReadTimeoutError)


@dataclass(frozen=True, slots=True)
class EngineErrors:
    """Makes the errors of one engine, ready to raise; `name` is its context's."""

    name: str
    endpoint: Endpoint

    def error(self, code: str, message: str, hint: str = "") -> SourceError:
        return SourceError(Problem("engine", self.name, code, message, hint))

    def timeout(self) -> SourceError:
        message = f"the engine at {self.endpoint} did not answer in time"
        hint = f"give it longer with --timeout, or see whether {self._docker('info')} hangs too"
        return self.error("timeout", message, hint)

    def connection(self, error: Exception) -> SourceError:
        """A connection that failed, judged by what caused it."""
        causes = causes_of(error)
        if any(isinstance(cause, _TIMEOUTS) for cause in causes):
            return self.timeout()
        for cause in causes:
            if isinstance(cause, ssl.SSLError):
                return self._tls(cause)
        table = (_NO_SSH, *_CONNECTION) if self.endpoint.kind == "ssh" else _CONNECTION
        if why := explained(causes, table, here=str(self.endpoint)):
            return self.error(*why)
        last = causes[-1]
        reason = getattr(last, "strerror", None) or str(last) or type(last).__name__
        return self.error("unreachable", f"{self.endpoint}: {one_line(str(reason))}")

    def refusal(self, status: int, message: str, asked: str) -> SourceError:
        if "HTTPS server" in message:
            hint = "set DOCKER_TLS_VERIFY and DOCKER_CERT_PATH, or use a context with certificates"
            return self.error("tls", f"the engine at {self.endpoint} speaks TLS only", hint)
        text = f"the engine at {self.endpoint} answered {status} to {asked}: {one_line(message)}"
        if status in (401, 403):
            hint = "allow this request where it is refused: a proxy or an authorization plugin"
            return self.error("denied", text, hint)
        return self.error("api-error", text, f"see the engine's log, or {self._docker('info')}")

    def not_docker(self) -> SourceError:
        return self.connection(http.client.HTTPException())

    def malformed(self, asked: str, detail: str) -> SourceError:
        message = f"the engine at {self.endpoint} sent a broken reply to {asked}"
        hint = f"compare with {self._docker('version')}"
        return self.error("malformed", f"{message}: {one_line(detail)}", hint)

    def _docker(self, command: str) -> str:
        return f"`docker -H {self.endpoint} {command}`"

    def _tls(self, error: ssl.SSLError) -> SourceError:
        reason = str(error.reason or error)
        detail = one_line(str(getattr(error, "verify_message", "") or reason))
        if "ALERT" in reason and ("CERT" in reason or "UNKNOWN_CA" in reason):
            detail = "it wants a client certificate that it knows"
        message = f"no TLS connection to {self.endpoint}: {detail.replace('_', ' ').lower()}"
        hint = "check that the context's ca, cert and key belong to this engine"
        return self.error("tls", message, hint)
