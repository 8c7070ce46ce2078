"""What a clone is a clone of: by what the user said of it, and by its remotes' URLs. Pure."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

from whatsrunning.names.repository import is_owner_name

_URL = re.compile(
    r"(?:https?|git|ssh|git\+ssh|ssh\+git)://(?:[^/?#]*@)?(?P<host>[^/?#@:\[\]]+)(?::\d*)?"
    r"(?P<path>/[^?#]*)",
    re.IGNORECASE,
)
_SCP = re.compile(r"(?![^:]*://)(?:[^@/:]+@)?(?P<host>[^@/:]+):(?P<path>[^:]+)")
_HOST = re.compile(r"[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?")
# An @ or a colon in a path may be what is left of a password.
_PATH = re.compile(r"[^\s@:?#\\]+")
_LONGEST = 200  # characters of a name that is told


@dataclass(frozen=True, slots=True)
class Said:
    """What the user said that a clone is of, as OWNER/NAME.

    Configuration is believed; `-R` is not where a remote at GitHub names another repository: the
    call may have been made in the wrong folder. `named`: the user says with -C that it is a clone.
    """

    configured: tuple[str, ...] = ()
    option: str = ""
    named: bool = False


@dataclass(frozen=True, slots=True)
class Remotes:
    """Remotes' names by OWNER/NAME at GitHub, and by host/path elsewhere; origin comes first."""

    github: Mapping[str, str] = field(default_factory=dict)
    elsewhere: Mapping[str, str] = field(default_factory=dict)
    first: str = ""  # whatever it leads to; empty where there is no remote


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


def place_of(url: str) -> str:
    """host/path of a remote's URL, without user, port and `.git`; nothing where it is not sane.

    What could be an OWNER/NAME at GitHub is none: the token goes to repositories so named.
    """
    address = _URL.fullmatch(url.strip()) or _SCP.fullmatch(url.strip())
    if address is None or not _HOST.fullmatch(address["host"]):
        return ""
    path = address["path"].strip("/").removesuffix(".git")
    parts = [part for part in path.split("/") if part]
    name = "/".join((address["host"].lower(), *parts))
    sane = _PATH.fullmatch(path) and path.isprintable() and not {".", ".."} & set(parts)
    return name if sane and len(name) <= _LONGEST and not is_owner_name(name) else ""


def remotes_of(settings: Iterable[tuple[str, str]], github_host: str) -> Remotes:
    """The remotes, from `remote.*.url` and `url.*.insteadof`."""
    urls: list[tuple[str, str]] = []
    shortened: list[tuple[str, str]] = []
    for key, value in settings:
        kind, _, name = key.rpartition(".")[0].partition(".")
        (urls if kind == "remote" else shortened).append((name, value))
    urls.sort(key=lambda remote: remote[0] != "origin")
    github: dict[str, str] = {}
    elsewhere: dict[str, str] = {}
    for name, url in urls:
        long = _lengthened(url, shortened)
        if repository := repository_of(url, github_host) or repository_of(long, github_host):
            github.setdefault(repository, name)
        elif place := place_of(long):
            elsewhere.setdefault(place, name)
    return Remotes(github, elsewhere, urls[0][0] if urls else "")


def names_of(remotes: Remotes, said: Said, path: str) -> Mapping[str, str]:
    """All names of a clone, the best first, each with the remote that is asked about it."""
    told = {**remotes.github, **remotes.elsewhere}
    by_user = believed(said, remotes)
    if not told and not by_user:
        return {path: remotes.first}
    folded = {name.casefold(): remote for name, remote in reversed([*told.items()])}
    names = {name: folded.get(name.casefold(), remotes.first) for name in by_user}
    spoken = {name.casefold() for name in by_user}
    return names | {name: at for name, at in told.items() if name.casefold() not in spoken}


def believed(said: Said, remotes: Remotes) -> Sequence[str]:
    """What the user said, the flag first, as far as it is believed."""
    known = {name.casefold() for name in (*said.configured, *remotes.github)}
    fits = said.option and (not known or said.option.casefold() in known)
    by_user = (said.option, *said.configured) if fits else said.configured
    once: dict[str, str] = {}
    for name in by_user:
        once.setdefault(name.casefold(), name)
    return tuple(once.values())


def _lengthened(url: str, shortened: Iterable[tuple[str, str]]) -> str:
    """The URL as git would use it: the longest matching insteadOf is replaced."""
    fitting = [(short, long) for long, short in shortened if short and url.startswith(short)]
    short, long = max(fitting, key=lambda pair: len(pair[0]), default=("", ""))
    return long + url.removeprefix(short)
