"""Why a registry could not be looked at, in words that name the host and the next step."""

import re
import ssl

from urllib3 import exceptions

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.query import SourceError
from whatsrunning.sources.interface import Row, causes_of, explained

_REACHABLE = "check that {host} runs and is reachable"
_NO_PROXY = "check HTTPS_PROXY and HTTP_PROXY, or add the host to NO_PROXY"
_LATE = (TimeoutError, exceptions.TimeoutError)
_TLS = (ssl.SSLError, exceptions.SSLError)
_NO_NAME = exceptions.NameResolutionError
# The order matters: to urllib3 a connection that was refused is a TimeoutError too.
_FAILURES: tuple[Row, ...] = (
    (exceptions.ProxyError, "refused", "the proxy did not lead to {host}", _NO_PROXY),
    (_TLS, "tls", "{host} does not speak TLS as it should", "check the port, and {ca}"),
    (_NO_NAME, "no-such-host", "the name {host} is not known", "check the DNS"),
    (ConnectionRefusedError, "refused", "{host} refused the connection", _REACHABLE),
    (exceptions.NewConnectionError, "refused", "{host} cannot be reached", _REACHABLE),
    (_LATE, "timeout", "{host} did not answer in time", "try again with a longer --timeout"),
    (exceptions.ProtocolError, "broken", "{host} broke the connection off", "try again"),
)
# OpenSSL's codes (https://docs.openssl.org/3.0/man3/X509_STORE_CTX_get_error/).
_CERTIFICATES = {10: "has expired", 62: "is for another name", 64: "is for another name"}
_ECR = re.compile(r"(\.dkr[.-]ecr[.-]|^public\.ecr\.aws$)")


def failure(host: str, code: str, message: str, hint: str = "") -> SourceError:
    """The error of one registry, ready to raise."""
    return SourceError(Problem("registry", host, code, message, hint))


def login_hint(host: str) -> str:
    """How to log in to a registry."""
    # https://docs.aws.amazon.com/AmazonECR/latest/userguide/registry_auth.html
    if _ECR.search(host):
        return (
            "a login to ECR lasts 12 hours: aws ecr get-login-password | "
            f"docker login --username AWS --password-stdin {host}"
        )
    return "docker login" if host == "docker.io" else f"docker login {host}"


def malformed(host: str, message: str) -> SourceError:
    """The host answered with something that no registry says."""
    hint = f"check that {host} is a registry, or what is before it"
    return failure(host, "malformed", f"{host} {message}", hint)


def other_digest(host: str, what: str) -> SourceError:
    """The body is not the one that its digest stands for."""
    message = f"{host} sent {what} whose digest is another one"
    return failure(host, "digest-mismatch", message, "a cache before the registry may be broken")


def elsewhere(host: str, place: str, status: int) -> SourceError:
    """Another host, where a registry keeps its blobs, has no answer."""
    message = f"{place}, where {host} keeps its blobs, answered with status {status}"
    return failure(host, "storage", message, f"try again later, or check the storage of {host}")


def incomplete(host: str, path: str, what: str) -> SourceError:
    """An image is there, and a part of it is not."""
    message = f"{host} has an image of {path}, but not its {what}"
    return failure(host, "incomplete", message, "push the image again, or ask where it came from")


def from_exception(host: str, error: Exception) -> SourceError:
    """What a failed request means. The library's own text may hold addresses, so it is left out."""
    causes = causes_of(error)
    ca = f'/etc/docker/certs.d/{host}/ca.crt, or ca under [registries."{host}"]'
    why = explained(causes, _FAILURES, host=host, ca=f"{ca} in the configuration")
    if why is None:
        return malformed(host, "sent a reply that cannot be read")
    code, message, hint = why
    for cause in causes if code == "tls" else ():
        if isinstance(cause, ssl.SSLCertVerificationError):
            fault = _CERTIFICATES.get(cause.verify_code)
            message = f"the certificate of {host} {fault or 'is signed by an unknown authority'}"
            unknown = f"put its CA into {ca} in the configuration"
            hint = f"renew the certificate, or check the name {host}" if fault else unknown
    return failure(host, code, message, hint)


def cut_off(error: Exception) -> bool:
    """Whether the connection broke in the middle: worth one more try."""
    return any(
        isinstance(cause, ConnectionError | ssl.SSLEOFError)
        and not isinstance(cause, ConnectionRefusedError)
        for cause in causes_of(error)
    )


def refused_status(host: str, status: int, asked: str) -> SourceError:
    """What a status means that is neither an answer nor "not there"."""
    if status == 403:
        login = f"check the permissions of the login to {host}"
        hint = login_hint(host) if _ECR.search(host) else login
        return failure(host, "denied", f"{host} denies reading {asked}", hint)
    if status == 429:
        message = f"{host} asks for a pause before more requests"
        hint = f"try again later; a login may raise the limit: {login_hint(host)}"
        return failure(host, "rate-limited", message, hint)
    if status >= 500:
        message = f"{host} failed with status {status}"
        return failure(host, "server-error", message, "try again later")
    return malformed(host, f"answered {asked} with the unexpected status {status}")
