"""Calls to GitHub through PyGithub: one requester a thread, no sleep, the deadline in every wait.

Nothing that a server sends is followed to another place: pages are asked by number.
"""

import re
import threading
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, cast
from urllib.parse import urlsplit

from github import Auth, GithubException
from github.Requester import Requester
from urllib3.util import Retry, Timeout

from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.sources.github.access import GithubAccess
from whatsrunning.sources.github.errors import (
    FAILURES,
    RequestInfo,
    bad_reply,
    headers_of,
    problem_of,
    rate_limited,
    timed_out,
)

PAGE = 100
_REPOSITORY = re.compile(r"[A-Za-z0-9_.-]{1,100}/[A-Za-z0-9_.-]{1,100}")
_ACCEPT = {"Accept": "application/vnd.github+json"}
# PyGithub's own retry sleeps until the rate limit is reset, or as long as Retry-After says,
# whatever the deadline: a limit is an answer to us. One second try, at once, for a gateway's cough.
_RETRY = Retry(
    total=1,
    connect=0,  # urllib3 would warn on stderr, and what refuses now refuses again
    read=0,
    status_forcelist=(502, 503, 504),
    allowed_methods=("GET", "POST"),
    respect_retry_after_header=False,
    raise_on_status=False,
)


class _UntilDeadline(Timeout):
    """A timeout that is asked anew at every try: what is left of the deadline then."""

    def __init__(self) -> None:
        super().__init__()
        self.deadline = Deadline(0)

    def clone(self) -> Timeout:
        """Called by urllib3 before each try."""
        left = max(0.001, self.deadline.left())
        return Timeout(connect=left, read=left)


def is_repository(name: str) -> bool:
    """Whether this can be an OWNER/NAME; what passes is safe in a path."""
    return bool(_REPOSITORY.fullmatch(name)) and not {".", ".."} & set(name.split("/"))


@dataclass(frozen=True, slots=True)
class Reply:
    """A reply's body, of any JSON type, and whether the server has a next page."""

    body: Any
    more: bool


@dataclass(frozen=True, slots=True)
class RepositoryApi:
    """Calls about one repository in one thread, until one deadline. Each raises only SourceError.

    `name` is the OWNER/NAME that paths are made with: another than was asked about after a rename.
    """

    asked: RequestInfo
    name: str
    _requester: Requester
    _timeout: _UntilDeadline

    def get(self, path: str, **parameters: str | int) -> Reply:
        """GET below `/repos/OWNER/NAME`; `path` must be quoted."""
        self._begin()
        try:
            headers, body = self._requester.requestJsonAndCheck(
                "GET", f"/repos/{self.name}{path}", parameters, dict(_ACCEPT)
            )
        except FAILURES as error:
            raise Refusal(error, self.asked) from None
        return Reply(body, 'rel="next"' in headers.get("link", ""))

    def pages(self, path: str, most: int, **parameters: str | int) -> Iterator[Reply]:
        """Up to `most` pages of 100."""
        for number in range(1, most + 1):
            reply = self.get(path, **parameters, per_page=PAGE, page=number)
            yield reply
            if not reply.more:
                return

    def query(self, text: str, **variables: str) -> tuple[dict[str, Any], list[Any]]:
        """A GraphQL query's data, which may be partial, and its errors."""
        self._begin()
        try:
            _, reply = self._requester.graphql_query(text, variables)
        except GithubException as error:
            if not isinstance(error.data, dict) or "errors" not in error.data:
                raise Refusal(error, self.asked) from None
            return self._partial(error.data, headers_of(error))
        except FAILURES as error:
            raise Refusal(error, self.asked) from None
        if not isinstance(reply, dict) or not isinstance(reply.get("data"), dict):
            raise SourceError(bad_reply(self.asked))
        return reply["data"], []

    def _begin(self) -> None:
        if not self.asked.deadline.left():
            raise SourceError(timed_out(self.asked))
        self._timeout.deadline = self.asked.deadline

    def _partial(
        self, reply: dict[str, Any], headers: dict[str, str]
    ) -> tuple[dict[str, Any], list[Any]]:
        """PyGithub raises for any error in a reply of 200; the rest of its data is good."""
        errors, data = reply["errors"], reply.get("data") or {}
        if not isinstance(errors, list) or not isinstance(data, dict):
            raise SourceError(bad_reply(self.asked))
        if any(isinstance(error, dict) and error.get("type") == "RATE_LIMITED" for error in errors):
            raise SourceError(rate_limited(self.asked, headers))
        return data, errors


class Refusal(SourceError):
    """A call that failed; `status` is the HTTP status, 0 where there was no reply."""

    def __init__(self, error: BaseException, asked: RequestInfo) -> None:
        super().__init__(problem_of(error, asked))
        self.status = error.status if isinstance(error, GithubException) else 0


class GithubHttp:
    """The way to one GitHub, for all threads; the token goes only with its own repositories."""

    def __init__(self, access: GithubAccess) -> None:
        self._access = access
        self._host = urlsplit(access.api_url).netloc
        self._mine = threading.local()

    def talk(self, repository: str, deadline: Deadline) -> RepositoryApi:
        """Calls about OWNER/NAME; raises SourceError `not-a-repository` for any other form."""
        token = self._access.token_for(repository)
        asked = RequestInfo(repository, self._host, bool(token), deadline)
        if not is_repository(repository):
            message = f"{repository[:100]!r} is not OWNER/NAME"
            hint = "name the repository with -R OWNER/NAME or in the configuration"
            raise SourceError(asked.problem("not-a-repository", message, hint))
        return RepositoryApi(asked, repository, *self._requester(token))

    def _requester(self, token: str) -> tuple[Requester, _UntilDeadline]:
        """This thread's own: PyGithub's requester mixes up replies when threads share it."""
        name = "with_token" if token else "without"
        if not hasattr(self._mine, name):
            timeout = _UntilDeadline()
            requester = Requester(
                auth=Auth.Token(token) if token else None,
                base_url=self._access.api_url,
                timeout=cast(int, timeout),  # handed on to urllib3 as it is
                user_agent=self._access.user_agent,
                per_page=PAGE,
                verify=True,
                retry=_RETRY,
                pool_size=1,
                seconds_between_requests=0,
                seconds_between_writes=0,
            )
            setattr(self._mine, name, (requester, timeout))
        return cast("tuple[Requester, _UntilDeadline]", getattr(self._mine, name))
