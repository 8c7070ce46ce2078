"""What a Swarm's manager tells of services of ours: asked for against running, and updates."""

from collections.abc import Iterator, Sequence
from datetime import datetime

from whatsrunning.facts.answers import Found
from whatsrunning.report.report import Report
from whatsrunning.report.swarm import Swarm, SwarmNode, SwarmService, SwarmUpdate
from whatsrunning.text import ago
from whatsrunning.view import words
from whatsrunning.view.blocks import Block, Fact, Line, Note, Notes, join, text
from whatsrunning.view.footnotes import Footnotes

_UPDATES = {
    "updating": "update running",
    "paused": "update PAUSED",
    "rollback_started": "rolling back",
    "rollback_paused": "roll-back PAUSED",
    "rollback_completed": "ROLLED BACK",
}


def notes(report: Report, now: datetime, marks: Footnotes) -> tuple[Block, ...]:
    """One line a service that is not as asked for, and one for all others and the nodes."""
    lines = [Note(line) for swarm in report.swarms for line in _lines(report, swarm, now, marks)]
    return (Notes("Swarm", tuple(lines)),) if lines else ()


def facts(report: Report, engine: str, service: str, now: datetime) -> Iterator[Fact]:
    """What Swarm tells of one service, labels by what carries them."""
    for swarm in report.swarms:
        known = swarm.services.value if isinstance(swarm.services, Found) else ()
        for it in known:
            if it.name == service:
                source = "swarm" if swarm.engine == engine else f"swarm, by {swarm.engine}"
                yield from _facts(it, source, now)


def _facts(it: SwarmService, source: str, now: datetime) -> Iterator[Fact]:
    yield Fact("replicas", _replicas(it), source)
    if state := _update(it.update, now):
        yield Fact("update", state, source)
    carriers = (("service", it.labels), ("container", it.container_labels))
    for carrier, labels in (*carriers, ("image", it.image_labels or {})):
        for key in sorted(labels):
            yield Fact(f"{carrier} label", text(f"{key}={labels[key]}"), source)


def _lines(report: Report, swarm: Swarm, now: datetime, marks: Footnotes) -> Iterator[Line]:
    several = len(report.engines) > 1
    if not isinstance(swarm.services, Found):
        missing = join([text("services:"), marks.absent(swarm.services, "none")], " ")
        yield _placed(missing, swarm, several)
        return
    ours = [it for it in swarm.services.value if it.managed]
    for it in ours:
        if _is_odd(it):
            told = join([_replicas(it), _update(it.update, now)])
            yield _placed(join([text(it.name, "strong"), told], ": "), swarm, several)
    calm = [f"{it.name} {it.running}/{it.desired}" for it in ours if not _is_odd(it)]
    if ours:
        rest = join([text(", ".join(calm), "dim") if calm else (), _nodes(swarm, marks)], "; ")
        yield _placed(rest, swarm, several)


def _placed(line: Line, swarm: Swarm, several: bool) -> Line:
    return join([text(f"on {swarm.engine}"), line], ": ") if several else line


def _is_odd(it: SwarmService) -> bool:
    return it.update.state in _UPDATES or it.desired != it.running


def _replicas(it: SwarmService) -> Line:
    if it.desired is None:
        return text(f"{words.counted(it.running, 'task')} running ({it.mode})")
    counts = f"{it.running} of {it.desired} running"
    return text(counts) if it.running >= it.desired else text(counts, "warn")


def _update(update: SwarmUpdate, now: datetime) -> Line:
    word = _UPDATES.get(update.state, "")
    if not word:
        return ()
    at = update.completed_at or update.started_at
    if update.state == "updating":
        began = f", begun {ago(now, update.started_at)}" if update.started_at else ""
        return text(f"{word}{began}", "dim")
    when = f" {ago(now, at)}" if at else ""
    why = f": {update.message}" if update.message else ""
    return text(f"{word}{when}{why}", "warn")


def _nodes(swarm: Swarm, marks: Footnotes) -> Line:
    if not isinstance(swarm.nodes, Found):
        return join([text("nodes:"), marks.absent(swarm.nodes, "none")], " ")
    nodes = swarm.nodes.value
    away = [_away(node) for node in nodes if _away(node)]
    counted = text(words.counted(len(nodes), "node"), "dim")
    return join([counted, text(_listed(away), "warn") if away else text("all ready", "dim")])


def _away(node: SwarmNode) -> str:
    if node.state != "ready":
        return f"{node.name or node.id} is {node.state}"
    return (
        ""
        if node.availability == "active"
        else f"{node.name or node.id} is set to {node.availability}"
    )


def _listed(away: Sequence[str]) -> str:
    more = f" and {len(away) - 3} more" if len(away) > 3 else ""
    return ", ".join(away[:3]) + more
