"""Which repositories of the github a clone's remotes name. Pure."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from whatsrunning.names import is_owner_name

_SCHEMES = frozenset({"https", "http", "ssh", "git", "git+ssh", "ssh+git"})
_SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>[^@/:]+):(?P<path>[^:]+)")


def repository_of(url: str, github_host: str) -> str:
    """OWNER/NAME of a remote's URL on this host, else nothing; user and port do not count."""
    host, path = _host_and_path(url.strip())
    wanted = github_host.partition(":")[0].casefold()
    # GitHub answers ssh on port 443 under another name.
    if not host or host.casefold() not in (wanted, f"ssh.{wanted}", f"www.{wanted}"):
        return ""
    name = path.strip("/").removesuffix(".git")
    return name if is_owner_name(name) else ""


def _host_and_path(url: str) -> tuple[str, str]:
    if "://" in url:
        try:
            parts = urlsplit(url)
            host = parts.hostname or ""
        except ValueError:
            return "", ""
        return (host, parts.path) if parts.scheme in _SCHEMES else ("", "")
    match = _SCP.fullmatch(url)
    return (match["host"], match["path"]) if match else ("", "")


def remotes_of(settings: Iterable[tuple[str, str]], github_host: str) -> Mapping[str, str]:
    """Remote's name by OWNER/NAME, origin first, from `remote.*.url` and `url.*.insteadof`."""
    pairs = list(settings)
    shortened = [
        (value, key[len("url.") : -len(".insteadof")])
        for key, value in pairs
        if key.startswith("url.") and key.endswith(".insteadof")
    ]
    found: dict[str, str] = {}
    urls = [(key, value) for key, value in pairs if key.startswith("remote.")]
    for key, url in sorted(urls, key=lambda pair: pair[0] != "remote.origin.url"):
        whole = _lengthened(url, shortened)
        repository = repository_of(url, github_host) or repository_of(whole, github_host)
        if repository:
            found.setdefault(repository, key[len("remote.") : -len(".url")])
    return found


def _lengthened(url: str, shortened: Iterable[tuple[str, str]]) -> str:
    """The URL as git would use it: the longest matching insteadOf is replaced."""
    fitting = [(short, long) for short, long in shortened if short and url.startswith(short)]
    if not fitting:
        return url
    short, long = max(fitting, key=lambda pair: len(pair[0]))
    return long + url[len(short) :]
