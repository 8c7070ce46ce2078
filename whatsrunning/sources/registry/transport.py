"""One request to a registry: bounded in time and size, on its own host, repeated if it helps."""

import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from email.utils import parsedate_to_datetime
from http.cookiejar import DefaultCookiePolicy
from typing import Any, cast
from urllib.parse import urljoin, urlsplit

import requests
import urllib3
from requests.adapters import HTTPAdapter

from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.sources.registry import errors, trust
from whatsrunning.sources.registry.names import is_loopback
from whatsrunning.sources.registry.settings import RegistrySettings

_HEADERS = {"User-Agent": "whatsrunning", "Accept-Encoding": "identity"}
_CHUNK = 65_536
_REDIRECTS = 3
_PAUSES = 3
_POOL = 16


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, read whole; header names in any case. The URL is the one that answered."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str


@dataclass(frozen=True, slots=True)
class HttpRequest:
    """One request on behalf of a registry's `host`; `limit` is the largest body, in bytes."""

    host: str
    method: str
    url: str
    headers: Mapping[str, str] = field(default_factory=dict, repr=False)
    query: Mapping[str, str] | None = None
    form: Mapping[str, str] | None = field(default=None, repr=False)
    limit: int = 1_000_000


class Transport:
    """The connections to every registry, shared by all threads."""

    def __init__(self, settings: RegistrySettings) -> None:
        self._settings = settings
        self._schemes: dict[str, str] = {}
        self._session = requests.Session()
        self._session.trust_env = False  # ~/.netrc would beat our own Authorization header
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for prefix in ("http://", "https://"):
            self._session.mount(prefix, HTTPAdapter(pool_maxsize=_POOL, max_retries=0))
        if any(rule.insecure for rule in settings.hosts.values()):
            urllib3.disable_warnings(urllib3.exceptions.InsecureRequestWarning)

    def registry(self, netloc: str, request: HttpRequest, deadline: Deadline) -> Reply:
        """Ask a registry at `netloc` for a path, the request's URL; at first, find its scheme."""
        known = self._schemes.get(netloc)
        first, *others = (known,) if known else trust.schemes(request.host, self._settings)
        try:
            reply = self.send(_by(first, netloc, request), deadline)
        except SourceError as error:
            if not others or not self._other_scheme(netloc, first, error, deadline):
                raise
        else:
            # Servers of TLS answer plain http with 400, or not at all.
            if not others or reply.status != 400 or not trust.speaks_tls(netloc, deadline):
                self._schemes[netloc] = first
                return reply
        reply = self.send(_by(others[0], netloc, request), deadline)
        self._schemes[netloc] = others[0]
        return reply

    def _other_scheme(
        self, netloc: str, tried: str, error: SourceError, deadline: Deadline
    ) -> bool:
        code = error.problem.code
        if tried == "http":
            return code in {"broken", "malformed"} and trust.speaks_tls(netloc, deadline)
        return code in {"tls", "refused", "broken"}

    def send(self, request: HttpRequest, deadline: Deadline) -> Reply:
        """The reply, after redirects on the same host and pauses that fit the deadline."""
        redirects = pauses = 0
        while True:
            reply = self._once_more(request, deadline)
            if reply.status in {301, 302, 303, 307, 308}:
                redirects += 1
                request = self._redirected(request, reply, redirects)
                continue
            pause = _pause(reply)
            if pause is None:
                return reply
            pauses += 1
            if pauses > _PAUSES or pause >= deadline.left():
                raise errors.rate_limited(request.host)
            time.sleep(pause)

    def _redirected(self, request: HttpRequest, reply: Reply, count: int) -> HttpRequest:
        """The request at its new place: never on another host, where the login does not belong."""
        target = joined(request.url, reply.headers.get("Location", ""))
        if request.method == "POST" or count > _REDIRECTS or not same_host(target, request.url):
            raise errors.failure(
                request.host,
                "foreign-redirect",
                f"{request.host} redirects to another place, which is not followed",
                "name the registry by the host that it redirects to",
            )
        return replace(request, url=target, query=None)

    def _once_more(self, request: HttpRequest, deadline: Deadline) -> Reply:
        """Send it, and once again if the connection broke off; a POST is sent once."""
        try:
            return self._send(request, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            if request.method == "POST" or not errors.cut_off(error):
                raise errors.from_exception(request.host, error) from None
        try:
            return self._send(request, deadline)
        except (requests.RequestException, urllib3.exceptions.HTTPError, OSError) as error:
            raise errors.from_exception(request.host, error) from None

    def _send(self, request: HttpRequest, deadline: Deadline) -> Reply:
        left = deadline.left()
        if left <= 0:
            raise errors.timed_out(request.host)
        netloc = urlsplit(request.url).netloc
        with self._session.request(
            request.method,
            request.url,
            headers={**_HEADERS, **request.headers},
            params=request.query,
            data=request.form,
            timeout=cast(Any, urllib3.Timeout(total=left)),
            allow_redirects=False,
            stream=True,
            proxies=_proxies(request.url, netloc),
            verify=trust.verification(request.host, netloc, self._settings),
        ) as response:
            body = _read(request, response, deadline)
            return Reply(response.status_code, response.headers, body, request.url)


def _by(scheme: str, netloc: str, request: HttpRequest) -> HttpRequest:
    return replace(request, url=f"{scheme}://{netloc}{request.url}")


def joined(url: str, reference: str) -> str:
    """Where a reference found in a reply leads, empty if nowhere."""
    try:
        return urljoin(url, reference)
    except ValueError:
        return ""


def same_host(url: str, other: str) -> bool:
    """Whether two URLs lead to the same scheme, name and port."""
    return urlsplit(url)[:2] == urlsplit(other)[:2]


def _read(request: HttpRequest, response: requests.Response, deadline: Deadline) -> bytes:
    """The body, unpacked, up to the limit, by the deadline even when it only drips."""
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > request.limit:
            message = f"sent more than {request.limit} bytes for one reply"
            raise errors.malformed(request.host, message)
        if deadline.left() <= 0:
            raise errors.timed_out(request.host)
    return bytes(body)


def _proxies(url: str, netloc: str) -> dict[str, str]:
    if is_loopback(netloc):
        return {}
    return requests.utils.get_environ_proxies(url)


def _pause(reply: Reply) -> float | None:
    """Seconds that a 429 or 503 asks us to wait; None when the reply asks for no pause."""
    if reply.status not in {429, 503}:
        return None
    value = reply.headers.get("Retry-After", "").strip()
    if value.isascii() and value.isdigit():
        return float(value[:9])
    try:
        return max(0.0, parsedate_to_datetime(value).timestamp() - time.time())
    except (ValueError, TypeError, OverflowError):
        return None
