"""What a container's service is called: by labels, else by its name without a version. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime

from whatsrunning.names.labels import SERVICE_LABELS, first_label

# kamal names a container SERVICE-ROLE[-DESTINATION]-VERSION; `service` alone is other people's too:
# https://github.com/basecamp/kamal/blob/v2.0.0/lib/kamal/configuration/role.rb
_KAMAL = ("service", "role", "destination")
_LAST = re.compile(r"(?P<rest>.*[^-_.])[-_.]+(?P<word>[^-_.]+)")
_HEX = re.compile(r"(?<![0-9a-z])g?(?P<sha>[0-9a-f]{7,64})(?![0-9a-z])")
_WHOLE = 40
_SHORTEST_RUN = 3  # digits of a CI run's number that is no replica's
_YEARS = range(1990, 2101)
_DATES = {8: "%Y%m%d", 12: "%Y%m%d%H%M", 14: "%Y%m%d%H%M%S", 17: "%Y%m%d%H%M%S%f"}
# Coolify ends a name with the hour, minute, second and microsecond of the deploy:
# https://github.com/coollabsio/coolify/issues/8998
_CLOCK = re.compile(r"([01]\d|2[0-3])[0-5]\d[0-5]\d\d{6}")


def labelled_service(labels: Mapping[str, str]) -> str:
    """The service that Compose's, Swarm's or kamal's labels name; else empty."""
    service, role, destination = (labels.get(key, "") for key in _KAMAL)
    kamal = "-".join(filter(None, (service, role, destination))) if service and role else ""
    return first_label(labels, SERVICE_LABELS) or kamal


def unversioned(name: str, tag: str = "", said: Iterable[str] = ()) -> str:
    """A container's name without what changes with each deploy: its image's tag, a commit, a time,
    `old`. A short SHA counts when its tag or what is `said` of it (labels) has it too."""
    known = frozenset(
        match["sha"] for text in (tag, *said) for match in _HEX.finditer(text.lower())
    )
    while shorter := next(_shorter(name, tag, known), ""):
        name = shorter
    return name


def is_service(asked: str, project: str, service: str) -> bool:
    """Whether a word on the command line means this service: SERVICE or PROJECT/SERVICE."""
    return asked in (service, address(project, service))


def address(project: str, service: str) -> str:
    """The words that mean this service and no other project's."""
    return f"{project}/{service}" if project else service


def _shorter(name: str, tag: str, known: frozenset[str]) -> Iterator[str]:
    # `web-staging` of `web:staging` is another service than web, and `web-1` of `web:1` a replica.
    versioned = any(map(str.isdigit, tag)) and not (tag.isdecimal() and len(tag) < _SHORTEST_RUN)
    rest = name.removesuffix(tag) if versioned else name
    if rest != name and rest.endswith(("-", "_", ".")):
        yield rest.rstrip("-_.")
    last = _LAST.fullmatch(name)
    if last and _is_version(last["word"].lower(), known):
        yield last["rest"]


def _is_version(word: str, known: frozenset[str]) -> bool:
    if word == "old" or _is_time(word):
        return True
    if not re.fullmatch(r"[0-9a-f]{7,64}", word):
        return False
    return len(word) == _WHOLE or any(a.startswith(word) or word.startswith(a) for a in known)


def _is_time(word: str) -> bool:
    """A date, perhaps with its time; seconds or milliseconds since 1970; Coolify's time of day."""
    if not (word.isascii() and word.isdecimal()):
        return False
    if len(word) in (10, 13):
        return datetime.fromtimestamp(int(word[:10]), UTC).year in _YEARS
    return bool(_CLOCK.fullmatch(word)) or _is_date(word)


def _is_date(word: str) -> bool:
    try:
        return datetime.strptime(f"{word}Z", f"{_DATES[len(word)]}%z").year in _YEARS
    except (KeyError, ValueError):
        return False
