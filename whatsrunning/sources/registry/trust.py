"""Which scheme a registry is asked by, and which certificates are believed, as Docker does it.

Plain http is for loopback (https://docs.docker.com/reference/cli/dockerd/#insecure-registries), CA
files are in certs.d (https://docs.docker.com/engine/security/certificates/).
"""

import os
import socket
import ssl
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from urllib.parse import urlsplit

from whatsrunning.facts.query import Deadline
from whatsrunning.facts.scope import RegistryRule
from whatsrunning.sources.interface import host_name, is_loopback
from whatsrunning.sources.registry.errors import failure
from whatsrunning.sources.registry.names import api_of, is_host

_BUNDLES = ("REQUESTS_CA_BUNDLE", "CURL_CA_BUNDLE", "SSL_CERT_FILE")
_PROBE_SECONDS = 2.0


@dataclass(frozen=True, slots=True)
class RegistrySettings:
    """What reading registries depends on; `environment` is for credential helpers and the CA."""

    docker_config: Path
    certs_dir: Path = Path("/etc/docker/certs.d")
    hosts: Mapping[str, RegistryRule] = field(default_factory=dict)
    environment: Mapping[str, str] = field(default_factory=lambda: dict(os.environ), repr=False)

    def rule(self, host: str) -> RegistryRule:
        """The rule of a registry's host, port included; nothing special unless configured."""
        return self.hosts.get(host, RegistryRule())


def schemes(host: str, settings: RegistrySettings) -> tuple[str, ...]:
    """The schemes to try, in order. Plain http is for loopback, or where configuration says so."""
    if settings.rule(host).insecure:
        return ("http", "https") if is_loopback(host) else ("https", "http")
    if is_loopback(host) and own_ca(host, settings) is None:
        return ("http", "https")
    return ("https",)


def own_ca(host: str, settings: RegistrySettings) -> Path | None:
    """The CA file for this host alone: configuration first, then Docker's certs.d."""
    if configured := settings.rule(host).ca:
        return Path(configured).expanduser()
    files = (settings.certs_dir / host).glob("*.crt")
    return min(files, key=lambda path: (path.name != "ca.crt", path), default=None)


def verification(host: str, netloc: str, settings: RegistrySettings) -> bool | str:
    """How requests checks a certificate of `netloc`: a CA file, the usual ones, or not at all."""
    # The registry on whose behalf we ask, `host`, makes exceptions for its own name only.
    is_own = netloc == api_of(host) or host_name(netloc) == host_name(host)
    owner = host if is_own else netloc
    if settings.rule(netloc).insecure or settings.rule(owner).insecure:
        return False
    ca = own_ca(netloc, settings) or own_ca(owner, settings)
    if ca is None:
        return _usual(host, settings)
    try:
        ssl.create_default_context(cafile=str(ca))
    except (OSError, ValueError):
        message = f"the CA file {ca} for {host} cannot be used"
        hint = "it must be readable, and hold certificates in PEM"
        raise failure(host, "tls", message, hint) from None
    return str(ca)


def is_safe(host: str, url: str, settings: RegistrySettings) -> bool:
    """Whether a place that a reply of `host` names may be asked: https, and no user in it.

    Plain http only from loopback to loopback, or where configuration says insecure.
    """
    try:
        scheme, netloc = urlsplit(url)[:2]
    except ValueError:
        return False
    owners = {netloc, host} if host_name(netloc) == host_name(host) else {netloc}
    is_insecure = any(settings.rule(owner).insecure for owner in owners)
    is_plain_allowed = is_loopback(host) if is_loopback(netloc) else is_insecure
    return is_host(netloc) and (scheme == "https" or (scheme == "http" and is_plain_allowed))


def speaks_tls(netloc: str, deadline: Deadline) -> bool:
    """Whether a TLS handshake works there at all, whatever the certificate."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname, context.verify_mode = False, ssl.CERT_NONE
    port = netloc.rpartition(":")[2]
    address = (host_name(netloc), int(port) if port.isdigit() else 443)
    try:
        patience = min(_PROBE_SECONDS, deadline.left()) or 0.001
        with socket.create_connection(address, patience) as plain, context.wrap_socket(plain):
            return True
    except OSError:
        return False


def _usual(host: str, settings: RegistrySettings) -> bool | str:
    for name in _BUNDLES:
        bundle = settings.environment.get(name)
        if bundle and os.access(bundle, os.R_OK):
            return bundle
        if bundle:
            message = f"the CA bundle {bundle}, which {name} names, cannot be read"
            raise failure(host, "tls", message, f"correct or unset {name}")
    # The machine's own bundle knows a company's CA, as Docker does; the library's own does not.
    system = ssl.get_default_verify_paths().cafile
    return system if system and os.access(system, os.R_OK) else True
