"""What went wrong at GitHub, in words: no text of the server and no secret gets into a message."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from github import GithubException
from requests import exceptions as failures
from urllib3.exceptions import HTTPError, ReadTimeoutError

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.ports import Deadline

FAILURES = (
    GithubException,
    failures.RequestException,
    HTTPError,
    OSError,
    RuntimeError,  # PyGithub's word for a redirect it refuses, and for one that never ends
    ValueError,  # no JSON
    AssertionError,
    AttributeError,  # PyGithub reads an error's body without looking at its type
    KeyError,
    TypeError,
)
"""Everything that a call through PyGithub is known to raise."""
_PERMISSIONS = re.compile(r"[a-z_]+=[a-z]+(?:[,;] ?[a-z_]+=[a-z]+){0,9}")


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """What a call was about: OWNER/NAME, the API's host, and whether a token went with it."""

    repository: str
    host: str
    with_token: bool
    deadline: Deadline

    def problem(self, code: str, message: str, hint: str) -> Problem:
        """A problem of GitHub with this repository as its subject."""
        return Problem("github", self.repository, code, message, hint)


def problem_of(error: BaseException, asked: RequestInfo) -> Problem:
    """The problem that an exception of PyGithub, requests or urllib3 stands for."""
    if isinstance(error, GithubException):
        return _refused(error, asked)
    if _is_timeout(error) or not asked.deadline.left():
        return timed_out(asked)
    if isinstance(error, failures.SSLError):
        return _no_tls(error, asked)
    if isinstance(error, failures.ConnectionError | OSError) and not _is_content(error):
        message = f"no connection to {asked.host}"
        return asked.problem("unreachable", message, "check the network and the API's address")
    if isinstance(error, RuntimeError):
        message = f"{asked.host} redirects {asked.repository} to another host or in a circle"
        return asked.problem("redirected", message, "correct GITHUB_API_URL or GH_HOST")
    return bad_reply(asked)


def _no_tls(error: failures.SSLError, asked: RequestInfo) -> Problem:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        message = f"the TLS certificate of {asked.host} is not trusted"
        hint = "name the CA's file in REQUESTS_CA_BUNDLE, if the host is yours"
        return asked.problem("certificate", message, hint)
    message = f"no TLS connection to {asked.host}"
    return asked.problem("unreachable", message, "check the API's address and any proxy between")


def bad_reply(asked: RequestInfo) -> Problem:
    """The reply was not what GitHub's description says."""
    message = (
        f"{asked.host} answered for {asked.repository} with something that is not GitHub's API"
    )
    return asked.problem(
        "bad-reply", message, "check GITHUB_API_URL, GH_HOST and any proxy between"
    )


def timed_out(asked: RequestInfo) -> Problem:
    """The deadline passed before the reply was there."""
    message = f"{asked.host} did not answer about {asked.repository} in time"
    return asked.problem("timeout", message, "allow it more time with --timeout SECONDS")


def rate_limited(asked: RequestInfo, headers: Mapping[str, str]) -> Problem:
    """The limit is used up; the message has the time of its reset where the server says it."""
    until = _reset(headers)
    when = f", until {until:%Y-%m-%dT%H:%M:%SZ}" if until else ""
    message = f"the rate limit of {asked.host} is used up{when} (asked about {asked.repository})"
    hint = "ask again after that"
    if not asked.with_token:
        hint += f", or set GH_TOKEN and name {asked.repository} with -R for more than 60 an hour"
    return asked.problem("rate-limited", message, hint)


def forbidden(asked: RequestInfo, headers: Mapping[str, str], *, sso: bool) -> Problem:
    """The token is known but may not read this."""
    if sso:
        message = f"{asked.repository} wants the token to be authorized for its organization's SSO"
        hint = "authorize it at GitHub: Settings, Developer settings, the token, Configure SSO"
        return asked.problem("forbidden", message, hint)
    message = f"{asked.host} does not let us read this of {asked.repository}"
    needed = headers.get("x-accepted-github-permissions", "")
    if _PERMISSIONS.fullmatch(needed):
        return asked.problem("forbidden", message, f"the token needs the permission {needed}")
    hint = "use a token with read access to contents, pull requests, actions, checks and statuses"
    return asked.problem("forbidden", message, hint)


def not_found(asked: RequestInfo) -> Problem:
    """The repository is not there, or not shown to us: GitHub makes no difference."""
    message = f"{asked.host} shows no repository {asked.repository}"
    if asked.with_token:
        hint = "check the name, and that the token may read it"
    else:
        hint = "check the name; a private one looks the same: set GH_TOKEN and name it with -R"
    return asked.problem("repository-not-found", message, hint)


def _refused(error: GithubException, asked: RequestInfo) -> Problem:
    """The problem behind a status of 400 or more."""
    headers = headers_of(error)
    said = message_of(error.data)
    if error.status == 401:
        message = f"{asked.host} refused the token"
        hint = "it may have expired or been revoked: set a new GH_TOKEN, or run gh auth login"
        return asked.problem("token-refused", message, hint)
    if error.status == 429 or (error.status == 403 and _is_limit(headers, said)):
        return rate_limited(asked, headers)
    if error.status == 403:
        return forbidden(asked, headers, sso="x-github-sso" in headers or "saml" in said)
    if error.status == 404:
        return not_found(asked)
    if error.status >= 500:
        message = f"{asked.host} has a fault of its own (HTTP {error.status})"
        return asked.problem("server-error", message, "see githubstatus.com, and ask again")
    return bad_reply(asked)


def headers_of(error: GithubException) -> dict[str, str]:
    """The reply's headers, names in lower case."""
    return {str(k).lower(): str(v) for k, v in (error.headers or {}).items()}


def message_of(data: Any) -> str:
    """What the server says, in lower case, to be compared and never shown."""
    said = data.get("message") if isinstance(data, dict) else ""
    return said.lower() if isinstance(said, str) else ""


def _is_limit(headers: Mapping[str, str], said: str) -> bool:
    used_up = headers.get("x-ratelimit-remaining") == "0"
    return used_up or "retry-after" in headers or "rate limit" in said


def _reset(headers: Mapping[str, str]) -> datetime | None:
    """When to ask again: after a secondary limit by Retry-After, else at the hour's reset."""
    wait, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if wait.isascii() and wait.isdigit() and len(wait) < 7:
        return datetime.now(UTC) + timedelta(seconds=int(wait))
    if reset.isascii() and reset.isdigit() and len(reset) < 12:
        return datetime.fromtimestamp(int(reset), UTC)
    return None


def _is_timeout(error: BaseException) -> bool:
    reason = getattr(error.args[0], "reason", None) if error.args else None
    return isinstance(error, failures.Timeout | TimeoutError) or isinstance(
        reason, ReadTimeoutError
    )


def _is_content(error: BaseException) -> bool:
    """Requests counts bodies that it cannot read among the errors of the operating system."""
    kinds = (
        failures.ContentDecodingError,
        failures.JSONDecodeError,
        failures.InvalidURL,
        failures.InvalidHeader,
    )
    return isinstance(error, kinds)
