"""The command line: typer lives here alone (DESIGN section 3)."""

from collections.abc import Sequence
from itertools import pairwise

from whatsrunning.app.io import Io, mute, of_process
from whatsrunning.cli.commands import PROGRAM, Call
from whatsrunning.cli.parse import commands, invoke
from whatsrunning.options import Flags
from whatsrunning.outcome import Exit, Refused, UsageFault, whereabouts


def main_of_process(words: Sequence[str]) -> int:
    """Run a command line over this process's own streams; the exit code."""
    return main(words, of_process())


def main(words: Sequence[str], io: Io) -> int:
    """Run a command line; the exit code. Nothing escapes: a traceback would be a fault too."""
    try:
        code = int(invoke(words, Call(io, Flags())) or 0)
        io.stdout.flush()
    except Refused as refused:
        return _refuse(words, io, refused.fault, refused.exit)
    except BrokenPipeError:
        mute(io.stdout)
        return Exit.OK
    except KeyboardInterrupt:
        return Exit.INTERRUPTED
    except Exception as error:  # the last net: a sentence, the fault's place, never its text
        message = f"a fault of {PROGRAM} itself: {whereabouts(error)}"
        return _refuse(words, io, UsageFault("internal", message, "please report it"), Exit.FAULT)
    return code


def _refuse(words: Sequence[str], io: Io, fault: UsageFault, code: Exit) -> int:
    from whatsrunning.text import one_line

    try:
        if _wants_json(words):
            from whatsrunning.app.failure import failure

            io.stdout.write(failure(fault, _command(words), io.now()))
            io.stdout.flush()
        io.stderr.write(f"{PROGRAM}: {one_line(fault.message)}\n")
        if fault.hint:
            io.stderr.write(f"hint: {one_line(fault.hint)}\n")
        io.stderr.flush()
    except BrokenPipeError:
        mute(io.stdout)
        mute(io.stderr)
    return code


def _wants_json(words: Sequence[str]) -> bool:
    """Whether JSON was asked for, on a line that could not be read whole."""
    spelled = ("-ojson", "-o=json", "--output=json")
    pairs = pairwise(words)
    asked = any(first in ("-o", "--output") and then == "json" for first, then in pairs)
    return asked or any(word in spelled for word in words)


def _command(words: Sequence[str]) -> str:
    known = commands()
    return next((word for word in words if word in known), "ps")
