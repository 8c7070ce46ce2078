"""Why a registry could not be looked at, in words that name the host and the next step."""

import re
import ssl
from collections.abc import Iterator

import urllib3

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.ports import SourceError

_TLS_REASONS = {10: "has expired", 62: "is for another name", 64: "is for another name"}
_ECR = re.compile(r"(\.dkr[.-]ecr[.-]|^public\.ecr\.aws$)")


def failure(host: str, code: str, message: str, hint: str = "") -> SourceError:
    """The error of one registry, ready to raise."""
    return SourceError(Problem("registry", host, code, message, hint))


def login_hint(host: str) -> str:
    """How to log in to a registry; ECR's logins end after 12 hours (DESIGN section 7)."""
    if _ECR.search(host):
        return (
            "a login to ECR lasts 12 hours: aws ecr get-login-password | "
            f"docker login --username AWS --password-stdin {host}"
        )
    return "docker login" if host == "docker.io" else f"docker login {host}"


def timed_out(host: str) -> SourceError:
    """The deadline came first."""
    return failure(
        host, "timeout", f"{host} did not answer in time", "try again with a longer --timeout"
    )


def malformed(host: str, message: str) -> SourceError:
    """The host answered with something that no registry says."""
    return failure(
        host,
        "malformed",
        f"{host} {message}",
        f"check that {host} is a registry, or what is before it",
    )


def from_exception(host: str, error: Exception) -> SourceError:
    """What a failed request means. The library's own text may hold addresses, so it is left out."""
    causes = list(_causes(error))
    if any(isinstance(cause, urllib3.exceptions.ProxyError) for cause in causes):
        return failure(
            host,
            "refused",
            f"the proxy did not lead to {host}",
            "check HTTPS_PROXY and HTTP_PROXY, or add the host to NO_PROXY",
        )
    if any(isinstance(cause, ssl.SSLError | urllib3.exceptions.SSLError) for cause in causes):
        return _tls(host, causes)
    if any(isinstance(cause, urllib3.exceptions.NameResolutionError) for cause in causes):
        return failure(host, "no-such-host", f"the name {host} is not known", "check the DNS")
    if any(isinstance(cause, urllib3.exceptions.NewConnectionError) for cause in causes):
        refused = any(isinstance(cause, ConnectionRefusedError) for cause in causes)
        what = "refused the connection" if refused else "cannot be reached"
        return failure(
            host, "refused", f"{host} {what}", f"check that {host} runs and is reachable"
        )
    if any(isinstance(cause, TimeoutError | urllib3.exceptions.TimeoutError) for cause in causes):
        return timed_out(host)
    if any(isinstance(cause, urllib3.exceptions.ProtocolError) for cause in causes):
        return failure(host, "broken", f"{host} broke the connection off", "try again")
    return malformed(host, "sent a reply that cannot be read")


def cut_off(error: Exception) -> bool:
    """Whether the connection broke in the middle: worth one more try."""
    return any(
        isinstance(cause, ConnectionError | ssl.SSLEOFError)
        and not isinstance(cause, ConnectionRefusedError)
        for cause in _causes(error)
    )


def refused_status(host: str, status: int, asked: str) -> SourceError:
    """What a status means that is neither an answer nor "not there"."""
    if status == 403:
        hint = (
            login_hint(host)
            if _ECR.search(host)
            else f"check the permissions of the login to {host}"
        )
        return failure(host, "denied", f"{host} denies reading {asked}", hint)
    if status == 429:
        return rate_limited(host)
    if status >= 500:
        return failure(
            host, "server-error", f"{host} failed with status {status}", "try again later"
        )
    return malformed(host, f"answered {asked} with the unexpected status {status}")


def rate_limited(host: str) -> SourceError:
    """Too many requests, and no time to wait."""
    return failure(
        host,
        "rate-limited",
        f"{host} asks for a pause before more requests",
        f"try again later; a login may raise the limit: {login_hint(host)}",
    )


def _tls(host: str, causes: list[BaseException]) -> SourceError:
    ca = (
        f'/etc/docker/certs.d/{host}/ca.crt, or ca under [registries."{host}"] in the configuration'
    )
    for cause in causes:
        if isinstance(cause, ssl.SSLCertVerificationError):
            reason = _TLS_REASONS.get(cause.verify_code)
            if reason:
                return failure(
                    host,
                    "tls",
                    f"the certificate of {host} {reason}",
                    f"renew the certificate, or check the name {host}",
                )
            return failure(
                host,
                "tls",
                f"the certificate of {host} is signed by an unknown authority",
                f"put its CA into {ca}",
            )
    return failure(
        host, "tls", f"{host} does not speak TLS as it should", f"check the port, and {ca}"
    )


def _causes(error: BaseException) -> Iterator[BaseException]:
    """The exception and everything below it, however the libraries wrapped it."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting:
        cause = waiting.pop(0)
        if not isinstance(cause, BaseException) or id(cause) in seen:
            continue
        seen.add(id(cause))
        yield cause
        waiting += [cause.__cause__, cause.__context__, getattr(cause, "reason", None), *cause.args]
