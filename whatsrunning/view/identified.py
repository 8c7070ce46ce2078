"""Unmanaged containers whose images say what they are: as rows, and how to have them judged."""

import re
import shlex
from collections.abc import Iterator
from typing import TypeAlias

from whatsrunning import names
from whatsrunning.names.service import address
from whatsrunning.report.container import Container, Engine
from whatsrunning.report.report import Report
from whatsrunning.view import words
from whatsrunning.view.blocks import Column, Line, Note, Row, Table, join, text
from whatsrunning.view.context import PageContext
from whatsrunning.view.verdict_words import deciding, sides

_COLUMNS = (
    Column("SERVICE"),
    Column("REVISION"),
    Column("PROOF"),
    Column("STATE", rank=1),
    Column("ON", "on", rank=2),
    Column("REPOSITORY", "of", rank=3),
)
_TITLE = "What the images say, nothing of it proven"
_ON = 4
_COUNTED = 3
_NAME = re.compile(r"[A-Za-z0-9_][\w./-]*", re.ASCII)
_VERSION = re.compile(r"v?\d+(\.\d+)+\S*")

Group: TypeAlias = tuple[Container, ...]
"""Identified containers of one repository, never none."""


def is_identified(container: Container) -> bool:
    """Whether its image names commit and repository: a label is anybody's word, and is checked."""
    return not container.managed and names.is_owner_name(container.identified)


def groups(report: Report) -> tuple[Group, ...]:
    """Identified containers by repository, those with the most containers first."""
    found: dict[str, list[Container]] = {}
    for container in filter(is_identified, report.containers):
        found.setdefault(container.identified.lower(), []).append(container)
    return tuple(sorted(map(tuple, found.values()), key=lambda g: (-len(g), g[0].identified)))


def said(container: Container) -> Line:
    """What an image says it is: the revision with its version; empty where it says nothing."""
    claim = next(iter(deciding(container.claims)), None)
    if claim is None or not is_identified(container):
        return ()
    return join([words.sha(claim.sha), words.version_word(_version(container))], " ")


def rows(report: Report) -> Iterator[Row]:
    """Replicas that say the same in one row, repository by repository, what serves first."""
    for group in groups(report):
        alike: dict[object, list[Container]] = {}
        for container in sorted(group, key=lambda c: (not c.serves, c.service or c.name)):
            service = (container.project, container.service or container.name)
            key = service, said(container), words.state(container), sides(container.claims)
            alike.setdefault(key, []).append(container)
        yield from map(_row, alike.values())


def table(context: PageContext, shown: tuple[Row, ...]) -> Table:
    """The rows under their columns, with the engine's only where there are several."""
    if context.several:
        return Table(_TITLE, _COLUMNS, shown)
    fewer = (Row(row.cells[:_ON] + row.cells[_ON + 1 :], row.details) for row in shown)
    return Table(_TITLE, _COLUMNS[:_ON] + _COLUMNS[_ON + 1 :], tuple(fewer))


def offer(report: Report, *offered: Group) -> Note:
    """How many name commits of which repositories, and the command that has the first judged."""
    first, *others = offered
    name = "container names a commit" if len(first) == 1 else "containers name commits"
    counts = [f"{len(first)} {name} of {first[0].identified}"]
    counts += [f"{len(group)} of {group[0].identified}" for group in others[: _COUNTED - 1]]
    more = sum(map(len, others[_COUNTED - 1 :]))
    counts += [f"{more} of others"] if more else []
    yours = "if one of these is yours" if others else "if that is yours"
    live = ", in a live look" if report.replayed_at else ""
    command = join([text("\u2192"), text(_command(report, first), "strong")], " ")
    return Note(text(f"{', '.join(counts)}; {yours}{live}:"), (command,))


def _row(replicas: list[Container]) -> Row:
    first = replicas[0]
    count = f" \u00d7{len(replicas)}" if len(replicas) > 1 else ""
    cells = (
        text((first.service or first.name) + count, "strong"),
        said(first),
        text("unproven", "dim"),
        words.state(first),
        text(", ".join(dict.fromkeys(container.engine for container in replicas))),
        text(first.identified),
    )
    return Row(cells, tuple(filter(None, (sides(first.claims),))))


def _version(container: Container) -> str:
    """What is known as its version, else its tag where that reads like one."""
    version = container.version.value_or(None)
    tag = names.reference(container.image.reference).tag
    return version.text if version else tag if _VERSION.fullmatch(tag) else ""


def _command(report: Report, group: Group) -> str:
    """The same command again, with the repository of these containers."""
    chosen = dict.fromkeys(filter(None, map(_chosen, report.engines)))
    return " ".join(["whatsrunning", *_asked(report, group), *chosen, "-R", group[0].identified])


def _asked(report: Report, group: Group) -> Iterator[str]:
    """What was asked for, as far as it is known and can be typed without harm."""
    if report.command in ("diff", "history"):
        yield report.command
    elif report.has:
        yield f"has {shlex.quote(report.has.ref)}"
    elif report.command == "rollback-plan":
        services = {address(container.project, container.service) for container in group}
        if len(services) == 1 and (service := _NAME.fullmatch(services.pop())):
            yield f"rollback-plan {service[0]}"


def _chosen(engine: Engine) -> str:
    """The option that chose an engine, to be typed again; empty where it needs none."""
    option = engine.chosen_by.partition(" ")[0]
    values = {"-c": engine.context, "-H": engine.endpoint}
    if option == "--all-contexts":
        return option
    return f"{option} {shlex.quote(values[option])}" if option in values else ""
