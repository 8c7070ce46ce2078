"""How GitHub may be reached: the API's address, the token, and the repositories it is for.

Imports no GitHub library, so that reading the settings costs nothing at start.
"""

import os
import re
import shutil
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.interface import is_loopback, run_bounded

PUBLIC_HOST = "github.com"
PUBLIC_API = "https://api.github.com"
# In this order, as `gh` does before its own store: https://cli.github.com/manual/gh_help_environment
TOKEN_VARIABLES = ("GH_TOKEN", "GITHUB_TOKEN")
_GH_SECONDS = 5.0
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")
_TOKEN = re.compile(r"[\x21-\x7e]{1,1024}")


@dataclass(frozen=True, slots=True)
class GithubAccess:
    """Where the API is, and the token, if any, with the OWNER/NAMEs that it may be sent for."""

    api_url: str
    host: str  # of clone URLs
    token: str = field(default="", repr=False)
    token_repositories: frozenset[str] = frozenset()

    def token_for(self, repository: str) -> str:
        """The token if it may be used for this OWNER/NAME, else nothing."""
        allowed = {name.casefold() for name in self.token_repositories}
        return self.token if repository.casefold() in allowed else ""


def access_from(
    env: Mapping[str, str], repositories: Iterable[str], gh: Callable[[str], str] | None = None
) -> GithubAccess | Problem:
    """The access that an environment describes; `gh` gives the token that gh keeps for a host."""
    try:
        api_url, host = _api_and_host(env)
        variable = token_variable(env)
        token = (env[variable] if variable else gh(host) if gh else "").strip()
        if token and not _TOKEN.fullmatch(token):
            name = variable or "gh auth token"
            hint = f"set {name} to the token alone, without spaces or lines"
            raise _unusable(name, f"{name} holds characters that no token has", hint)
    except SourceError as error:
        return error.problem
    return GithubAccess(api_url, host, token, frozenset(repositories))


def token_variable(env: Mapping[str, str]) -> str:
    """The variable that the token comes from, empty where none is set."""
    return next((name for name in TOKEN_VARIABLES if env.get(name, "").strip()), "")


def gh_token(host: str, deadline: Deadline) -> str:
    """What `gh auth token` prints, empty without `gh`; it is killed at the deadline."""
    program, seconds = shutil.which("gh"), min(_GH_SECONDS, deadline.left())
    if not program or not seconds:
        return ""
    command = [program, "auth", "token", "--hostname", host]
    try:
        code, printed = run_bounded(command, {**os.environ, "GH_PROMPT_DISABLED": "1"}, seconds)
    except (OSError, subprocess.TimeoutExpired):
        return ""
    return "" if code else printed.decode(errors="replace").strip()


def _api_and_host(env: Mapping[str, str]) -> tuple[str, str]:
    host = env.get("GH_HOST", "").strip().lower()
    if host and not _HOST.fullmatch(host):
        hint = "set it to a name like ghe.acme.com"
        raise _unusable("GH_HOST", "GH_HOST is not a host name", hint)
    if address := env.get("GITHUB_API_URL", "").strip().rstrip("/"):
        return address, _clone_host(address, host, env)
    if host in ("", PUBLIC_HOST, "api.github.com"):
        return PUBLIC_API, PUBLIC_HOST
    return f"https://api.{host}" if host.endswith(".ghe.com") else f"https://{host}/api/v3", host


def _clone_host(address: str, gh_host: str, env: Mapping[str, str]) -> str:
    """The host of GITHUB_API_URL: https, or plain http to this machine, and no user in it."""
    variable = "GITHUB_API_URL"
    hint = "set it to https://HOST/api/v3, or leave it out for github.com"
    parts = _split(address)
    if parts is None:
        raise _unusable(variable, "GITHUB_API_URL is not a usable address", hint)
    name = parts.hostname or ""
    if parts.scheme == "http" and not is_loopback(name):
        message = f"GITHUB_API_URL would send the token to {name} without encryption"
        raise _unusable(variable, message, hint)
    if parts.scheme == "http" and _is_proxied(env, name):
        message = "the request to GITHUB_API_URL would go through HTTP_PROXY, without encryption"
        raise _unusable(variable, message, "set NO_PROXY to 127.0.0.1,localhost,::1")
    if is_loopback(name):  # a tunnel or a stand-in
        return gh_host or PUBLIC_HOST
    netloc = parts.netloc.lower()
    return PUBLIC_HOST if netloc == "api.github.com" else netloc.removeprefix("api.")


def _split(address: str) -> SplitResult | None:
    """The parts of an address that is a scheme, a host and a path, and nothing else."""
    try:
        parts = urlsplit(address)
        if parts.port == 0 or parts.scheme not in ("http", "https"):
            return None
    except ValueError:
        return None
    more = parts.username or parts.password or parts.query or parts.fragment
    host = parts.netloc.replace("[::1]", "localhost")  # an IPv6 address is a host too
    return parts if _HOST.fullmatch(host) and not more else None


def _is_proxied(env: Mapping[str, str], host: str) -> bool:
    names = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
    direct = (env.get("no_proxy") or env.get("NO_PROXY", "")).split(",")
    is_direct = {host, "*"} & {part.strip() for part in direct}
    return any(env.get(name) for name in names) and not is_direct


def _unusable(variable: str, message: str, hint: str) -> SourceError:
    return SourceError(Problem("github", variable, "bad-setting", message, hint))
