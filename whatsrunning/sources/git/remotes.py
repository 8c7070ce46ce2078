"""Which repositories at GitHub the remotes of a clone name. Pure."""

import re
from collections.abc import Iterable, Mapping

from whatsrunning.names.repository import is_owner_name

_URL = re.compile(
    r"(?:https?|git|ssh|git\+ssh|ssh\+git)://(?:[^/?#]*@)?(?P<host>[^/?#@:\[\]]+)(?::\d*)?"
    r"(?P<path>/[^?#]*)",
    re.IGNORECASE,
)
_SCP = re.compile(r"(?:[^@/:]+@)?(?P<host>[^@/:]+):(?P<path>[^:]+)")


def repository_of(url: str, github_host: str) -> str:
    """OWNER/NAME of a remote's URL on this host, else nothing; user and port do not count."""
    address = _URL.match(url.strip()) or _SCP.fullmatch(url.strip())
    wanted = github_host.partition(":")[0].casefold()
    # GitHub answers ssh on port 443 under another name:
    # https://docs.github.com/en/authentication/troubleshooting-ssh/using-ssh-over-the-https-port
    hosts = (wanted, f"ssh.{wanted}", f"www.{wanted}")
    if address is None or address["host"].casefold() not in hosts:
        return ""
    name = address["path"].strip("/").removesuffix(".git")
    return name if is_owner_name(name) else ""


def remotes_of(settings: Iterable[tuple[str, str]], github_host: str) -> Mapping[str, str]:
    """Remote's name by OWNER/NAME, origin first, from `remote.*.url` and `url.*.insteadof`."""
    urls: list[tuple[str, str]] = []
    shortened: list[tuple[str, str]] = []
    for key, value in settings:
        kind, _, name = key.rpartition(".")[0].partition(".")
        (urls if kind == "remote" else shortened).append((name, value))
    remotes: dict[str, str] = {}
    for name, url in sorted(urls, key=lambda remote: remote[0] != "origin"):
        repository = repository_of(url, github_host) or repository_of(
            _lengthened(url, shortened), github_host
        )
        if repository:
            remotes.setdefault(repository, name)
    return remotes


def _lengthened(url: str, shortened: Iterable[tuple[str, str]]) -> str:
    """The URL as git would use it: the longest matching insteadOf is replaced."""
    fitting = [(short, long) for long, short in shortened if short and url.startswith(short)]
    short, long = max(fitting, key=lambda pair: len(pair[0]), default=("", ""))
    return long + url.removeprefix(short)
