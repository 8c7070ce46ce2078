"""`config show`: every setting, its value and its origin; secrets only as set or not set."""

from collections.abc import Iterator
from typing import TypeAlias

from whatsrunning.app.factory import Access, github_access, has_token
from whatsrunning.config.file import RULES
from whatsrunning.config.options import Flags, Options, resolve
from whatsrunning.contexts.resolve import engines_of
from whatsrunning.errors import Refused
from whatsrunning.facts.answers import Problem
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.github.access import TOKEN_VARIABLES, token_variable
from whatsrunning.terminal.streams import Io
from whatsrunning.text import one_line

Row: TypeAlias = tuple[str, str, str]

_GH_SECONDS = 3.0
_ADDRESSES = ("GITHUB_API_URL", "GH_HOST")


def listing(flags: Flags, io: Io) -> str:
    """One line a setting: name, value, origin. Nothing is contacted. Raises Refused."""
    options = resolve(flags, io.env, io.terminal, io.now())
    github = github_access(options, Deadline.after(_GH_SECONDS))
    rows = [*_call(options), *_engines(options), *_github(options, github), *_file(options)]
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
    lists = {"labels.revision": options.revision_labels, "clones": options.clones}
    yield from ((name, ", ".join(texts.value), texts.origin) for name, texts in lists.items())


def _engines(options: Options) -> Iterator[Row]:
    try:
        for engine in engines_of(options):
            yield "engine", f"{engine.name} {engine.address}".strip(), engine.chosen_by
    except Refused as refused:
        yield "engine", "none", refused.message


def _github(options: Options, github: Access) -> Iterator[Row]:
    if isinstance(github, Problem):
        yield "github", "unusable", github.message
        return
    named = next((name for name in _ADDRESSES if options.env.get(name)), "default")
    yield "github", github.api_url, named
    if has_token(github):
        yield "github token", "set", token_variable(options.env) or "gh auth token"
    else:
        yield "github token", "not set", ", ".join(TOKEN_VARIABLES)


def _file(options: Options) -> Iterator[Row]:
    """The settings of the file that stand for themselves: services, images, repos, registries."""
    for key, value in sorted(options.config.settings.items()):
        if key.partition(".")[0] in RULES:
            text = ", ".join(value) if isinstance(value, tuple) else str(value)
            yield key, text, options.config.path
