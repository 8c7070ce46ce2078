"""A Swarm of the JSON document: services, their tasks, and nodes."""

from collections.abc import Mapping

from whatsrunning.render.json.values import Fields, answered, instant_or_null
from whatsrunning.report.swarm import Swarm, SwarmNode, SwarmService, SwarmTask, SwarmUpdate


def swarm(one: Swarm) -> Fields:
    """What one Swarm's manager tells."""
    return {
        "engine": one.engine,
        "services": answered(one.services, lambda items: {"items": [_service(i) for i in items]}),
        "nodes": answered(one.nodes, lambda items: {"items": [_node(i) for i in items]}),
    }


def _service(service: SwarmService) -> Fields:
    own = service.image_labels
    return {
        "id": service.id,
        "name": service.name,
        "managed": service.managed,
        "image": service.image,
        "mode": service.mode,
        "desired": service.desired,
        "running": service.running,
        "update": _update(service.update),
        "service_labels": _labels(service.labels),
        "container_labels": _labels(service.container_labels),
        "image_labels": None if own is None else _labels(own),
        "tasks": [_task(task) for task in service.tasks],
    }


def _labels(labels: Mapping[str, str]) -> list[Fields]:
    return [{"key": key, "value": labels[key]} for key in sorted(labels)]


def _update(update: SwarmUpdate) -> Fields:
    return {
        "state": update.state,
        "message": update.message,
        "started_at": instant_or_null(update.started_at),
        "completed_at": instant_or_null(update.completed_at),
    }


def _task(task: SwarmTask) -> Fields:
    return {
        "id": task.id,
        "slot": task.slot,
        "node": task.node,
        "container": task.container,
        "image": task.image,
        "state": task.state,
        "desired": task.desired,
        "at": instant_or_null(task.at),
        "error": task.error,
    }


def _node(node: SwarmNode) -> Fields:
    return {
        "id": node.id,
        "name": node.name,
        "role": node.role,
        "leader": node.leader,
        "state": node.state,
        "availability": node.availability,
        "address": node.address,
    }
