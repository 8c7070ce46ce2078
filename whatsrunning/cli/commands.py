"""The commands: each makes a request of its flags, makes one call and returns an exit code."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperCommand
from typer.main import get_command

from whatsrunning import __version__
from whatsrunning.cli.flags import EVERY, SHARED, merged, taking
from whatsrunning.config.options import Flags
from whatsrunning.terminal.streams import Io

if TYPE_CHECKING:  # it costs some 25 ms, which --help and a TAB need not wait for
    from whatsrunning.facts.store import Snapshot

PROGRAM = "whatsrunning"


@dataclass(frozen=True, slots=True)
class Call:
    """The streams, the flags that came before, and a saved look (`demo`: the packaged one)."""

    io: Io
    flags: Flags
    replay: "Snapshot | None" = None
    demo: bool = False


app = typer.Typer(
    name=PROGRAM,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
config = typer.Typer(rich_markup_mode=None, help="The settings in force.")
app.add_typer(config, name="config")


class _Command(TyperCommand):
    """Usage lines as everybody writes them: NAME, not {NAME}."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        return [piece.strip("{}") for piece in super().collect_usage_pieces(ctx)]


def _argument(metavar: str) -> Any:
    return typer.Argument(metavar=metavar, show_default=False)


Services = Annotated[list[str] | None, _argument("[SERVICE]...")]
Rest = Annotated[list[str] | None, _argument("[COMMAND]...")]


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {PROGRAM} {line}".rstrip() for line in lines)


def _command(
    name: str, *examples: str, on: typer.Typer = app, rest: bool = False
) -> Callable[[Callable[..., Any]], Any]:
    """A command with its examples; with `rest` its last argument is a command line of its own."""
    settings = {"allow_extra_args": rest, "ignore_unknown_options": rest}
    settings["allow_interspersed_args"] = not rest
    epilog = _examples(*examples)
    return on.command(name, cls=_Command, epilog=epilog, context_settings=settings)


def program() -> Any:
    """The whole program as a command of typer's, with every command in its place."""
    return get_command(app)


def _look(ctx: typer.Context, flags: Flags, *names: str) -> int:
    from whatsrunning.app.pipeline import Request
    from whatsrunning.app.run import run

    call: Call = ctx.obj
    command = ctx.info_name if ctx.parent is not None else "ps"
    flags = merged(call.flags, flags)
    request = Request(str(command), tuple(names), flags, call.replay, call.demo)
    return run(request, call.io)


def _run(ctx: typer.Context, words: list[str], call: Call) -> Any:
    """Run a command line of its own inside another; the exit code."""
    command: Any = ctx.find_root().command
    return command.main(words, PROGRAM, standalone_mode=False, obj=call)


def _print(ctx: typer.Context, text: str) -> int:
    ctx.obj.io.stdout.write(text)
    return 0


