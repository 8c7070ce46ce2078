"""A request to an exit code: look, show, save, remember, decide."""

from datetime import datetime
from pathlib import Path

from whatsrunning.app.io import Io, write
from whatsrunning.app.look import Looked, look
from whatsrunning.app.opening import home_of, open_journal
from whatsrunning.app.request import Request
from whatsrunning.app.watching import run_watch
from whatsrunning.model.answers import Found
from whatsrunning.model.facts import LookFacts
from whatsrunning.model.report import Container, Report
from whatsrunning.options import Options, resolve
from whatsrunning.outcome import Exit, Refused, UsageFault, decide
from whatsrunning.ports import SourceError
from whatsrunning.progress import spinner
from whatsrunning.render import render
from whatsrunning.render.settings import RenderSettings
from whatsrunning.text import one_line

PROGRAM = "whatsrunning"


def run(request: Request, io: Io) -> int:
    """Do what was asked; the exit code. Raises Refused when nothing can be shown."""
    check_flags(request)
    options = resolve(request.flags, io.env, io.terminal, io.now())
    if request.flags.watch:
        return run_watch(request, options, io, lambda looked, to: page(looked.report, options, to))
    looked = _looked(request, options, io)
    text = page(looked.report, options, io)
    notes = [*_faults(looked), *_save(looked, options)]
    if request.replay is None and options.journal.value:
        _remember(looked, options)
    write(text, io)
    io.stderr.write("".join(f"{note}\n" for note in notes))
    code = decide(looked.report, check=options.flags.check, faults=bool(looked.faults))
    return Exit.USAGE if code == Exit.OK and notes else code


def _looked(request: Request, options: Options, io: Io) -> Looked:
    if not io.animated or (request.replay is not None and not request.flags.resolve):
        return look(request, options, io.now(), lambda _lanes: None)
    with spinner(io.stderr, io.width, io.unicode) as waiting:
        return look(request, options, io.now(), waiting)


def check_flags(request: Request) -> None:
    """Raises Refused for an option that the command has no use for."""
    for name, given, users in (
        ("--watch", request.flags.watch, ("ps",)),
        ("--since", request.flags.since, ("ps", "history")),
        ("--all", request.flags.all_containers, ("ps",)),
    ):
        if given and request.command not in users:
            message = f"{name} is no option of {request.command}"
            raise Refused(UsageFault("usage", message, f"it belongs to {' and '.join(users)}"))


def page(report: Report, options: Options, io: Io) -> str:
    """The answer in the chosen format."""
    settings = RenderSettings(
        width=io.width,
        colour=io.colour,
        links=io.links,
        utf8=io.unicode,
        every=options.flags.all_containers,
    )
    return render(options.output.value, report, report.taken_at, settings)


def _faults(looked: Looked) -> list[str]:
    said = [f"{PROGRAM}: a fault of {PROGRAM} itself: {fault}" for fault in looked.faults]
    return [*said, "hint: please report it; the rest of the answer stands"] if said else []


def _save(looked: Looked, options: Options) -> list[str]:
    """Save the facts where --save says; what went wrong, which costs the answer nothing."""
    if not options.flags.save:
        return []
    from whatsrunning.sources import recorded

    reason = recorded.write(Path(options.flags.save), looked.snapshot)
    failed = one_line(f"{PROGRAM}: --save {options.flags.save}: {reason}")
    return [failed, "hint: the answer was shown, but not saved"] if reason else []


def _remember(looked: Looked, options: Options) -> None:
    """Write this look down; a journal that cannot be written makes `history` shorter, no more."""
    looks = _looks(looked.report, looked.snapshot.taken_at)
    if not looks:
        return
    try:
        open_journal(options, home_of(options.env)).write(looks, looked.snapshot.taken_at)
    except SourceError:
        return


def _looks(report: Report, at: datetime) -> list[LookFacts]:
    ids = {engine.context: engine.id for engine in report.engines if engine.id}
    return [
        _look_of(container, ids[container.engine], at)
        for container in report.containers
        if container.managed and container.state == "running" and container.engine in ids
    ]


def _look_of(container: Container, engine_id: str, at: datetime) -> LookFacts:
    revision, deployed = container.revision, container.deployed_at
    return LookFacts(
        at=at,
        engine_id=engine_id,
        service=container.service,
        container=container.name,
        sha=revision.value.sha if isinstance(revision, Found) else "",
        image_id=container.image.id,
        deployed_at=deployed.value.at if isinstance(deployed, Found) else None,
    )
