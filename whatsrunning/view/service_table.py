"""The table of the first screen: a row for each service, or for each container."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from whatsrunning.facts.answers import Found, Nothing
from whatsrunning.report.container import Container
from whatsrunning.report.report import Report
from whatsrunning.text import ago, utc
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Column, Line, Note, Notes, Row, Table, join, text
from whatsrunning.view.common import nothing
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.services import Replicas, Service, identity

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
_WEIGHTS = {"critical": 3, "warning": 2, "info": 1}


@dataclass(frozen=True, slots=True)
class RowContext:
    """What every row is worked out from."""

    report: Report
    marks: Footnotes
    now: datetime
    before: frozenset[object] | None = None

    def changed(self, containers: Iterable[Container]) -> tuple[Line, ...]:
        """A line that says so if the look before (`--watch`) did not show one of them like this."""
        if self.before is None or all(identity(one) in self.before for one in containers):
            return ()
        return (text("changed since the last look", "strong"),)


def table(report: Report, rows: tuple[Row, ...]) -> Block:
    """The table, with the engine's column only where there are several."""
    if not rows:
        return Notes("", (Note(nothing(report, "no service of ours runs here")),))
    if len(report.engines) > 1:
        return Table("", _COLUMNS, rows)
    kept = _COLUMNS[:_ON] + _COLUMNS[_ON + 1 :]
    made = (Row(r.cells[:_ON] + r.cells[_ON + 1 :], r.details, r.weight) for r in rows)
    return Table("", kept, tuple(made))


def service_rows(look: RowContext, services: tuple[Service, ...]) -> tuple[Row, ...]:
    """One row a service; several where its replicas do not agree."""
    rows = []
    for service in services:
        for place, replicas in enumerate(service.rows):
            count = f" \u00d7{len(replicas.containers)}" if len(replicas.containers) > 1 else ""
            name = text(service.name + count, "strong")
            stopped = _stopped(service.stopped) if place == 0 else ()
            rows.append(_ours(look, name, replicas, stopped))
    return tuple(rows)


def container_rows(look: RowContext) -> tuple[Row, ...]:
    """One row a container, those that are not ours last."""
    listed = look.report.containers
    ordered = sorted(listed, key=lambda c: (not c.managed, c.service, c.engine, c.name))
    return tuple(_container(look, container) for container in ordered)


def _container(look: RowContext, container: Container) -> Row:
    other = container.service not in ("", container.name)
    owner = text(f" ({container.service})", "dim") if other else ()
    name = join([text(container.name, "strong"), owner], "")
    row = _ours(look, name, Replicas((container,)), ())
    if container.managed:
        return row
    return Row(row.cells, (text(f"not ours: {container.image.reference}", "dim"),))


def _ours(look: RowContext, name: Line, replicas: Replicas, stopped: Line) -> Row:
    first = replicas.first
    url = first.commit.value.url if isinstance(first.commit, Found) else ""
    cells = (
        name,
        words.revision(first.revision, look.marks, url),
        words.proof_word(first.proof),
        words.state(first),
        words.ci_word(first.ci, look.marks),
        words.built_word(first.built, look.marks),
        _when(first, look),
        text(", ".join(replicas.engines)),
        _at(first),
        _change(first, look.marks),
    )
    proven = first.proof.status == "verified"
    proof = () if proven else words.proof_sentence(first.proof, first.claims, look.marks)
    details = tuple(line for line in (proof, words.ci_reason(first.ci), stopped) if line)
    changed = look.changed(replicas.containers)
    return Row(cells, (*changed, *details), _weight(look.report, replicas))


def _when(container: Container, look: RowContext) -> Line:
    if isinstance(container.deployed_at, Found):
        return text(ago(look.now, container.deployed_at.value.at))
    return look.marks.absent(container.deployed_at, "never")


def _at(container: Container) -> Line:
    if isinstance(container.deployed_at, Found):
        return text(utc(container.deployed_at.value.at), "dim")
    return ()


def _change(container: Container, marks: Footnotes) -> Line:
    requests = words.pulls(container.pull_requests, marks)
    if isinstance(container.pull_requests, Found) and container.pull_requests.value:
        return requests
    if isinstance(container.commit, Found):
        return join([text(container.commit.value.subject), requests])
    if isinstance(container.commit, Nothing):
        return join([text("no commit", "warn"), requests])
    return join([join([text("commit"), marks.absent(container.commit, "")], " "), requests])


def _stopped(stopped: tuple[Container, ...]) -> Line:
    if not stopped:
        return ()
    names = ", ".join(one.name for one in stopped[:3])
    more = f" and {len(stopped) - 3} more" if len(stopped) > 3 else ""
    return text(f"{len(stopped)} stopped: {names}{more} (-a)", "dim")


def _weight(report: Report, replicas: Replicas) -> int:
    names = {(container.engine, container.name) for container in replicas.containers}
    found = [f for f in report.findings if (f.engine, f.container) in names]
    return max((_WEIGHTS[finding.severity] for finding in found), default=0)
