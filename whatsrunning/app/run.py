"""A request to an exit code: look, show, save, remember, decide."""

import contextlib
from datetime import datetime
from pathlib import Path

from whatsrunning.app.exit_code import decide
from whatsrunning.app.factory import open_journal
from whatsrunning.app.pipeline import LookResult, Request, look
from whatsrunning.app.sudo import sudo_notes
from whatsrunning.app.watch import page, run_watch
from whatsrunning.config.options import Options, home_of, resolve
from whatsrunning.errors import Exit, Refused
from whatsrunning.facts.journal import JournalEntry
from whatsrunning.facts.query import SourceError
from whatsrunning.report.report import Report
from whatsrunning.terminal.pager import page_through, pager_of
from whatsrunning.terminal.spinner import spinner
from whatsrunning.terminal.streams import Io, resized, tell, write
from whatsrunning.text import one_line

PROGRAM = "whatsrunning"


def run(request: Request, io: Io) -> int:
    """Do what was asked; the exit code. Raises Refused when nothing can be shown."""
    _check(request)
    # `--since 2h` counts from the look, which in a replay was taken long ago.
    now = request.replay.taken_at if request.replay else io.now()
    options = resolve(request.flags, io.env, io.terminal, now)
    if request.flags.watch:
        return run_watch(request, options, io)
    result = _look(request, options, io)
    text = page(result.report, options, io)
    notes = [*_faults(result), *_save(result, options)]
    if request.replay is None and options.journal.value:
        _remember(result.report, options)
    _show(text, options, io)
    tell("".join(f"{note}\n" for note in [*notes, *sudo_notes(options.env)]), io)
    code = decide(result.report, check=options.flags.check, faults=bool(result.faults))
    return Exit.USAGE if code == Exit.OK and notes else code


def failure(refused: Refused, command: str, now: datetime) -> str:
    """What `-o json` prints when nothing can be shown, with a line end."""
    from whatsrunning.render.json import document

    return document.failure(refused.code, refused.message, refused.hint, command, now)


def _check(request: Request) -> None:
    """Raises Refused for an option that the command has no use for, and for an empty argument."""
    for option, given, commands in (
        ("--watch", request.flags.watch, ("ps",)),
        ("--since", request.flags.since, ("ps", "history")),
        ("--all", request.flags.all_containers, ("ps",)),
    ):
        if given and request.command not in commands:
            message = f"{option} is no option of {request.command}"
            raise Refused("usage", message, f"it belongs to {' and '.join(commands)}")
    if not all(word.strip() for word in request.arguments):  # a script's variable that was not set
        message = f"an argument of {request.command} is empty"
        raise Refused("usage", message, f"see `{PROGRAM} {request.command} --help`")


def _look(request: Request, options: Options, io: Io) -> LookResult:
    if not io.animated or (request.replay is not None and not request.flags.resolve):
        return look(request, options, io.now(), began=io.started)
    with spinner(io.stderr, io.width, io.unicode) as on_waiting:
        return look(request, options, io.now(), on_waiting, began=io.started)


def _show(text: str, options: Options, io: Io) -> None:
    """Through PAGER when it is set and the table is longer than the terminal, else as it is."""
    command = pager_of(io.env) if io.terminal and options.output.value == "table" else []
    long = bool(command) and text.count("\n") >= resized(io)[1]
    if not (long and page_through(text, command, io.env)):
        write(text, io)


def _faults(result: LookResult) -> list[str]:
    notes = [f"{PROGRAM}: a fault of {PROGRAM} itself: {fault}" for fault in result.faults]
    return [*notes, "hint: please report it; the rest of the answer stands"] if notes else []


def _save(result: LookResult, options: Options) -> list[str]:
    """Save the facts where --save says; what went wrong, which costs the answer nothing."""
    if not options.flags.save:
        return []
    from whatsrunning.sources.saved import file as saved_file

    reason = saved_file.write(Path(options.flags.save), result.snapshot)
    failed = one_line(f"{PROGRAM}: --save {options.flags.save}: {reason}")
    return [failed, "hint: the answer was shown, but not saved"] if reason else []


def _remember(report: Report, options: Options) -> None:
    """Write this look down; a journal that cannot be written makes `history` shorter, no more."""
    entries = _journal_entries(report)
    # A home that is not there is not ours to make.
    if entries and (options.env.get("XDG_STATE_HOME") or home_of(options.env).is_dir()):
        with contextlib.suppress(SourceError):
            open_journal(options).write(entries, report.taken_at)


def _journal_entries(report: Report) -> list[JournalEntry]:
    """What this look knows: nothing of a revision that it could not find out, nor of one-offs."""
    ids = {engine.context: engine.id for engine in report.engines if engine.id}
    return [
        JournalEntry(
            at=report.taken_at,
            engine_id=ids[container.engine],
            service=container.service,
            container=container.name,
            sha=container.sha,
            image_id=container.image.id,
            deployed_at=container.changed_at,
            project=container.project,
            container_id=container.id,
        )
        for container in report.containers
        if container.managed and container.state == "running" and container.engine in ids
        if not (container.one_off or container.revision.problem)
    ]
