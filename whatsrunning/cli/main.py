"""The command line: typer lives here alone (DESIGN section 3)."""

import errno
from collections.abc import Mapping, Sequence
from typing import Any

from whatsrunning.cli.parse import commands, invoke, said
from whatsrunning.cli.program import PROGRAM, Call
from whatsrunning.config.options import Flags, resolve
from whatsrunning.errors import Exit, Refused, UsageFault, whereabouts
from whatsrunning.terminal.streams import Io, mute, of_process

_NOT_WRITTEN = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO, errno.EBADF)


def main_of_process(words: Sequence[str], docker: Mapping[str, Any] | None = None) -> int:
    """Run a command line over this process's own streams; the exit code.

    `docker` holds options of the Docker CLI by their names, where it started us as its plugin.
    """
    return main(words, of_process(), docker)


def main(words: Sequence[str], io: Io, docker: Mapping[str, Any] | None = None) -> int:
    """Run a command line; the exit code. Nothing escapes: a traceback would be a fault too."""
    try:
        code = int(invoke(words, Call(io, Flags(**(docker or {})))) or 0)
        io.stdout.flush()
    except Refused as refused:
        return _refuse(words, io, refused.fault, refused.exit)
    except BrokenPipeError:
        mute(io.stdout)
        return Exit.OK
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:  # the last net: a sentence, the fault's place, never its text
        if isinstance(error, OSError) and error.errno in _NOT_WRITTEN:
            return _unwritten(io, error)
        message = f"a fault of {PROGRAM} itself: {whereabouts(error)}"
        return _refuse(words, io, UsageFault("internal", message, "please report it"), Exit.FAULT)
    return code


def _unwritten(io: Io, error: OSError) -> int:
    """Nobody can read an answer from a full disk: say so where that can be read."""
    mute(io.stdout)
    reason = (error.strerror or "it failed").lower()
    return _refuse((), io, UsageFault("output", f"the answer could not be written: {reason}"))


def _refuse(words: Sequence[str], io: Io, fault: UsageFault, code: Exit = Exit.USAGE) -> int:
    from whatsrunning.text import one_line

    try:
        if _wants_json(words, io):
            from whatsrunning.app.failure import failure

            io.stdout.write(failure(fault, _command(words), io.now()))
            io.stdout.flush()
        io.stderr.write(f"{PROGRAM}: {one_line(fault.message)}\n")
        if fault.hint:
            io.stderr.write(f"hint: {one_line(fault.hint)}\n")
        io.stderr.flush()
    except OSError:  # nobody reads, or it is full: the exit code is what is left to say
        mute(io.stdout)
        mute(io.stderr)
    return code


def _wants_json(words: Sequence[str], io: Io) -> bool:
    """Whether JSON was asked for: on a line that need not be sound, or by configuration."""
    asked = said(words, "-o", "--output")
    if asked:
        return asked == "json"
    try:
        named = Flags(config=said(words, "--config"))
        return resolve(named, io.env, io.terminal, io.now()).output.value == "json"
    except Refused:  # a configuration that cannot be read asks for nothing
        return False


def _command(words: Sequence[str]) -> str:
    known = commands()
    return next((word for word in words if word in known), "ps")
