"""A token realm as docker-registry's `auth: token` wants it, run in a thread."""

import base64
import json
import secrets
import time
import urllib.parse
from collections.abc import Mapping
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import jwt
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from tests.world.certificates import KeyPair, new_authority
from tests.world.serving import Serving

ISSUER = "test-issuer"
SERVICE = "test-registry"


@dataclass(frozen=True, slots=True)
class TokenRequest:
    """One request for a token, as it came: `user` is empty for an anonymous one."""

    method: str
    user: str
    scope: str
    granted: bool


@dataclass(slots=True)
class TokenServer:
    """The realm. Users may do everything; anonymous ones may only pull below `public/`.

    `lifetime` in seconds is written into new tokens and may be changed at any time.
    """

    users: Mapping[str, str]
    pair: KeyPair
    lifetime: int = 300
    requests: list[TokenRequest] = field(default_factory=list)
    _identities: dict[str, str] = field(default_factory=dict, repr=False)
    _server: Serving | None = field(default=None, repr=False)

    @property
    def realm(self) -> str:
        """The address that the registry's challenge names."""
        assert self._server is not None
        return f"http://{self._server.host}/token"

    def registry_settings(self) -> dict[str, str]:
        """The `auth.token` section of a docker-registry that trusts this realm."""
        return {
            "realm": self.realm,
            "service": SERVICE,
            "issuer": ISSUER,
            "rootcertbundle": str(self.pair.certificate),
        }

    def identity_token(self, user: str) -> str:
        """A refresh token for this user, as `docker login` stores it."""
        token = secrets.token_hex(16)
        self._identities[token] = user
        return token

    def mint(self, repository: str, actions: str = "pull,push,delete", user: str = "ci") -> str:
        """A signed token for one repository, without asking over HTTP."""
        now = int(time.time())
        granted = self._allowed(user, repository, actions)
        access = [{"type": "repository", "name": repository, "actions": granted}]
        der = x509.load_pem_x509_certificate(self.pair.certificate.read_bytes())
        chain = [base64.b64encode(der.public_bytes(Encoding.DER)).decode()]
        claims = {
            "iss": ISSUER,
            "sub": user,
            "aud": SERVICE,
            "iat": now,
            "nbf": now - 60,
            "exp": now + self.lifetime,
            "jti": secrets.token_hex(8),
            "access": access,
        }
        key = self.pair.key.read_text()
        return jwt.encode(claims, key, algorithm="ES256", headers={"x5c": chain})

    def stop(self) -> None:
        """Stop listening; connections are refused from then on."""
        if self._server is not None:
            self._server.stop()

    def _allowed(self, user: str, repository: str, actions: str) -> list[str]:
        if user:
            return actions.split(",")
        return ["pull"] if repository.startswith("public/") else []

    def answer(self, request: BaseHTTPRequestHandler) -> None:
        """Give or refuse one token, and write the request down."""
        size = int(request.headers.get("Content-Length") or 0)
        query = urllib.parse.urlsplit(request.path).query
        form = urllib.parse.parse_qs(query or request.rfile.read(size).decode())
        user = self._who(request, form)
        scope = " ".join(form.get("scope", []))
        method = request.command
        self.requests.append(TokenRequest(method, user or "", scope, user is not None))
        if user is None:
            _send(request, 401, {"details": "incorrect username or password"})
            return
        name, _, actions = scope.removeprefix("repository:").rpartition(":")
        token = self.mint(name, actions, user)
        _send(request, 200, {"token": token, "expires_in": self.lifetime})

    def _who(self, request: BaseHTTPRequestHandler, form: Mapping[str, list[str]]) -> str | None:
        """The user, empty for nobody in particular, None for one that is refused."""
        if request.command == "POST":
            valid = form.get("grant_type") == ["refresh_token"]
            return self._identities.get(form.get("refresh_token", [""])[0]) if valid else None
        scheme, _, value = request.headers.get("Authorization", "").partition(" ")
        if scheme != "Basic":
            return ""
        user, _, password = base64.b64decode(value).decode().partition(":")
        return user if user and self.users.get(user) == password else None


def start_token_server(
    folder: Path, users: Mapping[str, str] | None = None, lifetime: int = 300
) -> TokenServer:
    """A running realm with its key in `folder`; the users are `ci` with `secret` unless given."""
    pair = new_authority(folder).issue("tokens")
    server = TokenServer(users or {"ci": "secret"}, pair, lifetime)
    server._server = Serving(server.answer)
    return server


def _send(request: BaseHTTPRequestHandler, status: int, document: Mapping[str, Any]) -> None:
    body = json.dumps(document).encode()
    request.send_response(status)
    request.send_header("Content-Type", "application/json")
    request.send_header("Content-Length", str(len(body)))
    request.end_headers()
    request.wfile.write(body)
