"""HTTP by `requests`, as engines and registries are asked: bounded in time and in size."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from http.cookiejar import DefaultCookiePolicy
from typing import Any, cast

import requests
import urllib3
from requests import Session

from whatsrunning.facts.query import Deadline
from whatsrunning.sources.json_reader import MalformedReply

FAILURES = (requests.RequestException, urllib3.exceptions.HTTPError, OSError)
"""Everything that an exchange raises when it fails, besides MalformedReply."""
_CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Reply:
    """What came back, read whole; header names in any case. The URL is the one that answered."""

    status: int
    headers: Mapping[str, str] = field(repr=False)
    body: bytes = field(repr=False)
    url: str = ""


class _Session(Session):
    def get_redirect_target(self, resp: requests.Response) -> str | None:  # noqa: ARG002
        """None, always: to look for the next request, a redirect's body would be read unbounded."""
        # https://github.com/psf/requests/blob/v2.32.3/src/requests/sessions.py
        return None


def new_session() -> Session:
    """A session that keeps no cookies and takes nothing from the environment."""
    session = _Session()
    # REQUESTS_CA_BUNDLE would beat our own CA (https://github.com/psf/requests/issues/3829),
    # a proxy would get what is meant for an engine, and ~/.netrc would replace our Authorization
    # (https://requests.readthedocs.io/en/latest/user/quickstart/#custom-headers).
    session.trust_env = False
    session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
    session.headers.update({"User-Agent": "whatsrunning", "Accept-Encoding": "identity"})
    return session


def exchange(
    session: Session, method: str, url: str, deadline: Deadline, limit: int, **options: Any
) -> Reply:
    """One request and its reply, at most `limit` bytes; redirects are not followed.

    Raises one of FAILURES (TimeoutError at the deadline), and MalformedReply.
    """
    left = deadline.left()
    if left <= 0:
        raise TimeoutError
    timeout = cast(Any, urllib3.Timeout(total=left))
    with session.request(
        method, url, timeout=timeout, allow_redirects=False, stream=True, **options
    ) as response:
        return Reply(response.status_code, response.headers, _body(response, limit, deadline), url)


def _body(response: requests.Response, limit: int, deadline: Deadline) -> bytes:
    """The body, unpacked; `read1`, or one that only drips would outlast the deadline."""
    body = bytearray()
    while chunk := response.raw.read1(_CHUNK, decode_content=True):
        body += chunk
        if len(body) > limit:
            raise MalformedReply(f"more than {limit} bytes for one reply")
        if deadline.left() <= 0:
            raise TimeoutError
    return bytes(body)
