"""Calls to GitHub through PyGithub's requester: no sleep, and the deadline in every wait."""

from dataclasses import dataclass
from typing import Any, cast

from github import Auth, GithubException
from github.Requester import Requester
from urllib3.util import Retry, Timeout

from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources import json_reader as read
from whatsrunning.sources.github import errors, parse
from whatsrunning.sources.github.access import GithubAccess
from whatsrunning.sources.github.errors import RequestInfo

PAGE = 100
# PyGithub's own retry sleeps until the rate limit is reset, or as long as Retry-After says,
# whatever the deadline (https://github.com/PyGithub/PyGithub/issues/3080): a limit is an answer
# to us. One second try, at once, for a gateway that stumbled.
_RETRY = Retry(
    total=1,
    connect=0,  # urllib3 would warn on stderr, and what refuses now refuses again
    read=False,
    status_forcelist=(502, 503, 504),
    allowed_methods=("GET", "POST"),
    respect_retry_after_header=False,
    raise_on_status=False,
)


class RequestFailed(SourceError):
    """A request without the reply that was asked for; `status` is HTTP's, 0 without any reply."""

    def __init__(self, error: BaseException, request: RequestInfo) -> None:
        super().__init__(errors.problem_of(error, request))
        self.status = error.status if isinstance(error, GithubException) else 0

    def nothing(self, *absent: int) -> Nothing:
        """Nothing for the statuses that say that it is not there; raises itself for any other."""
        if self.status not in absent:
            raise self
        return Nothing()


class _UntilDeadline(Timeout):
    """A timeout that is asked anew at every try: what is left of the deadline then."""

    deadline = Deadline(0)

    def clone(self) -> Timeout:
        left = max(0.001, self.deadline.left())
        return Timeout(connect=left, read=left)


class PatientRequester(Requester):
    """PyGithub's requester without its pauses: 0.25 s between reads, 1 s between writes."""

    def __init__(self, access: GithubAccess, token: str) -> None:
        self.time_limit = _UntilDeadline()
        super().__init__(
            auth=Auth.Token(token) if token else None,
            base_url=access.api_url,
            timeout=cast(int, self.time_limit),  # handed on to urllib3 as it is
            user_agent="whatsrunning",
            per_page=PAGE,
            verify=True,
            retry=_RETRY,
            pool_size=1,
            seconds_between_requests=0,
            seconds_between_writes=0,
        )


@dataclass(frozen=True, slots=True)
class RepositoryApi:
    """Requests about one repository in one thread, until one deadline.

    All raise SourceError, and MalformedReply for what GitHub does not describe.
    """

    request: RequestInfo
    name: str  # for paths: after a rename another OWNER/NAME than was asked about
    _requester: PatientRequester

    def get(self, path: str, **parameters: str | int) -> Any:
        """The JSON at a path below `/repos/OWNER/NAME`, which must be quoted."""
        return self._get(path, parameters)[1]

    def find(self, path: str, *absent: int, **parameters: str | int) -> Answer[read.Object]:
        """The object at a path; Nothing for the statuses that say that it is not there."""
        try:
            return Found(read.obj(self.get(path, **parameters)))
        except RequestFailed as failed:
            return failed.nothing(*absent)

    def pages(
        self, path: str, most: int, *inside: str, **parameters: str | int
    ) -> tuple[list[read.Object], bool]:
        """The entries of `most` pages of 100, and whether there are more."""
        listed: list[read.Object] = []
        # By number: nothing that a server sends is followed to another place.
        for page in range(1, most + 1):
            headers, body = self._get(path, {**parameters, "per_page": PAGE, "page": page})
            listed += parse.entries(body, *inside)
            if 'rel="next"' not in headers.get("link", ""):
                return listed, False
        return listed, True

    def query(self, graphql: str, **variables: str) -> tuple[read.Object, tuple[read.Object, ...]]:
        """The data of a GraphQL query, and the errors beside it: what they do not name is good."""
        # https://spec.graphql.org/October2021/#sec-Errors; PyGithub's graphql_query raises for any.
        body = {"query": graphql, "variables": variables}
        headers, reply = self._send("POST", self._requester.graphql_url, input=body)
        faults = tuple(read.objects(reply, "errors"))
        if any(fault.get("type") == "RATE_LIMITED" for fault in faults):
            raise SourceError(errors.rate_limited(self.request, headers))
        return read.obj(read.field(reply, "data") or {}), faults

    def _get(self, path: str, parameters: dict[str, str | int]) -> tuple[dict[str, str], Any]:
        url = f"/repos/{self.name}{path}"
        accept = {"Accept": "application/vnd.github+json"}
        return self._send("GET", url, parameters=parameters, headers=accept)

    def _send(self, verb: str, url: str, **request: Any) -> tuple[dict[str, str], Any]:
        """The reply's headers, names in lower case, and its JSON."""
        if not self.request.deadline.left():
            raise SourceError(errors.timed_out(self.request))
        self._requester.time_limit.deadline = self.request.deadline
        try:
            return self._requester.requestJsonAndCheck(verb, url, **request)
        except errors.FAILURES as error:
            raise RequestFailed(error, self.request) from None
