"""What can be wrong with GitHub, switched on while the stand-in runs."""

import time
from collections.abc import Callable, Mapping
from typing import Any

from tests.world.github.rest import Answered, error

RESET = 2_000_000_000
"""When the limit of a used-up stand-in is reset: 2033-05-18T03:33:20Z."""
_LIMIT = "API rate limit exceeded for 127.0.0.1."
_SECONDARY = (
    "You have exceeded a secondary rate limit. Please wait a few minutes before you try again."
)
_SSO = "Resource protected by organization SAML enforcement. You must grant your token access."
_USED_UP = {
    "x_ratelimit_limit": "60",
    "x_ratelimit_remaining": "0",
    "x_ratelimit_reset": str(RESET),
}


_REQUIRED = ("node_id", "url", "protection_url")


class Raw(bytes):
    """A body that is no JSON of ours."""


def _limited_query() -> Answered:
    body = {"errors": [{"type": "RATE_LIMITED", "message": "API rate limit exceeded"}]}
    return Answered(200, body, headers={"x-ratelimit-reset": str(RESET)})


def _failed_query(data: Any, *path: str, message: str) -> Answered:
    errors = [{"type": "FORBIDDEN", "path": ["repository", *path], "message": message}]
    return Answered(200, {"data": {"repository": data}, "errors": errors})


FAULTS: Mapping[str, Callable[[], Answered]] = {
    "rate-limited": lambda: error(403, _LIMIT, **_USED_UP),
    "rate-limited-429": lambda: error(429, _LIMIT, **_USED_UP),
    "rate-limited-query": _limited_query,
    "one-forbidden": lambda: _failed_query(
        {"c0": None, "c1": None}, "c0", "associatedPullRequests", message="Resource not accessible"
    ),
    "sso-query": lambda: _failed_query(None, message=_SSO),
    "secondary-limit": lambda: error(403, _SECONDARY, retry_after="60"),
    "token-refused": lambda: error(401, "Bad credentials"),
    "sso": lambda: error(
        403, _SSO, x_github_sso="required; url=https://github.com/orgs/acme/sso?s=1"
    ),
    "forbidden": lambda: error(
        403, "Resource not accessible", x_accepted_github_permissions="checks=read"
    ),
    "server-error": lambda: error(500, "Server Error"),
    "bad-gateway": lambda: error(502, "Server Error"),
    "junk": lambda: Answered(200, Raw(b'{"sha": "4')),
    "junk-error": lambda: Answered(403, Raw(b"[1, 2]")),
    "bad-gateway-query": lambda: Answered(502, {"data": None, "errors": [{"message": "Timeout"}]}),
    "page": lambda: Answered(200, Raw(b"<html>Please sign in to the wifi</html>")),
    "empty": lambda: Answered(200, Raw(b"")),
    "wrong-types": lambda: Answered(200, Raw(b'{"data": {"repository": 7}, "sha": 5, "x": []}')),
    "list": lambda: Answered(200, Raw(b"[1, null]")),
    "elsewhere": lambda: Answered(
        301, Raw(b"{}"), headers={"location": "http://localhost:9/repositories/1"}
    ),
    "circle": lambda: Answered(301, Raw(b"{}"), headers={"location": "/around"}),
}
"""Name -> what is answered to everything."""


def answer(control: Mapping[str, Any]) -> Answered | None:
    """The reply of the fault that is switched on, if one is."""
    name = control.get("fault", "")
    if name == "slow":
        time.sleep(float(control.get("seconds", 0.5)))
        return None
    return FAULTS[name]() if name else None


def broken(body: Any) -> Any:
    """A reply with one required field less, as a careless change to the stand-in would make it."""
    if isinstance(body, list):
        return [broken(body[0]), *body[1:]] if body else [{}]
    for inner in ("check_runs", "workflow_runs"):
        if inner in body:
            return body | {inner: broken(body[inner])}
    return {name: value for name, value in body.items() if name not in _REQUIRED}
