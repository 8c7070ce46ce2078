"""The first screen: what changed last, what is down or broken, then a row for each service."""

from collections.abc import Iterator

from whatsrunning.report.container import Container, NewestChange
from whatsrunning.text import ago
from whatsrunning.view import unmanaged, words
from whatsrunning.view.blocks import Block, Line, Note, join, text
from whatsrunning.view.common import findings, notes
from whatsrunning.view.context import PageContext
from whatsrunning.view.pages import history, swarm
from whatsrunning.view.service_table import table
from whatsrunning.view.services import Service, services

_PULLS = 8


def page(context: PageContext) -> Iterator[Block]:
    """Newest change, nothing running, broken, services, unmanaged, findings."""
    report, managed = context.report, services(context.report)
    if report.change:
        yield from notes("Newest change", _newest(report.change, context))
    if report.history:
        changed, *rest = history.window(report.history, context)
        moves = history.moves(report.history, context)
        yield from notes("In the window", Note(changed, moves), *map(Note, rest))
    yield from notes("Nothing running", *_nothing_running(context, managed))
    yield from notes("Broken", *_broken(context))
    yield from notes("Swarm", *swarm.notes(context))
    yield from _services(context, managed)
    yield from findings(context)


def _services(context: PageContext, managed: tuple[Service, ...]) -> Iterator[Block]:
    """A row a service, or a container; where none is managed, what the images say."""
    if not unmanaged.is_all(context.report):
        yield from table(context, managed)
        yield from notes("", *unmanaged.folded(context))
    elif context.every and context.report.containers:
        yield from (*table(context, managed), *unmanaged.step(context))
    else:
        yield from unmanaged.screen(context)


def _newest(change: NewestChange, context: PageContext) -> Note:
    moved = "went back" if change.back else "changed"
    when = text(f"{moved} {ago(context.now, change.at)}{context.on(change.engine)}:")
    line = join([text(change.service, "strong"), when, *_from_to(change)], " ")
    return Note(line, _between(change, context))


def _from_to(change: NewestChange) -> tuple[Line, ...]:
    to = words.sha(change.to_sha)
    if change.from_sha:
        return (words.sha(change.from_sha), text("\u2192"), to)
    return (text("to"), join([to, text(", what ran before is not known", "warn")], ""))


def _between(change: NewestChange, context: PageContext) -> tuple[Line, ...]:
    answer = change.pull_requests
    if requests := answer.value_or(()):
        more = len(requests) - _PULLS
        rest = (text(f"and {more} more"),) if more > 0 else ()
        if change.back:
            numbers = text(", ".join(f"#{request.number}" for request in requests[:_PULLS]))
            return (join([text("took out"), join([numbers, *rest])], " "),)
        return (*map(words.pull, requests[:_PULLS]), *rest)
    if answer.problem:
        return (join([text("pull requests:"), context.marks.unknown(answer.problem)], " "),)
    if change.back:
        return (text("took out no pull request", "dim"),)
    which = "between them" if change.from_sha else "brought it"
    return (text(f"no pull request {which}", "dim"),)


def _nothing_running(context: PageContext, managed: tuple[Service, ...]) -> Iterator[Note]:
    for service in managed:
        if not service.rows:
            yield _stopped(service, context)
    shown = {service.name for service in managed}
    for finding in context.report.findings:
        if finding.code == "nothing-running" and finding.service not in shown:
            yield Note(join([text(finding.service, "strong"), text(finding.message)], ": "))


def _stopped(service: Service, context: PageContext) -> Note:
    last = max(service.stopped, key=lambda c: c.finished_at or c.started_at or c.created_at)
    when = context.moment(last.finished_at) or text("when is not known")
    alone = last.name == service.name
    name = text(service.name if alone else f"{service.name}:", "strong")
    others = len(service.stopped) - 1
    more = text(f"and {others} more stopped", "dim") if others else ()
    who = join([name, () if alone else text(last.name), words.state(last)], " ")
    return Note(join([who, when, more]), context.changed(service.stopped))


def _broken(context: PageContext) -> Iterator[Note]:
    looping = {
        (finding.engine, finding.container)
        for finding in context.report.findings
        if finding.code == "crash-looping"
    }
    for container in context.report.containers:
        sick = container.serves and container.health == "unhealthy"
        down = container.state in ("restarting", "dead")
        if container.managed and (sick or down or (container.engine, container.name) in looping):
            yield _broken_note(container, context)


def _broken_note(container: Container, context: PageContext) -> Note:
    at = join([text("at"), words.sha(container.sha)], " ") if container.sha else ()
    restarts = 0 if container.state == "restarting" else container.restart_count or 0
    count = text(f"({words.counted(restarts, 'restart')})") if restarts else ()
    own = container.name == container.service
    name = text(container.service or container.name, "strong")
    who = name if own else join([name, text(f"({container.name})")], " ")
    where = text(context.on(container.engine).strip())
    return Note(join([who, words.state(container), count, at, where], " "))
