"""`config show`: every setting, its value and its origin; secrets only as set or not set."""

from collections.abc import Iterator
from typing import TypeAlias

from whatsrunning.app.factory import Surroundings, surroundings
from whatsrunning.app.request import engines_of
from whatsrunning.config.options import Flags, Options, resolve
from whatsrunning.errors import Refused
from whatsrunning.facts.answers import Problem
from whatsrunning.facts.ports import Deadline
from whatsrunning.sources.github.access import TOKEN_VARIABLES, token_variable
from whatsrunning.terminal.streams import Io
from whatsrunning.text import one_line

Row: TypeAlias = tuple[str, str, str]

_GH_SECONDS = 3.0


def listing(flags: Flags, io: Io) -> str:
    """One line a setting: name, value, origin. Nothing is contacted."""
    options = resolve(flags, io.env, io.terminal, io.now())
    around = surroundings(options, Deadline.after(_GH_SECONDS))
    rows = [*_call(options), *_engines(options, around), *_github(options, around), *_file(options)]
    left = max(len(name) for name, _, _ in rows)
    middle = min(40, max(len(value) for _, value, _ in rows))
    shown = (f"{n:<{left}}  {one_line(v):<{middle}}  {one_line(origin)}" for n, v, origin in rows)
    return "".join(f"{line.rstrip()}\n" for line in shown)


def _call(options: Options) -> Iterator[Row]:
    path = options.config_path
    there = "" if options.config.path else " (not there)"
    yield "config", path.value or "none", f"{path.origin}{there}"
    yield "output", options.output.value, options.output.origin
    yield "timeout", f"{options.timeout.value:g} s", options.timeout.origin
    yield "journal", "on" if options.journal.value else "off", options.journal.origin
    labels = options.revision_labels
    yield "labels.revision", ", ".join(labels.value), labels.origin
    yield "clones", ", ".join(options.clones.value), options.clones.origin


def _engines(options: Options, around: Surroundings) -> Iterator[Row]:
    try:
        engines = engines_of(options, around)
    except Refused as refused:
        yield "engine", "none", refused.fault.message
        return
    for engine in engines:
        yield "engine", f"{engine.name} {engine.address}".strip(), engine.chosen_by


def _github(options: Options, around: Surroundings) -> Iterator[Row]:
    if isinstance(around.github, Problem):
        yield "github", "unusable", around.github.message
        return
    named = next((n for n in ("GITHUB_API_URL", "GH_HOST") if options.env.get(n)), "default")
    yield "github", around.github.api_url, named
    if around.has_token:
        yield "github token", "set", token_variable(options.env) or "gh auth token"
    else:
        yield "github token", "not set", ", ".join(TOKEN_VARIABLES)


def _file(options: Options) -> Iterator[Row]:
    """The settings of the file that stand for themselves: services, images, repos, registries."""
    config = options.config
    for key in sorted(config.keys):
        if key.partition(".")[0] in ("services", "images", "repos", "registries"):
            yield key, _value(options, key), config.path


def _value(options: Options, key: str) -> str:
    table, _, rest = key.partition(".")
    name, _, field = rest.rpartition(".")
    rule = getattr(options.config, table)[name]
    value = rule if isinstance(rule, str) else getattr(rule, field)
    return ", ".join(value) if isinstance(value, tuple) else str(value)
