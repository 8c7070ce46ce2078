"""What a registry's challenge asks for, and the header that answers it, one per repository."""

import json
import re
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.sources.registry import errors
from whatsrunning.sources.registry.credentials import Login, read_login
from whatsrunning.sources.registry.names import RepositoryAddress, is_host, is_loopback, name_of
from whatsrunning.sources.registry.settings import RegistrySettings
from whatsrunning.sources.registry.transport import HttpRequest, Reply, Transport

_PART = re.compile(
    r'\b([A-Za-z][A-Za-z0-9_-]*)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|(?=[\s,]|$))'
)
_TOKEN = re.compile(r"[\x21-\x7e]+")
_FAILURES_KEPT = {"login", "denied", "credentials"}
_FAILURE_SECONDS = 30.0
_BASIC_SECONDS = 3600.0
_SHORTEST_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Access:
    """The Authorization header of a request, empty for none; and whether a login is behind it."""

    header: str = field(default="", repr=False)
    by_login: bool = False


NOBODY = Access()


@dataclass(slots=True)
class _Slot:
    """What one repository's requests carry; the lock is held by the thread that asks for it."""

    lock: threading.Lock = field(default_factory=threading.Lock)
    access: "Access" = field(default_factory=lambda: NOBODY)
    problem: Problem | None = None
    until: float = 0.0


