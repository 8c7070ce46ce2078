"""A command line to an exit code; every way it can be wrong is one or two lines on stderr."""

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

import typer

from whatsrunning.cli.commands import program
from whatsrunning.cli.program import PROGRAM, Call
from whatsrunning.config.file import OUTPUTS
from whatsrunning.errors import Exit, Refused, UsageFault, nearest


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
    return sorted(getattr(program(), "commands", {}))


def said(words: Sequence[str], *spellings: str) -> str:
    """The last value of an option, on a line that need not be sound; empty without one."""
    value = ""
    for word, after in pairwise([*words, ""]):
        for spelling in spellings:
            joined = f"{spelling}=" if spelling.startswith("--") else spelling
            if word == spelling:
                value = after
            elif word.startswith(joined):
                value = word.removeprefix(spelling).removeprefix("=")
    return value


def _fault(error: typer.TyperException) -> UsageFault:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else PROGRAM
    message = error.format_message().split("'. ")[0].split(" (Possible")[0].rstrip(".")
    if message.startswith("No such command"):
        word = message.removeprefix("No such command ").strip("'")
        message = f"No such command '{word}'"
        hint = _of_a_word(word) if path == PROGRAM else ""
    elif message.startswith("No such option"):
        hint = _of_an_option(message.rpartition(" ")[2], getattr(error, "possibilities", None))
    else:
        hint = _REF if message == "Missing argument 'REF'" else ""
    return UsageFault("usage", message[:1].lower() + message[1:], hint or f"see `{path} --help`")


_REF = "give a pull request, SHA, tag or branch; a shell drops what follows a bare #, so write 412"


def _of_a_word(word: str) -> str:
    """What somebody meant who typed this where a command belongs."""
    close = nearest(word, commands())
    if close.startswith("did you"):
        return close
    if f"--{word}" in {name for made in program().params for name in made.opts}:
        return f"did you mean --{word}?"
    return f"for a service: `{PROGRAM} ps {word}`; for a context: `{PROGRAM} -c {word}`"


def _of_an_option(name: str, possible: Sequence[str] | None) -> str:
    if name.lstrip("-") in OUTPUTS:
        return f"did you mean -o {name.lstrip('-')}?"
    return f"did you mean {' or '.join(sorted(possible))}?" if possible else ""
