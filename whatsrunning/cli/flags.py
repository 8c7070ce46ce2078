"""The options that reading commands share; each works before the command and after it."""

import inspect
from collections.abc import Callable
from dataclasses import fields, replace
from typing import Annotated, Any

import typer

from whatsrunning.config.options import Flags

_OPTIONS: dict[str, Any] = {
    "contexts": Annotated[
        list[str] | None,
        typer.Option("-c", "--context", metavar="NAME", help="Docker context to ask (repeatable)."),
    ],
    "all_contexts": Annotated[
        bool, typer.Option("--all-contexts", help="Ask every context of the Docker CLI.")
    ],
    "host": Annotated[
        str,
        typer.Option("-H", "--host", metavar="URL", help="Engine to ask, as for the Docker CLI."),
    ],
    "output": Annotated[
        str,
        typer.Option(
            "-o",
            "--output",
            metavar="FORMAT",
            help="table, plain, markdown, slack or json (table on a terminal, plain when piped).",
        ),
    ],
    "repo": Annotated[
        str, typer.Option("-R", "--repo", metavar="OWNER/NAME", help="The repository at hand.")
    ],
    "clones": Annotated[
        list[str] | None,
        typer.Option("-C", metavar="PATH", help="A git clone to read (repeatable)."),
    ],
    "offline": Annotated[
        bool, typer.Option("--offline", help="Ask engines and clones only: no registry, no GitHub.")
    ],
    "timeout": Annotated[
        str,
        typer.Option("--timeout", metavar="SECONDS", help="For the whole look, 0.1 to 600 (10)."),
    ],
    "check": Annotated[
        bool,
        typer.Option(
            "--check", help="Exit 1 on a warning or worse, 3 if it cannot be vouched for."
        ),
    ],
    "save": Annotated[
        str, typer.Option("--save", metavar="FILE", help="Also save the facts, for `replay`.")
    ],
    "fetch": Annotated[bool, typer.Option("--fetch", help="Let git fetch in the clones first.")],
    "config": Annotated[
        str, typer.Option("--config", metavar="FILE", help="Configuration file to read.")
    ],
    "since": Annotated[
        str,
        typer.Option("--since", metavar="TIME", help="From then on: 2h, 3d, 2026-02-01T03:00Z."),
    ],
    "all_containers": Annotated[
        bool, typer.Option("-a", "--all", help="Every container, stopped and unmanaged ones too.")
    ],
    "watch": Annotated[
        bool, typer.Option("-w", "--watch", help="Look again every 2 seconds, until Ctrl-C.")
    ],
}

SHARED = (
    "contexts",
    "all_contexts",
    "host",
    "output",
    "repo",
    "clones",
    "offline",
    "timeout",
    "check",
    "save",
    "fetch",
    "config",
)
EVERY = tuple(_OPTIONS)


def taking(*names: str) -> Callable[[Callable[..., Any]], Callable[..., Any]]:
    """Give a command these options after its own parameters; it gets them as one `flags`."""

    def decorate(command: Callable[..., Any]) -> Callable[..., Any]:
        own = [p for p in inspect.signature(command).parameters.values() if p.name != "flags"]

        def run(**values: Any) -> Any:
            said = {name: _frozen(values.pop(name)) for name in names}
            return command(**values, flags=Flags(**said))

        added = [_parameter(name) for name in names]
        keywords = [p.replace(kind=inspect.Parameter.KEYWORD_ONLY) for p in own]
        run.__signature__ = inspect.Signature([*keywords, *added])  # type: ignore[attr-defined]
        run.__annotations__ = {p.name: p.annotation for p in (*keywords, *added)}
        run.__name__, run.__doc__ = command.__name__, command.__doc__
        return run

    return decorate


def merged(before: Flags, after: Flags) -> Flags:
    """Flags before the command and after it; after wins."""
    said = {f.name: getattr(after, f.name) for f in fields(after) if getattr(after, f.name)}
    return replace(before, **said)


def _parameter(name: str) -> inspect.Parameter:
    empty = {list[str] | None: None, bool: False, str: ""}
    annotation = _OPTIONS[name]
    default = empty[annotation.__origin__]
    return inspect.Parameter(
        name, inspect.Parameter.KEYWORD_ONLY, annotation=annotation, default=default
    )


def _frozen(value: Any) -> Any:
    return tuple(value) if isinstance(value, list) else () if value is None else value
