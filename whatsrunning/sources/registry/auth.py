"""What a registry's challenge asks for, and the header that answers it, one per repository.

https://distribution.github.io/distribution/spec/auth/token/ and, for identity tokens,
https://distribution.github.io/distribution/spec/auth/oauth/.
"""

import re
import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources import json_reader as j
from whatsrunning.sources.http import Reply
from whatsrunning.sources.interface import held
from whatsrunning.sources.registry import errors
from whatsrunning.sources.registry.credentials import Login, read_login
from whatsrunning.sources.registry.names import RepositoryAddress
from whatsrunning.sources.registry.transport import HttpRequest, Transport
from whatsrunning.sources.registry.trust import RegistrySettings, is_safe

Schemes = dict[str, dict[str, str]]
_PART = re.compile(
    r'\b([A-Za-z][A-Za-z0-9_-]*)(?:\s*=\s*(?:"((?:[^"\\]|\\.)*)"|([^\s,"]+))|(?=[\s,]|$))'
)
_TOKEN = re.compile(r"[\x21-\x7e]+")
_KEPT_FAILURES = {"login", "denied", "credentials"}
_FAILURE_SECONDS = 30.0
_BASIC_SECONDS = 3600.0
_SHORTEST_SECONDS = 20.0


@dataclass(frozen=True, slots=True)
class Access:
    """A request's Authorization, if any; whether a login is behind it, and the seconds it lasts."""

    header: str | None = field(default=None, repr=False)
    by_login: bool = False
    seconds: float = field(default=0.0, compare=False)


NOBODY = Access()


@dataclass(slots=True)
class _Slot:
    """What one repository's requests carry; the lock is held by the thread that asks for it."""

    lock: threading.Semaphore = field(default_factory=threading.Semaphore)
    access: Access = NOBODY
    problem: Problem | None = None
    until: float = 0.0

    def keep(self, access: Access = NOBODY, problem: Problem | None = None) -> None:
        self.access, self.problem = access, problem
        self.until = time.monotonic() + (_FAILURE_SECONDS if problem else access.seconds)


class Authorizer:
    """Answers challenges. One thread asks for a repository's token, the others wait for it."""

    def __init__(self, settings: RegistrySettings, transport: Transport) -> None:
        self._settings = settings
        self._transport = transport
        self._slots: dict[str, _Slot] = {}  # by a text, or setdefault would not be atomic

    def current(self, address: RepositoryAddress) -> Access:
        """What the last answer to a challenge gave, NOBODY without one."""
        slot = self._slot(address)
        return slot.access if time.monotonic() < slot.until else NOBODY

    def refused(self, address: RepositoryAddress, access: Access) -> SourceError:
        """The error for an access that the registry did not take; kept like other failures."""
        if access.by_login and access.header and access.header.startswith("Bearer "):
            error = errors.refused_status(address.host, 403, address.path)
        else:
            error = _login_error(address.host, access.by_login)
        slot = self._slot(address)
        if slot.access == access:  # else another thread has got a newer one
            slot.keep(problem=error.problem)
        return error

    def answer(
        self, address: RepositoryAddress, challenge: str, refused: Access, deadline: Deadline
    ) -> Access:
        """The access for a challenge; `refused` is the one that was just turned down."""
        slot = self._slot(address)
        late = errors.from_exception(address.host, TimeoutError())
        with held(slot.lock, deadline, late):
            if time.monotonic() < slot.until:
                if slot.problem is not None:
                    raise SourceError(slot.problem)
                if slot.access != refused:
                    return slot.access
            slot.keep()
            try:
                slot.keep(self._make(address, parse_challenge(challenge), refused, deadline))
            except SourceError as error:
                # Kept, or a wrong password would be tried once for every tag.
                if error.problem.code in _KEPT_FAILURES:
                    slot.keep(problem=error.problem)
                raise
            return slot.access

    def _slot(self, address: RepositoryAddress) -> _Slot:
        return self._slots.setdefault(f"{address.host}/{address.path}", _Slot())

    def _make(
        self, address: RepositoryAddress, schemes: Schemes, refused: Access, deadline: Deadline
    ) -> Access:
        host = address.host
        if "bearer" not in schemes and "basic" not in schemes:
            raise errors.malformed(host, "asks for a login in an unknown way")
        login = read_login(host, self._settings, deadline)
        if "bearer" in schemes:
            request = self._token_request(address, schemes["bearer"], login)
            return _read_token(request, self._transport.send(request, deadline), login is not None)
        access = Access(login.basic(), True, _BASIC_SECONDS) if login and login.user else NOBODY
        if access in (NOBODY, refused):
            raise _login_error(host, access.by_login)
        return access

    def _token_request(
        self, address: RepositoryAddress, challenge: Mapping[str, str], login: Login | None
    ) -> HttpRequest:
        realm = self._realm(address.host, challenge.get("realm", ""))
        scope = f"repository:{address.path}:pull"
        query = {"service": challenge.get("service") or None, "scope": scope}
        if login is None or not login.identity_token:
            headers = {"Authorization": login.basic() if login else None}
            return HttpRequest(address.host, "GET", realm, headers, query=query)
        form = {
            **query,
            "grant_type": "refresh_token",
            "client_id": "whatsrunning",
            "refresh_token": login.identity_token,
        }
        return HttpRequest(address.host, "POST", realm, form=form)

    def _realm(self, host: str, realm: str) -> str:
        """The token server, which must be one that a login may be sent to."""
        if is_safe(host, realm, self._settings):
            return realm
        message = f"{host} wants the login sent to a place that is not https"
        hint = "serve the token realm over https, or set insecure for its host in the configuration"
        raise errors.failure(host, "unsafe-realm", message, hint)


def parse_challenge(header: str) -> Schemes:
    """The schemes of a WWW-Authenticate header, lower-case, each with its parameters."""
    schemes: Schemes = {}
    current: dict[str, str] = {}
    for part in _PART.finditer(header[:2048]):
        name, quoted, plain = part[1].lower(), part[2], part[3]
        if quoted is None and plain is None:
            current = schemes.setdefault(name, {})
        else:
            current[name] = plain or re.sub(r"\\(.)", r"\1", quoted)
    return schemes


def _login_error(host: str, has_login: bool) -> SourceError:
    missing = f"{host} asks for a login, and config.json has none for it"
    refused = f"{host} refused the login of config.json"
    return errors.failure(host, "login", refused if has_login else missing, errors.login_hint(host))


def _read_token(request: HttpRequest, reply: Reply, by_login: bool) -> Access:
    if reply.status in {400, 401, 403}:
        raise _login_error(request.host, by_login)
    if reply.status != 200:
        raise errors.refused_status(request.host, reply.status, "a token")
    try:
        document = j.obj(j.loads(reply.body))
        token = document.get("token") or document.get("access_token")
        seconds = float(document.get("expires_in") or 60)
    except (ValueError, TypeError, OverflowError):
        token, seconds = None, 0.0
    if not isinstance(token, str) or not _TOKEN.fullmatch(token):
        raise errors.malformed(request.host, "gave a token that cannot be read")
    return Access(f"Bearer {token}", by_login, max(seconds - 10, _SHORTEST_SECONDS))
