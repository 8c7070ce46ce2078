"""The command line: typer lives here alone (DESIGN section 3)."""

from collections.abc import Sequence

from whatsrunning.cli.commands import PROGRAM, Call
from whatsrunning.cli.parse import invoke
from whatsrunning.options import Flags
from whatsrunning.outcome import Exit, Refused, UsageFault, whereabouts
from whatsrunning.app.io import Io, mute


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
            io.stdout.write(_failure(words, io, fault))
            io.stdout.flush()
        io.stderr.write(f"{PROGRAM}: {one_line(fault.message)}\n")
        if fault.hint:
            io.stderr.write(f"hint: {one_line(fault.hint)}\n")
        io.stderr.flush()
    except BrokenPipeError:
        mute(io.stdout)
        mute(io.stderr)
    return code
