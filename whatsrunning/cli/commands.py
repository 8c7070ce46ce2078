"""The commands: flags to a request, one call, an exit code. No logic (DESIGN section 3)."""

from dataclasses import dataclass, replace
from typing import Annotated, Any

import typer

from whatsrunning.cli.flags import EVERY, SHARED, merged, taking
from whatsrunning.model.scope import Snapshot
from whatsrunning.options import Flags
from whatsrunning.app.io import Io

PROGRAM = "whatsrunning"


@dataclass(frozen=True, slots=True)
class Call:
    """What the command line starts with: streams, flags said so far, and a saved look to replay."""

    io: Io
    flags: Flags
    replay: Snapshot | None = None


app = typer.Typer(
    name=PROGRAM,
    add_completion=False,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
)
config = typer.Typer(rich_markup_mode=None, help="The settings in force.")
app.add_typer(config, name="config")

Services = Annotated[list[str] | None, typer.Argument(metavar="[SERVICE]...", show_default=False)]
_REST = {"allow_extra_args": True, "allow_interspersed_args": False, "ignore_unknown_options": True}


def _examples(*lines: str) -> str:
    return "\b\nExamples:\n" + "\n".join(f"  {PROGRAM} {line}".rstrip() for line in lines)


def _look(ctx: typer.Context, flags: Flags, *names: str) -> int:
    from whatsrunning.app import Request, run

    call: Call = ctx.obj
    command = ctx.info_name if ctx.parent is not None else "ps"
    request = Request(str(command), tuple(names), merged(call.flags, flags), call.replay)
    return run(request, call.io)


@app.callback(
    invoke_without_command=True,
    epilog=_examples(
        "",
        "-c prod",
        "show web",
        "has 412 -c prod",
        "diff web -o markdown",
        "ps --check || echo 'look at this'",
    ),
)
@taking(*EVERY)
def root(ctx: typer.Context, flags: Flags) -> int | None:
    """What exact commit is running right now, and can it be believed?

    Without a command it is `ps`. It reads; it changes nothing.
    """
    ctx.obj = replace(ctx.obj, flags=merged(ctx.obj.flags, flags))
    return _look(ctx, flags) if ctx.invoked_subcommand is None else None


@app.command(epilog=_examples("ps", "ps web worker -c prod -c staging", "ps -o json --check"))
@taking("all_containers", "since", "watch", *SHARED)
def ps(ctx: typer.Context, flags: Flags, services: Services = None) -> int:
    """The first screen: what runs, from which commit, and what is wrong with it."""
    return _look(ctx, flags, *(services or ()))


@app.command(epilog=_examples("show web", "show shop-web-1 -c prod -o json"))
@taking(*SHARED)
def show(ctx: typer.Context, flags: Flags, name: Annotated[str, typer.Argument(metavar="NAME")]) -> int:
    """The whole chain of one container (name, ID or service): each fact with its source."""
    return _look(ctx, flags, name)


@app.command(epilog=_examples("diff", "diff web -c prod -o markdown"))
@taking(*SHARED)
def diff(ctx: typer.Context, flags: Flags, services: Services = None) -> int:
    """Deployed against built: one timeline an image repository, in git order."""
    return _look(ctx, flags, *(services or ()))


@app.command(epilog=_examples("has 412 -c prod", "has 3f2a91c --all-contexts"))
@taking(*SHARED)
def has(ctx: typer.Context, flags: Flags, ref: Annotated[str, typer.Argument(metavar="REF")]) -> int:
    """Is this pull request (412, #412, a URL), SHA, tag or branch live, and where?"""
    return _look(ctx, flags, ref)


@app.command(epilog=_examples("history web", "history --since 2h -c prod"))
@taking("since", *SHARED)
def history(
    ctx: typer.Context,
    flags: Flags,
    service: Annotated[str, typer.Argument(metavar="[SERVICE]", show_default=False)] = "",
) -> int:
    """What ran before and since when, each row with its evidence."""
    return _look(ctx, flags, *([service] if service else []))


@app.command("rollback-plan", epilog=_examples("rollback-plan web", "rollback-plan web -c prod -o plain"))
@taking(*SHARED)
def rollback_plan(
    ctx: typer.Context, flags: Flags, service: Annotated[str, typer.Argument(metavar="SERVICE")]
) -> int:
    """What to go back to: ranked candidates, reasons, and the change to make. Runs nothing."""
    return _look(ctx, flags, service)


Rest = Annotated[list[str] | None, typer.Argument(metavar="[COMMAND]...", show_default=False)]


@app.command(
    context_settings=_REST,
    epilog=_examples("replay look.json", "replay look.json show web", "replay --resolve look.json diff"),
)
@taking(*SHARED)
def replay(
    ctx: typer.Context,
    flags: Flags,
    file: Annotated[str, typer.Argument(metavar="FILE")],
    rest: Rest = None,
    resolve: Annotated[
        bool, typer.Option("--resolve", help="Ask registry, git and GitHub now for what is missing.")
    ] = False,
) -> Any:
    """Any of these views over a look that --save wrote."""
    from whatsrunning.replay import saved

    return _again(ctx, replace(flags, resolve=resolve), saved(file), rest or [])


@app.command(context_settings=_REST, epilog=_examples("demo", "demo show web", "demo diff -o markdown"))
@taking(*SHARED)
def demo(ctx: typer.Context, flags: Flags, rest: Rest = None) -> Any:
    """Any of these views over a fleet that comes with the program."""
    from whatsrunning.replay import demo_look

    return _again(ctx, flags, demo_look(), rest or [])


def _again(ctx: typer.Context, flags: Flags, look: Snapshot, rest: list[str]) -> Any:
    """Read the rest of the line as a command line of its own, over the saved look."""
    from whatsrunning.cli.parse import invoke

    resolve = flags.resolve or "--resolve" in rest
    flags = replace(merged(ctx.obj.flags, flags), resolve=resolve)
    rest = [word for word in rest if word != "--resolve"]
    return invoke(rest, Call(ctx.obj.io, flags, look))


@app.command(epilog=_examples("completion bash > /etc/bash_completion.d/whatsrunning", "completion fish"))
def completion(
    ctx: typer.Context, shell: Annotated[str, typer.Argument(metavar="bash|zsh|fish")]
) -> int:
    """The script that makes the shell complete commands, options and names."""
    from whatsrunning.cli.shells import script

    return _print(ctx, script(shell))


@config.command("show", epilog=_examples("config show", "config show --config ./whatsrunning.toml"))
@taking(*SHARED)
def config_show(ctx: typer.Context, flags: Flags) -> int:
    """Every setting, its value and where it came from; secrets only as set or not set."""
    from whatsrunning.options.listing import listing

    call: Call = ctx.obj
    return _print(ctx, listing(merged(call.flags, flags), call.io))


@app.command("help", epilog=_examples("help exit-codes", "help findings"))
def help_(
    ctx: typer.Context,
    topic: Annotated[str, typer.Argument(metavar="[TOPIC]", show_default=False)] = "",
) -> int:
    """Topics: exit-codes, environment, config, formats, findings."""
    from whatsrunning.topics import text_of

    return _print(ctx, text_of(topic))


def _print(ctx: typer.Context, text: str) -> int:
    ctx.obj.io.stdout.write(text)
    return 0
