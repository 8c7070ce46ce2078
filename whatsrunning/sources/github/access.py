"""How GitHub may be reached: the API's address, the token, and the repositories it is for.

Imports no GitHub library, so that reading the settings costs nothing at start.
"""

import ipaddress
import os
import re
import shutil
import signal
import subprocess
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from urllib.parse import SplitResult, urlsplit

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.ports import Deadline

PUBLIC_HOST = "github.com"
PUBLIC_API = "https://api.github.com"
_GH_SECONDS = 5.0
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9.-]*[A-Za-z0-9])?(?::[0-9]{1,5})?")
_TOKEN = re.compile(r"[\x21-\x7e]{1,1024}")


@dataclass(frozen=True, slots=True)
class GithubAccess:
    """Where the API is, and the token with the OWNER/NAMEs it may be sent for (DESIGN section 4).

    `host` is the host of clone URLs. An empty token means that everyone's rights are used.
    """

    api_url: str
    host: str
    token: str = field(default="", repr=False)
    token_repositories: frozenset[str] = frozenset()
    user_agent: str = "whatsrunning"

    def token_for(self, repository: str) -> str:
        """The token if it may be used for this OWNER/NAME, else nothing."""
        allowed = {name.casefold() for name in self.token_repositories}
        return self.token if repository.casefold() in allowed else ""


def access_from(
    env: Mapping[str, str],
    token_repositories: Iterable[str],
    gh: Callable[[str], str] | None = None,
) -> GithubAccess | Problem:
    """The access that the environment describes; `gh` gives the token that `gh` keeps for a host.

    GITHUB_API_URL goes before GH_HOST, GH_TOKEN before GITHUB_TOKEN before `gh` (DESIGN section 4).
    """
    place = _place(env)
    if isinstance(place, Problem):
        return place
    api_url, host = place
    name, token = _token(env, host, gh)
    if token and not _TOKEN.fullmatch(token):
        message = f"{name} holds characters that no token has"
        return _unusable(name, message, f"set {name} to the token alone, without spaces or lines")
    return GithubAccess(api_url, host, token, frozenset(token_repositories))


def gh_token(deadline: Deadline) -> Callable[[str], str] | None:
    """A reader of the token that the `gh` program keeps; None where there is no `gh`."""
    program = shutil.which("gh")
    return None if program is None else lambda host: _ask_gh(program, host, deadline)


def _ask_gh(program: str, host: str, deadline: Deadline) -> str:
    """What `gh auth token` prints, or nothing; it is killed at the deadline."""
    seconds = min(_GH_SECONDS, deadline.left())
    if not seconds:
        return ""
    try:
        process = subprocess.Popen(
            [program, "auth", "token", "--hostname", host],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            env={**os.environ, "GH_PROMPT_DISABLED": "1"},
            start_new_session=True,
        )
    except OSError:
        return ""
    return _printed(process, seconds)


def _printed(process: "subprocess.Popen[bytes]", seconds: float) -> str:
    with process:
        try:
            said = process.communicate(timeout=seconds)[0]
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)  # with what it started, or the pipe stays open
            return ""
    return said.decode(errors="replace").strip() if process.returncode == 0 else ""


def _token(env: Mapping[str, str], host: str, gh: Callable[[str], str] | None) -> tuple[str, str]:
    """Where the token came from, and the token."""
    for name in ("GH_TOKEN", "GITHUB_TOKEN"):
        if token := env.get(name, "").strip():
            return name, token
    return ("gh auth token", gh(host).strip()) if gh is not None else ("", "")


def _place(env: Mapping[str, str]) -> tuple[str, str] | Problem:
    """The API's address and the host of clone URLs."""
    named = env.get("GH_HOST", "").strip().lower()
    if named and not _HOST.fullmatch(named):
        return _unusable(
            "GH_HOST", "GH_HOST is not a host name", "set it to a name like ghe.acme.com"
        )
    if address := env.get("GITHUB_API_URL", "").strip().rstrip("/"):
        return _from_url(env, address, named)
    if named in ("", PUBLIC_HOST, "api.github.com"):
        return PUBLIC_API, PUBLIC_HOST
    if named.endswith(".ghe.com"):
        return f"https://api.{named}", named
    return f"https://{named}/api/v3", named


def _from_url(env: Mapping[str, str], address: str, named: str) -> tuple[str, str] | Problem:
    """The rule for GITHUB_API_URL: https, or plain http to this machine, and no user in it."""
    parts = _split(address)
    hint = "set it to https://HOST/api/v3, or leave it out for github.com"
    if parts is None:
        return _unusable("GITHUB_API_URL", "GITHUB_API_URL is not a usable address", hint)
    loopback = _is_loopback(parts.hostname or "")
    if parts.scheme != "https" and not loopback:
        message = f"GITHUB_API_URL would send the token to {parts.hostname} without encryption"
        return _unusable("GITHUB_API_URL", message, hint)
    if parts.scheme == "http" and _is_proxied(env, parts.hostname or ""):
        message = "the request to GITHUB_API_URL would go through HTTP_PROXY, without encryption"
        return _unusable("GITHUB_API_URL", message, "set NO_PROXY to 127.0.0.1,localhost,::1")
    if loopback:  # a tunnel or a stand-in: GH_HOST says for which host, else for GitHub itself
        return address, named or PUBLIC_HOST
    netloc = parts.netloc.lower()
    return address, PUBLIC_HOST if netloc == "api.github.com" else netloc.removeprefix("api.")


def _split(address: str) -> SplitResult | None:
    try:
        parts = urlsplit(address)
        known = parts.port is None or parts.port > 0
    except ValueError:
        return None
    plain = not (parts.username or parts.password or parts.query or parts.fragment)
    usable = known and plain and parts.scheme in ("http", "https")
    return parts if usable and _HOST.fullmatch(_bare(parts.netloc)) else None


def _bare(netloc: str) -> str:
    """An IPv6 address in brackets counts as a host too."""
    return netloc.replace("[::1]", "localhost")


def _is_loopback(host: str) -> bool:
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return host == "localhost"


def _is_proxied(env: Mapping[str, str], host: str) -> bool:
    """Whether a plain request to this host would go through a proxy."""
    names = ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY")
    direct = (env.get("no_proxy") or env.get("NO_PROXY", "")).split(",")
    is_direct = {host, "*"} & {part.strip() for part in direct}
    return any(env.get(name) for name in names) and not is_direct


def _unusable(name: str, message: str, hint: str) -> Problem:
    return Problem("github", name, "bad-setting", message, hint)
