"""HTTP to an engine by the Docker SDK's transport: GET only, one host only, by the deadline.

Not by `docker.APIClient`, which reads config.json when it is made: one malformed entry crashes it.
"""

import os
import ssl
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

import requests
import urllib3

from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.sources.engine.errors import EngineErrors
from whatsrunning.sources.engine.ssh import SshAdapter
from whatsrunning.sources.engine.unix import UnixHTTPAdapter

_LARGEST_REPLY = 64 * 1024 * 1024
_NO_HOST = "http+docker://localhost"
_FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)


@dataclass(frozen=True, slots=True)
class Reply:
    """One answer, whole."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class Transport:
    """Requests to one endpoint. Made without a connection; each failure is a SourceError."""

    def __init__(self, blame: EngineErrors) -> None:
        self._blame = blame
        self._endpoint = blame.endpoint
        self._session: requests.Session | None = None
        self._ssh: SshAdapter | None = None
        self._lock = threading.Lock()

    def get(self, path: str, deadline: Deadline, query: Mapping[str, str] | None = None) -> Reply:
        """GET below the endpoint; any HTTP status is a reply."""
        with self._turn(deadline):
            while True:
                try:
                    return self._ask(path, query or {}, deadline)
                except _FAILURES as error:
                    failed = self._blame.connection(error)
                    if not self._is_asked_again(failed):
                        raise self._explained(failed) from None

    def close(self) -> None:
        """End what is still open, ssh included."""
        if self._session is not None:
            self._session.close()

    @contextmanager
    def _turn(self, deadline: Deadline) -> Iterator[None]:
        """One at a time over ssh, whose one process all calls share; others do not wait."""
        if self._endpoint.kind != "ssh":
            self._open()
            yield
            return
        if not self._lock.acquire(timeout=deadline.left()):
            raise self._blame.timeout()
        try:
            self._open()
            yield
        finally:
            self._lock.release()

    def _is_asked_again(self, failed: SourceError) -> bool:
        return self._ssh is not None and _ended(failed) and self._ssh.try_podman()

    def _explained(self, failed: SourceError) -> SourceError:
        """Over ssh a connection that ended has a reason, and only ssh or the host can tell it."""
        if self._ssh is None:
            return failed
        said = self._ssh.failure() if _ended(failed) else None
        self._ssh.end()
        return self._blame.error(said) if said else failed

    def _ask(self, path: str, query: Mapping[str, str], deadline: Deadline) -> Reply:
        left = deadline.left()
        if left <= 0 or self._session is None:
            raise TimeoutError
        response = self._session.get(
            f"{self._base()}{path}",
            params=dict(query),
            timeout=left,
            stream=True,
            allow_redirects=False,
        )
        with response:
            body = self._body(response, deadline)
        return Reply(response.status_code, response.headers, body)

    def _body(self, response: requests.Response, deadline: Deadline) -> bytes:
        whole = bytearray()
        for part in response.iter_content(65536):
            whole += part
            if len(whole) > _LARGEST_REPLY:
                raise self._blame.malformed("a request", "it does not end")
            if deadline.left() <= 0:
                raise TimeoutError
        return bytes(whole)

    def _base(self) -> str:
        if self._endpoint.kind != "tcp":
            return _NO_HOST
        scheme = "https" if self._endpoint.tls else "http"
        return f"{scheme}://{self._endpoint.authority}{self._endpoint.path}"

    def _open(self) -> None:
        if self._session is not None:
            return
        session = requests.Session()
        # Or REQUESTS_CA_BUNDLE beats the context's authority, and a proxy gets our requests.
        session.trust_env = False
        session.headers["User-Agent"] = "whatsrunning"
        if self._endpoint.kind == "unix":
            session.mount("http+docker://", UnixHTTPAdapter(f"http+unix://{self._socket()}"))
        elif self._endpoint.kind == "ssh":
            self._ssh = SshAdapter(self._endpoint)
            session.mount("http+docker://", self._ssh)
        else:
            self._secure(session)
        self._session = session

    def _socket(self) -> str:
        """The whole path of the socket; a relative one needs a working directory."""
        try:
            return os.path.abspath(self._endpoint.path)
        except OSError as error:
            raise self._blame.connection(error) from None

    def _secure(self, session: requests.Session) -> None:
        tls = self._endpoint.tls
        if tls is None:
            return
        for path in (tls.ca, tls.cert, tls.key):
            if path and not os.access(path, os.R_OK):
                raise self._blame.tls_file(path)
        if tls.cert and tls.key:
            session.cert = (tls.cert, tls.key)
        if tls.skip_verify:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
            session.verify = False
        else:
            session.verify = tls.ca or ssl.get_default_verify_paths().cafile or True


def _ended(failed: SourceError) -> bool:
    """Whether the other side hung up, as it does when ssh ends."""
    return failed.problem.code == "closed"
