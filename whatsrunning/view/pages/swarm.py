"""What a Swarm's manager tells of managed services: asked for against running, and updates."""

from collections.abc import Iterator

from whatsrunning.report.swarm import Swarm, SwarmNode, SwarmService, SwarmUpdate
from whatsrunning.text import ago
from whatsrunning.view import words
from whatsrunning.view.blocks import Fact, Line, Note, join, text
from whatsrunning.view.context import PageContext

_UPDATES = {
    "updating": "update running",
    "paused": "update PAUSED",
    "rollback_started": "rolling back",
    "rollback_paused": "roll-back PAUSED",
    "rollback_completed": "ROLLED BACK",
}
_NODES = 3


def notes(context: PageContext) -> Iterator[Note]:
    """One line a service that is not as asked for, and one for all others and the nodes."""
    for swarm in context.report.swarms:
        place = text(f"on {swarm.engine}") if context.several else ()
        yield from (Note(join([place, line], ": ")) for line in _lines(swarm, context))


def facts(context: PageContext, engine: str, name: str) -> Iterator[Fact]:
    """What Swarm tells of one service, labels by what carries them."""
    for swarm in context.report.swarms:
        source = "swarm" if swarm.engine == engine else f"swarm, by {swarm.engine}"
        for service in swarm.services.value_or(()):
            if service.name == name:
                yield from _facts(service, source, context)


def _facts(service: SwarmService, source: str, context: PageContext) -> Iterator[Fact]:
    yield Fact("replicas", _replicas(service), source)
    if state := _update(service.update, context):
        yield Fact("update", state, source)
    carriers = {
        "service": service.labels,
        "container": service.container_labels,
        "image": service.image_labels or {},
    }
    for carrier, labels in carriers.items():
        for key in sorted(labels):
            yield Fact(f"{carrier} label", text(f"{key}={labels[key]}"), source)


def _lines(swarm: Swarm, context: PageContext) -> Iterator[Line]:
    if swarm.services.problem:
        yield join([text("services:"), context.marks.unknown(swarm.services.problem)], " ")
    managed = [service for service in swarm.services.value_or(()) if service.managed]
    odd = [service for service in managed if _is_odd(service)]
    for service in odd:
        state = join([_replicas(service), _update(service.update, context)])
        yield join([text(service.name, "strong"), state], ": ")
    calm = (f"{s.name} {s.running}/{s.desired}" for s in managed if s not in odd)
    if managed:
        yield join([text(", ".join(calm), "dim"), _nodes(swarm, context)], "; ")


def _is_odd(service: SwarmService) -> bool:
    return service.update.state in _UPDATES or service.desired != service.running


def _replicas(service: SwarmService) -> Line:
    if service.desired is None:
        return text(f"{words.counted(service.running, 'task')} running ({service.mode})")
    enough = service.running >= service.desired
    return text(f"{service.running} of {service.desired} running", "plain" if enough else "warn")


def _update(update: SwarmUpdate, context: PageContext) -> Line:
    word = _UPDATES.get(update.state, "")
    if update.state == "updating":
        began = f", begun {ago(context.now, update.started_at)}" if update.started_at else ""
        return text(f"{word}{began}", "dim")
    at = update.completed_at or update.started_at
    when = f" {ago(context.now, at)}" if at else ""
    why = f": {update.message}" if update.message else ""
    return text(f"{word}{when}{why}", "warn") if word else ()


def _nodes(swarm: Swarm, context: PageContext) -> Line:
    if swarm.nodes.problem:
        return join([text("nodes:"), context.marks.unknown(swarm.nodes.problem)], " ")
    nodes = swarm.nodes.value_or(())
    away = list(filter(None, map(_away, nodes)))
    more = f" and {len(away) - _NODES} more" if len(away) > _NODES else ""
    listed = text(", ".join(away[:_NODES]) + more, "warn")
    counted = text(words.counted(len(nodes), "node"), "dim")
    return join([counted, listed or text("all ready", "dim")])


def _away(node: SwarmNode) -> str:
    name = node.name or node.id
    if node.state != "ready":
        return f"{name} is {node.state}"
    return "" if node.availability == "active" else f"{name} is set to {node.availability}"
