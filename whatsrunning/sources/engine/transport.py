"""Requests to one engine by the Docker SDK's transport: GET only, and one host only.

Not by `docker.APIClient`: it reads config.json when it is made, and one malformed entry crashes it
(https://github.com/docker/docker-py/issues/927).
"""

import os
import ssl
import threading
from collections.abc import Mapping

import requests
import urllib3

from whatsrunning.contexts.endpoint import Tls
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.engine.errors import EngineErrors
from whatsrunning.sources.engine.ssh import SshAdapter
from whatsrunning.sources.engine.unix import UnixHTTPAdapter
from whatsrunning.sources.http import FAILURES, Reply, exchange, new_session
from whatsrunning.sources.interface import held
from whatsrunning.sources.json_reader import MalformedReply

_LARGEST_REPLY = 64 * 1024 * 1024


class Transport:
    """The connection to one endpoint; none is made before the first request."""

    def __init__(self, errors: EngineErrors) -> None:
        self._errors = errors
        self._endpoint = errors.endpoint
        self._session: requests.Session | None = None
        self._ssh = SshAdapter(errors) if self._endpoint.kind == "ssh" else None
        # Over ssh one at a time: all calls share one process.
        self._turns = threading.Semaphore(1 if self._ssh else 1000)

    def get(self, path: str, deadline: Deadline, query: Mapping[str, str] | None = None) -> Reply:
        """GET below the endpoint; any HTTP status is a reply. Each failure is a SourceError."""
        with held(self._turns, deadline, self._errors.timeout()):
            while True:
                try:
                    session = self._session = self._session or self._open()
                    url = f"{self._base()}{path}"
                    return exchange(session, "GET", url, deadline, _LARGEST_REPLY, params=query)
                except MalformedReply:
                    raise self._errors.malformed("a request", "it does not end") from None
                except FAILURES as error:
                    failed = self._errors.connection(error)
                    reason = self._ssh.explained(failed) if self._ssh else failed
                    if reason is not None:
                        raise reason from None

    def close(self) -> None:
        if self._session is not None:
            self._session.close()

    def _base(self) -> str:
        if self._endpoint.kind != "tcp":
            return "http+docker://localhost"
        scheme = "https" if self._endpoint.tls else "http"
        return f"{scheme}://{self._endpoint.authority}{self._endpoint.path}"

    def _open(self) -> requests.Session:
        session, tls = new_session(), self._endpoint.tls
        if self._endpoint.kind != "tcp":
            whole = os.path.abspath(self._endpoint.path)
            adapter = self._ssh or UnixHTTPAdapter(f"http+unix://{whole}")
            session.mount("http+docker://", adapter)
        elif tls is not None:
            self._secure(session, tls)
        return session

    def _secure(self, session: requests.Session, tls: Tls) -> None:
        for path in (tls.ca, tls.cert, tls.key):
            if path and not os.access(path, os.R_OK):
                message, hint = f"cannot read {path}", "see DOCKER_CERT_PATH or the context"
                raise self._errors.error("tls", message, hint)
        if tls.cert and tls.key:
            session.cert = (tls.cert, tls.key)
        if tls.skip_verify:
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)
            session.verify = False
        else:
            session.verify = tls.ca or ssl.get_default_verify_paths().cafile or True
