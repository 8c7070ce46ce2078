"""The first screen, in the order of DESIGN section 4."""

from collections import Counter
from datetime import datetime

from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.report.container import Container, Finding, NewestChange
from whatsrunning.report.report import Report
from whatsrunning.text import ago
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Line, Note, Notes, join, text
from whatsrunning.view.common import findings, header, problems
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.pages import history, swarm
from whatsrunning.view.service_table import RowContext, container_rows, service_rows, table
from whatsrunning.view.services import LIVE, Service, identity, services


def page(report: Report, now: datetime, *, every: bool, before: Report | None) -> tuple[Block, ...]:
    """Header, newest change, nothing running, broken, services, unmanaged, findings, problems."""
    marks = Footnotes.of(report)
    found = services(report)
    several = len(report.engines) > 1
    seen = frozenset(map(identity, before.containers)) if before else None
    look = RowContext(report, marks, now, seen)
    rows = container_rows(look) if every else service_rows(look, found)
    return (
        header(report, now, marks),
        *_newest(report.change, marks, now, several),
        *_window(report, now),
        *_nothing_running(look, found),
        *_broken(report, several),
        *swarm.notes(report, now, marks),
        table(report, rows),
        *(() if every else _unmanaged(report, marks)),
        *findings(report),
        *problems(marks),
    )


def _newest(
    change: NewestChange | None, marks: Footnotes, now: datetime, several: bool
) -> tuple[Block, ...]:
    if change is None:
        return ()
    where = f" on {change.engine}" if several else ""
    when = text(f"changed {ago(now, change.at)}{where}:")
    line = join([text(change.service, "strong"), when, *_from_to(change)], " ")
    return (Notes("Newest change", (Note(line, _between(change, marks)),)),)


def _window(report: Report, now: datetime) -> tuple[Block, ...]:
    """With `--since`: what changed in it, each with both revisions, and what merely restarted."""
    if report.history is None:
        return ()
    changed, *rest = history.window(report.history, now)
    notes = (Note(changed, history.moves(report.history, now)), *map(Note, rest))
    return (Notes("In the window", notes),)


def _from_to(change: NewestChange) -> tuple[Line, ...]:
    now_at = words.sha(change.to_sha) if change.to_sha else text("no revision", "warn")
    if not change.from_sha:
        said = join([now_at, text(", what ran before is not known", "warn")], "")
        return (text("to"), said)
    return (words.sha(change.from_sha), text("\u2192"), now_at)


def _between(change: NewestChange, marks: Footnotes) -> tuple[Line, ...]:
    match change.pull_requests:
        case Found(requests) if requests:
            more = len(requests) - 8
            rest = (text(f"and {more} more"),) if more > 0 else ()
            return (*map(words.pull, requests[:8]), *rest)
        case Found() | Nothing():
            which = "between them" if change.from_sha else "brought it"
            return (text(f"no pull request {which}", "dim"),)
        case _:
            missing = marks.absent(change.pull_requests, "")
            return (join([text("pull requests:"), missing], " "),)


def _nothing_running(look: RowContext, found: tuple[Service, ...]) -> tuple[Block, ...]:
    notes = [_stopped(service, look) for service in found if not service.rows]
    shown = {service.name for service in found}
    for finding in look.report.findings:
        if finding.code == "nothing-running" and finding.service not in shown:
            notes.append(_gone(finding))
    return (Notes("Nothing running", tuple(notes)),) if notes else ()


def _stopped(service: Service, look: RowContext) -> Note:
    last = max(service.stopped, key=lambda c: c.finished_at or c.started_at or c.created_at)
    at = last.finished_at
    when = words.moment(at, look.now) if at else text("when is not known")
    alone = last.name == service.name
    name = text(service.name if alone else f"{service.name}:", "strong")
    others = len(service.stopped) - 1
    more = text(f"and {others} more stopped", "dim") if others else ()
    who = join([name, () if alone else text(last.name), words.state(last)], " ")
    return Note(join([who, when, more]), look.changed(service.stopped))


def _gone(finding: Finding) -> Note:
    return Note(join([text(finding.service, "strong"), text(finding.message)], ": "))


def _broken(report: Report, several: bool) -> tuple[Block, ...]:
    looping = {(f.engine, f.container) for f in report.findings if f.code == "crash-looping"}
    broken = [
        container
        for container in report.containers
        if container.managed
        and (_is_broken(container) or (container.engine, container.name) in looping)
    ]
    notes = tuple(_broken_note(container, several) for container in broken)
    return (Notes("Broken", notes),) if notes else ()


def _is_broken(container: Container) -> bool:
    return container.state in ("restarting", "dead") or (
        container.state in LIVE and container.health == "unhealthy"
    )


def _broken_note(container: Container, several: bool) -> Note:
    revision = container.revision
    at = [text("at"), words.sha(revision.value.sha)] if isinstance(revision, Found) else []
    restarts = 0 if container.state == "restarting" else container.restart_count or 0
    count = [text(f"({words.counted(restarts, 'restart')})")] if restarts else []
    where = [text(f"on {container.engine}")] if several else []
    name = text(container.service or container.name, "strong")
    who = [name] if container.name == container.service else [name, text(f"({container.name})")]
    return Note(join([*who, words.state(container), *count, *at, *where], " "))


def _unmanaged(report: Report, marks: Footnotes) -> tuple[Block, ...]:
    """One folded line for others' containers, and one for those that could not be told."""
    others = [container for container in report.containers if not container.managed]
    unsure = [one for one in others if isinstance(one.repository, Unknown)]
    notes = []
    if foreign := [one for one in others if not isinstance(one.repository, Unknown)]:
        count = text(f"{len(foreign)} not ours:", "dim")
        notes.append(Note(join([count, text(_named(foreign), "dim")], " ")))
    for problem in dict.fromkeys(
        one.repository.problem for one in unsure if isinstance(one.repository, Unknown)
    ):
        about = [one for one in unsure if one.repository == Unknown(problem)]
        head = text(f"{len(about)} perhaps ours,", "warn")
        notes.append(Note(join([head, marks.unknown(problem), text(_named(about))], " ")))
    return (Notes("", tuple(notes)),) if notes else ()


def _named(containers: list[Container]) -> str:
    count = Counter(one.service or one.name for one in containers)
    names = [f"{name} \u00d7{n}" if n > 1 else name for name, n in sorted(count.items())]
    return ", ".join(names[:8] + ([f"{len(names) - 8} more (-a)"] if len(names) > 8 else []))
