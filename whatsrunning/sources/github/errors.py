"""What went wrong at GitHub, in words: no text of the server and no secret gets into a message."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from github import GithubException
from requests import exceptions as failures
from urllib3.exceptions import HTTPError

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.query import Deadline

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
"""Everything that a call through PyGithub is known to raise; anything else is a fault of ours."""
_UNREADABLE = (
    failures.ContentDecodingError,
    failures.JSONDecodeError,
    failures.InvalidURL,
    failures.InvalidHeader,
)
_PERMISSIONS = re.compile(r"[a-z_]+=[a-z]+(?:[,;] ?[a-z_]+=[a-z]+){0,9}")


@dataclass(frozen=True, slots=True)
class RequestInfo:
    """What a request is about: OWNER/NAME, the API's host, and whether a token goes with it."""

    repository: str
    host: str
    with_token: bool
    deadline: Deadline

    def problem(self, code: str, message: str, hint: str) -> Problem:
        return Problem("github", self.repository, code, message, hint)


def problem_of(error: BaseException, request: RequestInfo) -> Problem:
    """The problem that an exception of PyGithub, requests or urllib3 stands for."""
    if isinstance(error, GithubException):
        return _refused(error, request)
    if isinstance(error, failures.Timeout | TimeoutError) or not request.deadline.left():
        return timed_out(request)
    if isinstance(error, failures.SSLError):
        return _no_tls(error, request)
    if isinstance(error, OSError) and not isinstance(error, _UNREADABLE):
        message = f"no connection to {request.host}"
        return request.problem("unreachable", message, "check the network and the API's address")
    if isinstance(error, RuntimeError):  # PyGithub refused a redirect, or one never ended
        message = f"{request.host} redirects {request.repository} to another host or in a circle"
        return request.problem("redirected", message, "correct GITHUB_API_URL or GH_HOST")
    return bad_reply(request)


def _no_tls(error: failures.SSLError, request: RequestInfo) -> Problem:
    if "CERTIFICATE_VERIFY_FAILED" in str(error):
        message = f"the TLS certificate of {request.host} is not trusted"
        hint = "name the CA's file in REQUESTS_CA_BUNDLE, if the host is yours"
        return request.problem("certificate", message, hint)
    message = f"no TLS connection to {request.host}"
    return request.problem("unreachable", message, "check the API's address and any proxy between")


def bad_reply(request: RequestInfo) -> Problem:
    """The reply was not what GitHub's description says."""
    about = f"{request.host} answered for {request.repository}"
    message = f"{about} with something that is not GitHub's API"
    hint = "check GITHUB_API_URL, GH_HOST and any proxy between"
    return request.problem("bad-reply", message, hint)


def timed_out(request: RequestInfo) -> Problem:
    """The deadline passed before the reply was there."""
    message = f"{request.host} did not answer about {request.repository} in time"
    return request.problem("timeout", message, "allow it more time with --timeout SECONDS")


def rate_limited(request: RequestInfo, headers: Mapping[str, str]) -> Problem:
    """The limit is used up; the message has the time of its reset where the server says it."""
    until = _reset(headers)
    when = f", until {until:%Y-%m-%dT%H:%M:%SZ}" if until else ""
    about = f"(asked about {request.repository})"
    message = f"the rate limit of {request.host} is used up{when} {about}"
    hint = "ask again after that"
    if not request.with_token:
        hint += f", or set GH_TOKEN and name {request.repository} with -R for more than 60 an hour"
    return request.problem("rate-limited", message, hint)


def forbidden(request: RequestInfo, headers: Mapping[str, str], *, sso: bool) -> Problem:
    """The token is known but may not read this."""
    message = f"{request.host} does not let us read this of {request.repository}"
    hint = "use a token with read access to contents, pull requests, actions, checks and statuses"
    needed = headers.get("x-accepted-github-permissions", "")
    if sso:
        wanted = "the token to be authorized for its organization's SSO"
        message = f"{request.repository} wants {wanted}"
        hint = "authorize it at GitHub: Settings, Developer settings, the token, Configure SSO"
    elif _PERMISSIONS.fullmatch(needed):
        hint = f"the token needs the permission {needed}"
    return request.problem("forbidden", message, hint)


def not_found(request: RequestInfo) -> Problem:
    """The repository is not there, or not shown to us: GitHub makes no difference."""
    hint = "check the name, and that the token may read it"
    if not request.with_token:
        hint = "check the name; a private one looks the same: set GH_TOKEN and name it with -R"
    message = f"{request.host} shows no repository {request.repository}"
    return request.problem("repository-not-found", message, hint)


def _refused(error: GithubException, request: RequestInfo) -> Problem:
    # 403 is also a limit, the hour's or a secondary one:
    # https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
    headers, body = error.headers or {}, error.data
    words = str(body.get("message")).lower() if isinstance(body, dict) else ""
    used_up = headers.get("x-ratelimit-remaining") == "0"
    is_limit = used_up or "retry-after" in headers or "rate limit" in words
    if error.status == 401:
        message = f"{request.host} refused the token"
        hint = "it may have expired or been revoked: set a new GH_TOKEN, or run gh auth login"
        return request.problem("token-refused", message, hint)
    if error.status == 429 or (error.status == 403 and is_limit):
        return rate_limited(request, headers)
    if error.status == 403:
        return forbidden(request, headers, sso="x-github-sso" in headers or "saml" in words)
    if error.status == 404:
        return not_found(request)
    if error.status >= 500:
        message = f"{request.host} has a fault of its own (HTTP {error.status})"
        return request.problem("server-error", message, "see githubstatus.com, and ask again")
    return bad_reply(request)


def _reset(headers: Mapping[str, str]) -> datetime | None:
    """When to ask again: after a secondary limit by Retry-After, else at the hour's reset."""
    wait, reset = headers.get("retry-after", ""), headers.get("x-ratelimit-reset", "")
    if wait.isascii() and wait.isdigit() and len(wait) < 7:
        return datetime.now(UTC) + timedelta(seconds=int(wait))
    if reset.isascii() and reset.isdigit() and len(reset) < 12:
        return datetime.fromtimestamp(int(reset), UTC)
    return None
