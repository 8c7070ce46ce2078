"""Words to a command; every way a command line can be wrong gets its own sentence and hint."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import typer

from whatsrunning.cli.commands import program
from whatsrunning.cli.program import PROGRAM, Call
from whatsrunning.config.file import OUTPUTS
from whatsrunning.errors import Exit, Refused, UsageFault, nearest

_REF = "give a pull request, SHA, tag or branch; a shell drops what follows a bare #, so write 412"


def invoke(words: Sequence[str], call: Call) -> Any:
    """The exit code of a command line. Raises Refused for what cannot be read."""
    try:
        return program().main(list(words), PROGRAM, standalone_mode=False, obj=call)
    except typer.TyperException as error:
        raise Refused(_fault(error)) from None
    except typer.Abort:
        return Exit.INTERRUPTED


def commands() -> list[str]:
    """The names of all commands."""
    return sorted(program().commands)


def option_value(words: Sequence[str], *names: str) -> str:
    """The last value of an option, on a line that may be wrong; empty without one."""
    value = ""
    for word, following in pairwise([*words, ""]):
        for name in names:
            joined = f"{name}=" if name.startswith("--") else name
            if word == name:
                value = following
            elif word.startswith(joined):
                value = word.removeprefix(name).removeprefix("=")
    return value


def _fault(error: typer.TyperException) -> UsageFault:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else PROGRAM
    message = error.format_message().split("'. ")[0].split(" (Possible")[0].rstrip(".")
    hint = _REF if message == "Missing argument 'REF'" else ""
    if message.startswith("No such command"):
        word = message.removeprefix("No such command ").strip("'")
        message = f"No such command '{word}'"
        hint = _hint_on_command(word) if path == PROGRAM else ""
    elif message.startswith("No such option"):
        close = getattr(error, "possibilities", None) or ()
        hint = _hint_on_option(message.rpartition(" ")[2].lstrip("-"), close)
    return UsageFault("usage", message[:1].lower() + message[1:], hint or f"see `{path} --help`")


def _hint_on_command(word: str) -> str:
    close = nearest(word, commands())
    if close.startswith("did you"):
        return close
    if any(f"--{word}" in param.opts for param in program().params):
        return f"did you mean --{word}?"
    return f"for a service: `{PROGRAM} ps {word}`; for a context: `{PROGRAM} -c {word}`"


def _hint_on_option(name: str, close: Sequence[str]) -> str:
    if name in OUTPUTS:
        return f"did you mean -o {name}?"
    return f"did you mean {' or '.join(sorted(close))}?" if close else ""
