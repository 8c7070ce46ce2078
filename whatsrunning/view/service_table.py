"""The table of the first screen: a row for each service, or for each container."""

from collections.abc import Iterable, Iterator, Mapping

from whatsrunning.report.container import SERVING, Container, Severity
from whatsrunning.text import utc
from whatsrunning.view import identified, verdict_words, words
from whatsrunning.view.blocks import Block, Column, Line, Note, Row, Table, join, text
from whatsrunning.view.common import notes, nothing
from whatsrunning.view.context import PageContext
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.services import Replicas, Service, one_offs

_COLUMNS = (
    Column("SERVICE"),
    Column("REVISION"),
    Column("PROOF"),
    Column("STATE", rank=1),
    Column("CI", "CI", rank=2),
    Column("BUILDS", "builds:", rank=1),
    Column("DEPLOYED", "deployed", rank=1),
    Column("ON", "on", rank=3),
    Column("AT", rank=4),
    Column("CHANGE", rank=5, wraps=True),
)
_ON = 7
_WEIGHTS: Mapping[Severity, int] = {"critical": 3, "warning": 2, "info": 1}


def table(context: PageContext, services: tuple[Service, ...]) -> tuple[Block, ...]:
    """The table, with the engine's column only where there are several."""
    rows = tuple(_containers(context) if context.every else _services(context, services))
    beside = () if context.every else notes("", *_one_offs(context))
    if not rows:
        return (*nothing(context.report, "no service of ours runs here"), *beside)
    if context.several:
        return (Table("", _COLUMNS, rows), *beside)
    columns = _COLUMNS[:_ON] + _COLUMNS[_ON + 1 :]
    fewer = (Row(r.cells[:_ON] + r.cells[_ON + 1 :], r.details, r.weight) for r in rows)
    return (Table("", columns, tuple(fewer)), *beside)


def _services(context: PageContext, services: Iterable[Service]) -> Iterator[Row]:
    """One row a service; several where its replicas do not agree."""
    for service in services:
        stopped = _stopped(service.stopped)
        for replicas in service.rows:
            count = f" \u00d7{len(replicas)}" if len(replicas) > 1 else ""
            name = text(context.service(service) + count, "strong")
            yield _row(context, name, replicas, stopped)
            stopped = ()


def _one_offs(context: PageContext) -> Iterator[Note]:
    """A line for each service beside which something was run for one command."""
    for containers in one_offs(context.report).values():
        running = sum(container.state in SERVING for container in containers)
        ended = len(containers) - running
        states = [f"{n} {what}" for n, what in ((running, "running"), (ended, "ended")) if n]
        count = words.counted(len(containers), "one-off")
        of = f"{context.service(containers[0])} (docker compose run)"
        yield Note(text(f"{count} of {of}: {', '.join(states)}", "dim"))


def _containers(context: PageContext) -> Iterator[Row]:
    """One row a container, unmanaged ones last."""
    order = sorted(
        context.report.containers,
        key=lambda c: (not c.managed, c.service, c.project, c.one_off, c.engine, c.name),
    )
    for container in order:
        other = container.service not in ("", container.name)
        beside = ", one-off" if container.one_off else ""
        service = text(f" ({context.service(container)}{beside})", "dim") if other else ()
        name = join([text(container.name, "strong"), service], "")
        ours = container.managed
        yield _row(context, name, (container,), ()) if ours else _not_ours(name, container)


def _not_ours(name: Line, container: Container) -> Row:
    """An unmanaged container: its state, and what its image says; nothing else was looked up."""
    says = identified.said(container)
    proof = text("unproven" if says else "not looked up", "dim")
    state, engine = words.state(container), text(container.engine)
    cells = (name, says or text("-", "dim"), proof, state, (), (), (), engine, (), ())
    of = text(f"of {container.identified}", "dim") if says else ()
    image = text(f"not ours: {container.image.reference}", "dim")
    return Row(cells, (join([image, of]),))


def _row(context: PageContext, name: Line, replicas: Replicas, stopped: Line) -> Row:
    first, marks = replicas[0], context.marks
    commit, at = first.commit.value_or(None), first.changed_at
    url = commit.url if commit else ""
    cells = (
        name,
        marks.shown(
            first.revision, lambda found: words.revision(found, url, first.version), "no revision"
        ),
        verdict_words.proof_word(first.proof, marks),
        words.state(first),
        marks.shown(first.ci, verdict_words.ci_word, "none"),
        marks.shown(first.built, words.built_word, "none"),
        context.ago(at) or marks.absent(first.deployed_at, "never"),
        text(", ".join(dict.fromkeys(container.engine for container in replicas))),
        text(utc(at), "dim") if at else (),
        _change(first, marks),
    )
    details = (*context.changed(replicas), _proof(first, marks), verdict_words.ci_reason(first.ci))
    return Row(cells, tuple(filter(None, (*details, stopped))), _weight(context, replicas))


def _proof(container: Container, marks: Footnotes) -> Line:
    """What is wrong with the claim; why nobody could look stands once, where its mark leads."""
    proof, claims = container.proof, container.claims
    unread = proof.problem and not verdict_words.sides(claims)
    told = proof.status == "verified" or unread
    return () if told else verdict_words.proof_sentence(proof, claims, marks)


def _change(container: Container, marks: Footnotes) -> Line:
    requests = words.pulls(container.pull_requests, marks)
    if container.pull_requests.value_or(()):
        return requests
    if container.commit.problem:
        return join([join([text("commit"), marks.absent(container.commit, "")], " "), requests])
    commit = container.commit.value_or(None)
    return join([text(commit.subject) if commit else text("no commit", "warn"), requests])


def _stopped(stopped: tuple[Container, ...]) -> Line:
    names = ", ".join(container.name for container in stopped[:3])
    more = f" and {len(stopped) - 3} more" if len(stopped) > 3 else ""
    return text(f"{len(stopped)} stopped: {names}{more} (-a)", "dim") if stopped else ()


def _weight(context: PageContext, replicas: Replicas) -> int:
    names = {(container.engine, container.name) for container in replicas}
    findings = (f for f in context.report.findings if (f.engine, f.container) in names)
    return max((_WEIGHTS[finding.severity] for finding in findings), default=0)