@app.callback(
    invoke_without_command=True,
    epilog=_examples(
        "",
        "-c prod",
        "show worker",
        "has 412 -c prod",
        "diff web -o markdown",
        "ps --check || echo 'look at this'",
    ),
)
@taking(*EVERY)
def root(
    ctx: typer.Context,
    flags: Flags,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> int | None:
    """What exact commit is running right now, and can it be believed?

    Without a command it is `ps`. It reads; it changes nothing.
    """
    if version:
        _print(ctx, f"{PROGRAM} {__version__}\n")
        raise typer.Exit
    ctx.obj = replace(ctx.obj, flags=merged(ctx.obj.flags, flags))
    return _look(ctx, flags) if ctx.invoked_subcommand is None else None


@_command("ps", "ps", "ps web worker -c prod -c staging", "ps -o json --check")
@taking("all_containers", "since", "watch", *SHARED)
def ps(ctx: typer.Context, flags: Flags, services: Services = None) -> int:
    """The first screen: what runs, and what is wrong with it."""
    return _look(ctx, flags, *(services or ()))


@_command("show", "show worker", "show shop_worker_1 -c prod -o json")
@taking(*SHARED)
def show(ctx: typer.Context, flags: Flags, name: Annotated[str, _argument("NAME")]) -> int:
    """The whole chain of one container, each fact sourced.

    NAME is a container's name, the start of its ID (4 or more), or a service.
    """
    return _look(ctx, flags, name)


@_command("diff", "diff", "diff web -c prod -o markdown")
@taking(*SHARED)
def diff(ctx: typer.Context, flags: Flags, services: Services = None) -> int:
    """Deployed against built: a timeline in git order."""
    return _look(ctx, flags, *(services or ()))


@_command("has", "has 412 -c prod", "has 3f2a91c --all-contexts")
@taking(*SHARED)
def has(ctx: typer.Context, flags: Flags, ref: Annotated[str, _argument("REF")]) -> int:
    """Is this pull request, SHA, tag or branch live, and where?

    REF is 412, #412, a URL, a SHA of 7 digits or more, a tag or a branch.
    """
    return _look(ctx, flags, ref)


@_command("history", "history web", "history --since 2h -c prod")
@taking("since", *SHARED)
def history(
    ctx: typer.Context, flags: Flags, service: Annotated[str, _argument("[SERVICE]")] = ""
) -> int:
    """What ran before, and since when."""
    return _look(ctx, flags, *([service] if service else []))


@_command("rollback-plan", "rollback-plan web", "rollback-plan web -c prod -o plain")
@taking(*SHARED)
def rollback_plan(
    ctx: typer.Context, flags: Flags, service: Annotated[str, _argument("SERVICE")]
) -> int:
    """What to go back to, why, and the change to make.

    It runs nothing.
    """
    return _look(ctx, flags, service)


@_command(
    "replay",
    "replay look.json",
    "replay look.json show worker",
    "replay --resolve look.json diff",
    rest=True,
)
@taking(*SHARED)
def replay(
    ctx: typer.Context,
    flags: Flags,
    file: Annotated[str, _argument("FILE")],
    rest: Rest = None,
    resolve: Annotated[
        bool,
        typer.Option("--resolve", help="Ask registry, git and GitHub now for what is missing."),
    ] = False,
) -> Any:
    """Any of these views over a look that --save wrote.

    `replay FILE [COMMAND]...` without a command is `ps`; options may follow.
    """
    from whatsrunning.app.replay import saved

    return _view(ctx, replace(flags, resolve=resolve), saved(file), rest or [])


@_command("demo", "demo", "demo show worker", "demo diff -o markdown", rest=True)
@taking(*SHARED)
def demo(ctx: typer.Context, flags: Flags, rest: Rest = None) -> Any:
    """Any of these views over a fleet that comes along."""
    from whatsrunning.app.replay import demo as demo_look

    return _view(ctx, flags, demo_look(), rest or [], demo=True)


def _view(
    ctx: typer.Context, flags: Flags, look: "Snapshot", rest: list[str], demo: bool = False
) -> Any:
    """The rest of the line over a saved look; `--resolve` may stand there too."""
    words = [word for word in rest if word != "--resolve"]
    resolve = flags.resolve or words != rest
    flags = replace(merged(ctx.obj.flags, flags), resolve=resolve)
    return _run(ctx, words, Call(ctx.obj.io, flags, look, demo))


@_command("completion", "completion bash > /etc/bash_completion.d/whatsrunning", "completion fish")
def completion(ctx: typer.Context, shell: Annotated[str, _argument("SHELL")]) -> int:
    """The completion script for a shell."""
    from whatsrunning.cli.completion.scripts import script

    return _print(ctx, script(shell))


@_command("show", "config show", "config show --config ./whatsrunning.toml", on=config)
@taking(*SHARED)
def config_show(ctx: typer.Context, flags: Flags) -> int:
    """Every setting, its value and where it came from.

    Secrets are shown only as set or not set.
    """
    from whatsrunning.app.config_show import listing

    call: Call = ctx.obj
    return _print(ctx, listing(merged(call.flags, flags), call.io))


@_command("help", "help exit-codes", "help findings")
def help_(ctx: typer.Context, topic: Annotated[str, _argument("[TOPIC]")] = "") -> int:
    """exit-codes, environment, config, formats, findings; or a command."""
    from whatsrunning.cli.help_topics.topics import TOPICS, text_of

    commands = getattr(ctx.find_root().command, "commands", {})
    if topic in commands and topic not in TOPICS:
        return int(_run(ctx, [topic, "--help"], ctx.obj) or 0)
    return _print(ctx, text_of(topic))
