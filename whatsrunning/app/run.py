"""A request to an exit code: look, show, save, remember, decide."""

import os
from datetime import datetime
from pathlib import Path

from whatsrunning.app.exit_code import decide
from whatsrunning.app.factory import home_of, open_journal
from whatsrunning.app.pipeline import LookResult, look
from whatsrunning.app.request import Request
from whatsrunning.app.sudo import sudo_notes
from whatsrunning.app.watch.loop import run_watch
from whatsrunning.config.options import Options, resolve
from whatsrunning.errors import Exit, Refused, UsageFault
from whatsrunning.facts.answers import Found
from whatsrunning.facts.ports import SourceError
from whatsrunning.facts.records import JournalEntry
from whatsrunning.render.formats import render
from whatsrunning.render.settings import RenderSettings
from whatsrunning.report.container import Container
from whatsrunning.report.report import Report
from whatsrunning.terminal.pager import page_through, pager_of
from whatsrunning.terminal.spinner import spinner
from whatsrunning.terminal.streams import Io, resized, tell, write
from whatsrunning.text import one_line

PROGRAM = "whatsrunning"


def run(request: Request, io: Io) -> int:
    """Do what was asked; the exit code. Raises Refused when nothing can be shown."""
    check_flags(request)
    # `--since 2h` counts from the look, which in a replay was taken long ago.
    now = request.replay.taken_at if request.replay else io.now()
    options = resolve(request.flags, io.env, io.terminal, now)
    if request.flags.watch:
        return run_watch(request, options, io, page)
    looked = _looked(request, options, io)
    text = page(looked.report, options, io)
    notes = [*_faults(looked), *_save(looked, options)]
    if request.replay is None and options.journal.value:
        _remember(looked, options)
    _output(text, options, io)
    tell("".join(f"{note}\n" for note in [*notes, *sudo_notes(options.env)]), io)
    code = decide(looked.report, check=options.flags.check, faults=bool(looked.faults))
    return Exit.USAGE if code == Exit.OK and notes else code


def _looked(request: Request, options: Options, io: Io) -> LookResult:
    if not io.animated or (request.replay is not None and not request.flags.resolve):
        return look(request, options, io.now(), lambda _lanes: None, began=io.started)
    with spinner(io.stderr, io.width, io.unicode) as waiting:
        return look(request, options, io.now(), waiting, began=io.started)


def check_flags(request: Request) -> None:
    """Raises Refused for an option that the command has no use for, and for an empty argument."""
    for name, given, users in (
        ("--watch", request.flags.watch, ("ps",)),
        ("--since", request.flags.since, ("ps", "history")),
        ("--all", request.flags.all_containers, ("ps",)),
    ):
        if given and request.command not in users:
            message = f"{name} is no option of {request.command}"
            raise Refused(UsageFault("usage", message, f"it belongs to {' and '.join(users)}"))
    if not all(word.strip() for word in request.arguments):  # a script's variable that was not set
        message = f"an argument of {request.command} is empty"
        raise Refused(UsageFault("usage", message, f"see `{PROGRAM} {request.command} --help`"))


def page(report: Report, options: Options, io: Io, before: Report | None = None) -> str:
    """The answer in the chosen format; what changed since the look before is marked."""
    settings = RenderSettings(
        width=io.width,
        colour=io.colour,
        links=io.links,
        utf8=io.unicode,
        every=options.flags.all_containers,
        before=before,
    )
    return render(options.output.value, report, report.taken_at, settings)


def _output(text: str, options: Options, io: Io) -> None:
    """Through PAGER when it is set and the table is longer than the terminal, else as it is."""
    command = pager_of(io.env) if io.terminal and options.output.value == "table" else []
    long = bool(command) and text.count("\n") >= resized(io)[1]
    if not (long and page_through(text, command, io.env)):
        write(text, io)


def _faults(looked: LookResult) -> list[str]:
    said = [f"{PROGRAM}: a fault of {PROGRAM} itself: {fault}" for fault in looked.faults]
    return [*said, "hint: please report it; the rest of the answer stands"] if said else []


def _save(looked: LookResult, options: Options) -> list[str]:
    """Save the facts where --save says; what went wrong, which costs the answer nothing."""
    if not options.flags.save:
        return []
    from whatsrunning.sources.saved import file as saved_file

    reason = saved_file.write(Path(options.flags.save), looked.snapshot)
    failed = one_line(f"{PROGRAM}: --save {options.flags.save}: {reason}")
    return [failed, "hint: the answer was shown, but not saved"] if reason else []


def _remember(looked: LookResult, options: Options) -> None:
    """Write this look down; a journal that cannot be written makes `history` shorter, no more."""
    looks = _looks(looked.report, looked.snapshot.taken_at)
    home = home_of(options.env)
    if not looks or not (os.path.isdir(home) or options.env.get("XDG_STATE_HOME")):
        return  # a home that is not there is not ours to make
    try:
        open_journal(options, home).write(looks, looked.snapshot.taken_at)
    except SourceError:
        return


def _looks(report: Report, at: datetime) -> list[JournalEntry]:
    ids = {engine.context: engine.id for engine in report.engines if engine.id}
    return [
        _look_of(container, ids[container.engine], at)
        for container in report.containers
        if container.managed and container.state == "running" and container.engine in ids
    ]


def _look_of(container: Container, engine_id: str, at: datetime) -> JournalEntry:
    revision, deployed = container.revision, container.deployed_at
    return JournalEntry(
        at=at,
        engine_id=engine_id,
        service=container.service,
        container=container.name,
        sha=revision.value.sha if isinstance(revision, Found) else "",
        image_id=container.image.id,
        deployed_at=deployed.value.at if isinstance(deployed, Found) else None,
    )