class Authorizer:
    """Answers challenges. One thread asks for a repository's token, the others wait for it."""

    def __init__(self, settings: RegistrySettings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._lock = threading.Lock()
        self._slots: dict[RepositoryAddress, _Slot] = {}

    def current(self, place: RepositoryAddress) -> Access:
        """What the last answer to a challenge gave, NOBODY without one."""
        slot = self._slot(place)
        return slot.access if time.monotonic() < slot.until else NOBODY

    def refused(self, place: RepositoryAddress, access: Access) -> SourceError:
        """The error for an access that the registry did not take; kept like other failures."""
        if not access.by_login:
            error = no_login(place.host)
        elif access.header.startswith("Basic "):
            error = login_refused(place.host)
        else:
            error = errors.refused_status(place.host, 403, place.path)
        slot = self._slot(place)
        if slot.access == access:  # else another thread has got a newer one
            _keep(slot, error.problem)
        return error

    def answer(
        self, place: RepositoryAddress, challenge: str, refused: Access, deadline: Deadline
    ) -> Access:
        """The access for a challenge; `refused` is the one that was just turned down.

        Raises SourceError `login`, `denied` or `credentials`; it is kept for half a minute, so that
        a wrong password is not tried once for every tag.
        """
        slot = self._slot(place)
        if not slot.lock.acquire(timeout=deadline.left()):
            raise errors.timed_out(place.host)
        try:
            if time.monotonic() < slot.until:
                if slot.problem is not None:
                    raise SourceError(slot.problem)
                if slot.access != refused:
                    return slot.access
            return self._renew(slot, lambda: self._make(place, challenge, refused, deadline))
        finally:
            slot.lock.release()

    def _slot(self, place: RepositoryAddress) -> _Slot:
        with self._lock:
            return self._slots.setdefault(place, _Slot())

    def _renew(self, slot: _Slot, make: Callable[[], tuple[Access, float]]) -> Access:
        slot.access, slot.problem, slot.until = NOBODY, None, 0.0
        try:
            slot.access, seconds = make()
        except SourceError as error:
            if error.problem.code in _FAILURES_KEPT:
                _keep(slot, error.problem)
            raise
        slot.until = time.monotonic() + seconds
        return slot.access

    def _make(
        self, place: RepositoryAddress, challenge: str, refused: Access, deadline: Deadline
    ) -> tuple[Access, float]:
        host = place.host
        schemes = parse_challenge(challenge)
        if "bearer" not in schemes and "basic" not in schemes:
            raise errors.malformed(host, "asks for a login in an unknown way")
        environment = self._settings.environment
        login = read_login(host, self._settings.docker_config, environment, deadline)
        if "bearer" in schemes:
            return self._token(place, schemes["bearer"], login, deadline)
        if login is None or not login.user:
            raise no_login(host)
        access = Access(login.basic(), by_login=True)
        if access == refused:
            raise login_refused(host)
        return access, _BASIC_SECONDS

    def _realm(self, host: str, realm: str) -> str:
        """The token server, which must be one that a login may be sent to."""
        try:
            url = urlsplit(realm)
        except ValueError:
            url = urlsplit("")
        if is_host(url.netloc) and (
            url.scheme == "https"
            or (url.scheme == "http" and self._plain_allowed(host, url.netloc))
        ):
            return realm
        raise errors.failure(
            host,
            "unsafe-realm",
            f"{host} wants the login sent to a place that is not https",
            "serve the token realm over https, or set insecure for its host in the configuration",
        )

    def _plain_allowed(self, host: str, netloc: str) -> bool:
        """Plain http: from loopback to loopback, or where configuration says insecure."""
        if is_loopback(netloc):
            return is_loopback(host)
        same = name_of(netloc) == name_of(host)
        rules = [self._settings.rule(netloc)] + ([self._settings.rule(host)] if same else [])
        return any(rule.insecure for rule in rules)

    def _token(
        self,
        place: RepositoryAddress,
        challenge: Mapping[str, str],
        login: Login | None,
        deadline: Deadline,
    ) -> tuple[Access, float]:
        host, realm = place.host, self._realm(place.host, challenge.get("realm", ""))
        scope = f"repository:{place.path}:pull"
        query = {"service": challenge.get("service", ""), "scope": scope}
        query = {name: value for name, value in query.items() if value}
        reply = self._transport.send(_token_request(host, realm, query, login), deadline)
        if reply.status in {400, 401, 403}:
            if login is None:
                raise no_login(host)
            raise login_refused(host)
        if reply.status != 200:
            raise errors.refused_status(host, reply.status, "a token")
        token, seconds = _read_token(host, reply)
        return Access(f"Bearer {token}", login is not None), seconds


def _keep(slot: _Slot, problem: Problem) -> None:
    slot.access, slot.problem = NOBODY, problem
    slot.until = time.monotonic() + _FAILURE_SECONDS


def parse_challenge(header: str) -> dict[str, dict[str, str]]:
    """The schemes of a WWW-Authenticate header, lower-case, each with its parameters."""
    schemes: dict[str, dict[str, str]] = {}
    current: dict[str, str] = {}
    for part in _PART.finditer(header[:2048]):
        name, quoted, plain = part[1].lower(), part[2], part[3]
        if quoted is None and plain is None:
            current = schemes.setdefault(name, {})
        else:
            current[name] = re.sub(r"\\(.)", r"\1", quoted) if quoted is not None else plain
    return schemes


def no_login(host: str) -> SourceError:
    """The registry wants a login, and there is none."""
    message = f"{host} asks for a login, and config.json has none for it"
    return errors.failure(host, "login", message, errors.login_hint(host))


def login_refused(host: str) -> SourceError:
    """The registry, or its token server, does not take the login."""
    message = f"{host} refused the login of config.json"
    return errors.failure(host, "login", message, errors.login_hint(host))


def _token_request(
    host: str, realm: str, query: Mapping[str, str], login: Login | None
) -> HttpRequest:
    if login is not None and login.identity_token:
        form = {
            **query,
            "grant_type": "refresh_token",
            "client_id": "whatsrunning",
            "refresh_token": login.identity_token,
        }
        return HttpRequest(host, "POST", realm, form=form)
    headers = {} if login is None else {"Authorization": login.basic()}
    return HttpRequest(host, "GET", realm, headers, query=query)


def _read_token(host: str, reply: Reply) -> tuple[str, float]:
    broken = errors.malformed(host, "gave a token that cannot be read")
    try:
        document = json.loads(reply.body)
        token = document.get("token") or document.get("access_token")
        seconds = float(document.get("expires_in") or 60)
    except (ValueError, TypeError, AttributeError, RecursionError, OverflowError):
        raise broken from None
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise broken
    return token, max(seconds - 10, _SHORTEST_SECONDS)
