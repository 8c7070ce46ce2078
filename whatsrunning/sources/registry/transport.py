"""Requests to registries: by the scheme that each speaks, on its own host, again if it helps."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.http import FAILURES, Reply, exchange, new_session
from whatsrunning.sources.interface import is_loopback
from whatsrunning.sources.json_reader import MalformedReply
from whatsrunning.sources.registry import errors, trust
from whatsrunning.sources.registry.trust import RegistrySettings

_REDIRECTS = 3
_PAUSES = 3
_CONNECTIONS = 16
_MOST_BYTES = 8 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request on behalf of a registry's `host`; what is None in its parts is left out.

    A reply has `most` bytes. What `roams` may be redirected to another host, without its headers;
    `place` is that host.
    """

    host: str
    method: str
    url: str
    headers: Mapping[str, str | None] = field(default_factory=dict, repr=False)
    query: Mapping[str, str | None] | None = None
    form: Mapping[str, str | None] | None = field(default=None, repr=False)
    most: int = _MOST_BYTES
    roams: bool = False
    place: str = ""


class Transport:
    """The connections to every registry, shared by all threads."""

    def __init__(self, settings: RegistrySettings) -> None:
        self._settings = settings
        self._schemes: dict[str, str] = {}
        self._session = new_session()
        for prefix in ("http://", "https://"):
            self._session.mount(prefix, HTTPAdapter(pool_maxsize=_CONNECTIONS, max_retries=0))
        if any(rule.insecure for rule in settings.hosts.values()):
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def registry(self, netloc: str, request: HttpRequest, deadline: Deadline) -> Reply:
        """Ask a registry at `netloc` for a path, the request's URL; at first, find its scheme."""
        known = self._schemes.get(netloc)
        schemes = (known,) if known else trust.schemes(request.host, self._settings)
        for scheme in schemes:
            located = replace(request, url=f"{scheme}://{netloc}{request.url}")
            is_last = scheme == schemes[-1]
            try:
                reply = self.send(located, deadline)
                # Servers of TLS answer plain http with 400, or not at all.
                if is_last or reply.status != 400 or not trust.speaks_tls(netloc, deadline):
                    break
            except SourceError as error:
                if is_last or not _is_other_scheme(netloc, scheme, error.problem.code, deadline):
                    raise
        self._schemes[netloc] = scheme
        return reply

    def send(self, request: HttpRequest, deadline: Deadline) -> Reply:
        """The reply, after redirects and pauses that fit the deadline."""
        redirects = pauses = 0
        while True:
            reply = self._send(request, deadline)
            pause = _pause(reply)
            if reply.status in {301, 302, 303, 307, 308}:
                redirects += 1
                request = self._redirected(request, reply, redirects)
            elif pause is None:
                return reply
            else:
                pauses += 1
                if pauses > _PAUSES or pause >= deadline.left():
                    if request.place:
                        raise errors.elsewhere(request.host, request.place, reply.status)
                    raise errors.refused_status(request.host, 429, request.url)
                time.sleep(pause)

    def _send(self, request: HttpRequest, deadline: Deadline) -> Reply:
        """Once more if the connection broke off; a POST is sent once."""
        attempts = 1 if request.method == "POST" else 2
        netloc = urlsplit(request.url).netloc
        proxies = {} if is_loopback(netloc) else requests.utils.get_environ_proxies(request.url)
        while True:
            try:
                return exchange(
                    self._session,
                    request.method,
                    request.url,
                    deadline,
                    request.most,
                    headers=request.headers,
                    params=request.query,
                    data=request.form,
                    proxies=proxies,
                    verify=trust.verification(request.host, netloc, self._settings),
                )
            except MalformedReply as error:
                raise errors.malformed(request.place or request.host, f"sent {error}") from None
            except FAILURES as error:
                attempts -= 1
                if not attempts or not errors.cut_off(error):
                    raise errors.from_exception(request.place or request.host, error) from None

    def _redirected(self, request: HttpRequest, reply: Reply, count: int) -> HttpRequest:
        """The request at its new place: on another host nothing goes along, least of all a login.

        Hosted registries keep blobs elsewhere:
        https://github.com/opencontainers/distribution-spec/blob/main/spec.md#pulling-blobs
        """
        location = reply.headers.get("Location", "")
        if request.method != "POST" and count <= _REDIRECTS:
            if here := on_same_host(request.url, location):
                return replace(request, url=here, query=None)
            if request.roams and trust.is_safe(request.host, location, self._settings):
                place = urlsplit(location).netloc
                return replace(request, url=location, query=None, headers={}, place=place)
        message = f"{request.host} redirects to another place, which is not followed"
        hint = "name the registry by the host that it redirects to"
        raise errors.failure(request.host, "foreign-redirect", message, hint)


def on_same_host(url: str, reference: str) -> str:
    """Where a reference found in a reply leads; empty if to another scheme, name or port."""
    try:
        target = urljoin(url, reference)
        return target if urlsplit(target)[:2] == urlsplit(url)[:2] else ""
    except ValueError:
        return ""


def _is_other_scheme(netloc: str, tried: str, code: str, deadline: Deadline) -> bool:
    """Whether a failure may be that of the wrong scheme."""
    if tried == "http":
        return code in {"broken", "malformed"} and trust.speaks_tls(netloc, deadline)
    return code in {"tls", "refused", "broken"}


def _pause(reply: Reply) -> float | None:
    """Seconds that a 429 or 503 asks us to wait; None when the reply asks for no pause."""
    if reply.status not in {429, 503}:
        return None
    try:
        return urllib3.Retry().parse_retry_after(reply.headers.get("Retry-After", ""))
    except (urllib3.exceptions.InvalidHeader, ValueError, OverflowError):
        return None
