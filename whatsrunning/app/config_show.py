"""`config show`: every setting, its value and its origin; secrets only as set or not set."""

from collections.abc import Iterator
from typing import TypeAlias

from whatsrunning.app.factory import UserAccess, user_access
from whatsrunning.app.request import engines_of
from whatsrunning.config.file import RULES
from whatsrunning.config.options import Flags, Options, Setting, resolve
from whatsrunning.errors import Refused
from whatsrunning.facts.answers import Problem
from whatsrunning.facts.ports import Deadline
from whatsrunning.sources.github.access import TOKEN_VARIABLES, token_variable
from whatsrunning.terminal.streams import Io
from whatsrunning.text import one_line

Row: TypeAlias = tuple[str, str, str]

_GH_SECONDS = 3.0
_TOKENS = ("GH_TOKEN", "GITHUB_TOKEN")


def listing(flags: Flags, io: Io) -> str:
    """One line a setting: name, value, origin. Nothing is contacted. Raises Refused."""
    options = resolve(flags, io.env, io.terminal, io.now())
    access = user_access(options, Deadline.after(_GH_SECONDS))
    rows = [*_call(options), *_engines(options, access), *_github(options, access), *_file(options)]
    left = max(len(name) for name, _, _ in rows)
    middle = min(40, max(len(value) for _, value, _ in rows))
    lines = (f"{n:<{left}}  {one_line(v):<{middle}}  {one_line(origin)}" for n, v, origin in rows)
    return "".join(f"{line.rstrip()}\n" for line in lines)


def _call(options: Options) -> Iterator[Row]:
    path = options.config_path
    absent = "" if options.config.path else " (not there)"
    yield "config", path.value or "none", path.origin + absent
    yield "output", options.output.value, options.output.origin
    yield "timeout", f"{options.timeout.value:g} s", options.timeout.origin
    yield "journal", "on" if options.journal.value else "off", options.journal.origin
    yield _list("labels.revision", options.revision_labels)
    yield _list("clones", options.clones)


def _list(name: str, setting: Setting[tuple[str, ...]]) -> Row:
    return name, ", ".join(setting.value), setting.origin


def _engines(options: Options, access: UserAccess) -> Iterator[Row]:
    try:
        for engine in engines_of(options, access):
            yield "engine", f"{engine.name} {engine.address}".strip(), engine.chosen_by
    except Refused as refused:
        yield "engine", "none", refused.fault.message


def _github(options: Options, access: UserAccess) -> Iterator[Row]:
    if isinstance(access.github, Problem):
        yield "github", "unusable", access.github.message
        return
    variable = _variable(options, "GITHUB_API_URL", "GH_HOST", "default")
    yield "github", access.github.api_url, variable
    if access.has_token:
        yield "github token", "set", _variable(options, *_TOKENS, "gh auth token")
    else:
        yield "github token", "not set", ", ".join(_TOKENS)


def _variable(options: Options, *names: str) -> str:
    """The first of these variables that is set, else the last of these words."""
    return next((name for name in names if options.env.get(name)), names[-1])


def _file(options: Options) -> Iterator[Row]:
    """The settings of the file that stand for themselves: services, images, repos, registries."""
    for key, value in sorted(options.config.settings.items()):
        if key.partition(".")[0] in RULES:
            text = ", ".join(value) if isinstance(value, tuple) else str(value)
            yield key, text, options.config.path
