"""A command line to an exit code; whatever goes wrong is a line or two on stderr."""

import errno
from collections.abc import Mapping, Sequence
from typing import Any

from whatsrunning.cli.parse import commands, invoke, option_value
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
    """Run a command line; the exit code. Nothing is raised: a traceback would be a fault too."""
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
            mute(io.stdout)  # an answer on a full disk is read by nobody: stderr may be
            reason = (error.strerror or "it failed").lower()
            message = f"the answer could not be written: {reason}"
            return _refuse((), io, UsageFault("output", message))
        message = f"a fault of {PROGRAM} itself: {whereabouts(error)}"
        return _refuse(words, io, UsageFault("internal", message, "please report it"), Exit.FAULT)
    return code


def _refuse(words: Sequence[str], io: Io, fault: UsageFault, code: Exit = Exit.USAGE) -> int:
    from whatsrunning.text import one_line

    try:
        if _wants_json(words, io):
            from whatsrunning.app.run import failure

            command = next((word for word in words if word in commands()), "ps")
            io.stdout.write(failure(fault, command, io.now()))
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
    """Whether JSON was asked for, on a line that may be wrong, or by configuration."""
    output = option_value(words, "-o", "--output")
    if output:
        return output == "json"
    try:
        flags = Flags(config=option_value(words, "--config"))
        return resolve(flags, io.env, io.terminal, io.now()).output.value == "json"
    except Refused:  # a configuration that cannot be read asks for nothing
        return False
