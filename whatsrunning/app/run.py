"""A request to an exit code: look, show, save, remember, decide."""

from pathlib import Path

from whatsrunning.app.io import Io, mute
from whatsrunning.app.look import Looked, look
from whatsrunning.app.request import Request
from whatsrunning.options import Options, resolve
from whatsrunning.outcome import Exit, Refused, UsageFault, decide


def run(request: Request, io: Io) -> int:
    """Do what was asked; the exit code. Raises Refused when nothing can be shown."""
    options = resolve(request.flags, io.env, io.terminal, io.now())
    looked = look(request, options, io.now(), lambda _lanes: None)
    write(shown(looked, options, io), io)
    _note(looked, io)
    if request.replay is None:
        _remember(looked, options)
    code = decide(looked.report, check=options.flags.check, faults=bool(looked.faults))
    _save(looked, options)
    return code
