"""The options that reading commands share; each works before the command and after it."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from dataclasses import fields, replace
from functools import wraps
from typing import Annotated, Any

import typer

from whatsrunning.config.options import Flags

_FORMATS = "table, plain, markdown, slack or json (table on a terminal, plain when piped)."
_OPTIONS: Mapping[str, Sequence[str]] = {
    "contexts": ("NAME", "Docker context to ask (repeatable).", "-c", "--context"),
    "all_contexts": ("", "Ask every context of the Docker CLI.", "--all-contexts"),
    "host": ("URL", "Engine to ask, as for the Docker CLI.", "-H", "--host"),
    "output": ("FORMAT", _FORMATS, "-o", "--output"),
    "repo": ("OWNER/NAME", "The repository at hand.", "-R", "--repo"),
    "clones": ("PATH", "A git clone to read (repeatable).", "-C"),
    "offline": ("", "Ask engines and clones only: no registry, no GitHub.", "--offline"),
    "timeout": ("SECONDS", "For the whole look, 0.1 to 600 (10).", "--timeout"),
    "check": ("", "Exit 1 on a warning or worse, 3 if it cannot be vouched for.", "--check"),
    "save": ("FILE", "Also save the facts, for `replay`.", "--save"),
    "fetch": ("", "Let git fetch in the clones first.", "--fetch"),
    "config": ("FILE", "Configuration file to read.", "--config"),
    "since": ("TIME", "From then on: 2h, 3d, 2026-02-01T03:00Z.", "--since"),
    "all_containers": ("", "Every container, stopped and unmanaged ones too.", "-a", "--all"),
    "watch": ("", "Look again every 2 seconds, until Ctrl-C.", "-w", "--watch"),
}
"""By the names of the flags: what stands for the value in help, the help, and the options."""

EVERY = tuple(_OPTIONS)
SHARED = tuple(name for name in EVERY if name not in ("since", "all_containers", "watch"))


def taking(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command these options after its own parameters; it gets them as one `flags`."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        own = [p for p in inspect.signature(command).parameters.values() if p.name != "flags"]
        keywords = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        parameters = [*keywords, *map(_parameter, names)]

        @wraps(command)
        def run(**values: Any) -> Any:
            flags = flags_of({name: values.pop(name) for name in names})
            return command(**values, flags=flags)

        run.__signature__ = inspect.Signature(parameters)  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in parameters}
        return run

    return decorate


def flags_of(values: Mapping[str, Any]) -> Flags:
    """Flags from what a command line gave, by name; its other parameters are left out."""
    given: dict[str, Any] = {
        name: tuple(value) if isinstance(value, list) else value
        for name, value in values.items()
        if name in _OPTIONS and value
    }
    return Flags(**given)


def merged(before: Flags, after: Flags) -> Flags:
    """Flags before the command and after it; after wins."""
    given = {f.name: getattr(after, f.name) for f in fields(after) if getattr(after, f.name)}
    return replace(before, **given)


def _parameter(name: str) -> inspect.Parameter:
    metavar, text, *options = _OPTIONS[name]
    option = typer.Option(*options, metavar=metavar or None, help=text)
    unset = getattr(Flags(), name)
    default = None if unset == () else unset
    kinds = {bool: Annotated[bool, option], str: Annotated[str, option]}
    annotation = kinds.get(type(unset), Annotated[list[str] | None, option])
    kind = inspect.Parameter.KEYWORD_ONLY
    return inspect.Parameter(name, kind, annotation=annotation, default=default)
