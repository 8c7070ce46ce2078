"""Swarm's services as a manager tells them: asked for against running, and how an update goes."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from operator import attrgetter

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Problem
from whatsrunning.facts.engine import (
    ContainerFacts,
    EngineFacts,
    EngineInfo,
    EngineNodes,
    EngineServices,
    EngineTasks,
    ImageFacts,
)
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, memo
from whatsrunning.facts.swarm import NodeFacts, ServiceFacts, TaskFacts
from whatsrunning.names.labels import SWARM_SERVICE
from whatsrunning.report.container import Container
from whatsrunning.report.swarm import Swarm, SwarmNode, SwarmService, SwarmTask, SwarmUpdate
from whatsrunning.verdicts.inventory.engines import engines, images_on
from whatsrunning.verdicts.inventory.listed import listed_container
from whatsrunning.verdicts.origin.inherited import OCI_REVISION, OCI_SOURCE, REPOSITORY
from whatsrunning.verdicts.origin.managed import is_managed, managed_containers

_NEVER = datetime.fromtimestamp(0, UTC)


@dataclass(frozen=True, slots=True)
class _Manager:
    case: Case
    engine: str
    nodes: tuple[NodeFacts, ...]
    tasks: tuple[TaskFacts, ...]


def swarms(case: Case, containers: Sequence[Container]) -> tuple[Swarm, ...]:
    """Each Swarm that an engine of the look manages, once: its managers know the same nodes. With
    the services that the command is about, among them those of `containers`."""
    narrow = case.scope.command == "show" or case.scope.services
    only = {*case.scope.services, *(c.service for c in containers)} if narrow else None
    by_nodes: dict[object, Swarm] = {}
    for engine, info in _members(case).items():
        if info.swarm == "manager":
            swarm = _swarm(case, engine, only)
            nodes = frozenset(node.id for node in swarm.nodes.value_or(()))
            by_nodes.setdefault(nodes or engine, swarm)
    return tuple(by_nodes.values())


def worker_problems(case: Case) -> Iterator[Problem]:
    """Where the managers are, for each worker whose Swarm no engine of the look manages."""
    members = _members(case)
    asked = {m for info in members.values() if info.swarm == "manager" for m in info.managers}
    for engine, info in members.items():
        if info.swarm == "worker" and not asked & set(info.managers):
            # https://docs.docker.com/engine/swarm/how-swarm-mode-works/nodes/
            hosts = [address.rpartition(":")[0] for address in info.managers]
            where = f"its managers: {', '.join(hosts)}" if hosts else "it knows of no manager now"
            why = f"is a Swarm worker: services are known to managers alone ({where})"
            hint = "ask a manager: -c CONTEXT" + (f" or -H ssh://USER@{hosts[0]}" if hosts else "")
            yield Problem("engine", engine, "swarm-worker", f"{info.name} {why}", hint)


def _members(case: Case) -> Mapping[str, EngineFacts]:
    infos = {e.context: case.get(EngineInfo(e.context)).value_or(None) for e in engines(case)}
    return {engine: info for engine, info in infos.items() if info}


def _swarm(case: Case, engine: str, only: Collection[str] | None) -> Swarm:
    nodes, services = case.get(EngineNodes(engine)), case.get(EngineServices(engine))
    tasks = case.get(EngineTasks(engine))
    manager = _Manager(case, engine, nodes.value_or(()), tasks.value_or(()))

    def meant(listed: Sequence[ServiceFacts]) -> Answer[tuple[SwarmService, ...]]:
        chosen = [service for service in listed if only is None or service.name in only]
        return Found(tuple(_service(manager, s) for s in sorted(chosen, key=attrgetter("name"))))

    return Swarm(
        engine,
        services.then(lambda listed: tasks.then(lambda _: meant(listed))),
        nodes.then(lambda listed: Found(tuple(map(_node, listed)))),
    )


def _service(manager: _Manager, service: ServiceFacts) -> SwarmService:
    down = {node.id for node in manager.nodes if node.state == "down"}
    hosts = {node.id: node.name for node in manager.nodes}
    tasks = [task for task in manager.tasks if task.service == service.id]
    wanted = [task for task in tasks if task.desired == "running" and task.node not in down]
    image, scope = _image(manager, service.image), manager.case.scope
    return SwarmService(
        id=service.id,
        name=service.name,
        managed=_is_managed(manager, service, image),
        image=service.image,
        mode=service.mode,
        desired=len(wanted) if service.mode == "global" else service.replicas,
        running=sum(task.state == "running" for task in wanted),
        update=SwarmUpdate(
            service.update.state,
            service.update.message,
            service.update.started_at,
            service.update.completed_at,
        ),
        labels=_telling(scope, service.labels),
        container_labels=_telling(scope, service.container_labels),
        image_labels=_telling(scope, image.labels) if image else None,
        tasks=tuple(
            _task(task, hosts.get(task.node, task.node))
            for task in sorted(tasks, key=attrgetter("slot", "node", "id"))
        ),
    )


@memo
def _managed_services(case: Case) -> frozenset[str]:
    return frozenset(c.service for c in managed_containers(case) if SWARM_SERVICE in c.labels)


def _is_managed(manager: _Manager, service: ServiceFacts, image: ImageFacts | None) -> bool:
    """Judged as a container of it would be, for there may be none on the manager itself."""
    case, carried = manager.case, {*service.labels, *(image.labels if image else ())}
    if service.name in _managed_services(case) or carried & {*case.scope.revision_labels}:
        return True
    labels = {**service.container_labels, SWARM_SERVICE: service.name}
    name = service.image.partition("@")[0]
    container = ContainerFacts(service.id, service.name, name, "", _NEVER, "created", "", labels)
    return is_managed(listed_container(case, manager.engine, container)).value_or(False)


def _image(manager: _Manager, reference: str) -> ImageFacts | None:
    """The image in the manager's own store, by the digest that Swarm pinned, else by its tag."""
    name, _, pinned = reference.partition("@")
    images = images_on(manager.case, manager.engine).value_or({}).values()
    if pinned:
        return next((i for i in images if any(d.endswith(f"@{pinned}") for d in i.digests)), None)
    tag = _repository_tag(name)
    return next((i for i in images if tag in map(_repository_tag, i.tags)), None)


def _repository_tag(reference: str) -> tuple[str, str]:
    parts = names.reference(reference)
    return parts.repository, parts.tag or "latest"


def _telling(scope: Scope, labels: Mapping[str, str]) -> Mapping[str, str]:
    """The labels that name a revision or a repository; others may hold what is not to be told."""
    keys = (*scope.revision_labels, OCI_REVISION, OCI_SOURCE, REPOSITORY)
    return {key: labels[key] for key in keys if key in labels}


def _task(task: TaskFacts, node: str) -> SwarmTask:
    return SwarmTask(
        id=task.id,
        slot=task.slot,
        node=node,
        container=task.container,
        image=task.image,
        state=task.state,
        desired=task.desired,
        at=task.at,
        error=task.error,
    )


def _node(node: NodeFacts) -> SwarmNode:
    return SwarmNode(
        id=node.id,
        name=node.name,
        role=node.role,
        leader=node.leader,
        state=node.state,
        availability=node.availability,
        address=node.address,
    )
