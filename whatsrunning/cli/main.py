"""A command line to an exit code; every way it can be wrong is a sentence and a hint on stderr."""

import errno
from collections.abc import Mapping, Sequence
from itertools import pairwise
from typing import Any

import typer

from whatsrunning.cli.commands import PROGRAM, Call, program
from whatsrunning.config.file import OUTPUTS
from whatsrunning.config.options import Flags, resolve
from whatsrunning.errors import Exit, Refused, nearest, whereabouts
from whatsrunning.terminal.streams import Io, mute, of_process

_NOT_WRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)
_REF = "give a pull request, SHA, tag or branch; a shell drops what follows a bare #, so write 412"


def main(
    words: Sequence[str], io: Io | None = None, docker: Mapping[str, Any] | None = None
) -> int:
    """Run a command line; the exit code. Nothing is raised: a traceback would be a fault too.

    Without `io` it is over this process's own streams. `docker` holds options of the Docker CLI by
    their names, where it started us as its plugin.
    """
    io = io or of_process()
    try:
        code = int(_invoke(words, Call(io, Flags(**(docker or {})))) or 0)
        io.stdout.flush()
    except Refused as refused:
        return _refuse(words, io, refused)
    except BrokenPipeError:
        mute(io.stdout)
        return Exit.OK
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:  # the last net: a sentence, the fault's place, never its text
        if isinstance(error, OSError) and error.errno in _NOT_WRITTEN:
            mute(io.stdout)  # an answer on a full disk is read by nobody: stderr may be
            reason = (error.strerror or "it failed").lower()
            return _refuse((), io, Refused("output", f"the answer could not be written: {reason}"))
        message = f"a fault of {PROGRAM} itself: {whereabouts(error)}"
        return _refuse(words, io, Refused("internal", message, "please report it", Exit.FAULT))
    return code


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


def _invoke(words: Sequence[str], call: Call) -> Any:
    try:
        return program().main(list(words), PROGRAM, standalone_mode=False, obj=call)
    except typer.TyperException as error:
        raise _refused(error) from None
    except typer.Abort:
        return Exit.INTERRUPTED


def _refused(error: typer.TyperException) -> Refused:
    context = getattr(error, "ctx", None)
    path = context.command_path if context is not None else PROGRAM
    message = error.format_message().split("'. ")[0].split(" (Possible")[0].rstrip(".")
    hint = _REF if message == "Missing argument 'REF'" else ""
    if message.startswith("No such command"):
        word = message.removeprefix("No such command ").strip("'")
        message = f"No such command '{word}'"
        hint = _hint_on_command(word) if path == PROGRAM else ""
    elif message.startswith("No such option"):
        name = message.rpartition(" ")[2].lstrip("-")
        close = sorted(getattr(error, "possibilities", None) or ())
        meant = f"-o {name}" if name in OUTPUTS else " or ".join(close)
        hint = f"did you mean {meant}?" if meant else ""
    message = message[:1].lower() + message[1:]
    return Refused("usage", message, hint or f"see `{path} --help`")


def _hint_on_command(word: str) -> str:
    close = nearest(word, commands())
    if close.startswith("did you"):
        return close
    if any(f"--{word}" in param.opts for param in program().params):
        return f"did you mean --{word}?"
    return f"for a service: `{PROGRAM} ps {word}`; for a context: `{PROGRAM} -c {word}`"


def _refuse(words: Sequence[str], io: Io, refused: Refused) -> int:
    from whatsrunning.text import one_line

    hint = f"hint: {one_line(refused.hint)}\n" if refused.hint else ""
    try:
        if _wants_json(words, io):
            from whatsrunning.app.run import failure

            command = next((word for word in words if word in commands()), "ps")
            io.stdout.write(failure(refused, command, io.now()))
            io.stdout.flush()
        io.stderr.write(f"{PROGRAM}: {one_line(refused.message)}\n{hint}")
        io.stderr.flush()
    except OSError:  # nobody reads, or it is full: the exit code is what is left to say
        mute(io.stdout)
        mute(io.stderr)
    return refused.exit


def _wants_json(words: Sequence[str], io: Io) -> bool:
    """Whether JSON was asked for, on a line that may be wrong, or by configuration."""
    output = option_value(words, "-o", "--output")
    if output:
        return output == "json"
    try:
        flags = Flags(config=option_value(words, "--config"))
        return resolve(flags, io.env, io.terminal, io.now()).output.value == "json"
    except Refused:  # a configuration that cannot be read asks for nothing
        return False
