"""Swarm's services as a manager tells them: asked for against running, and how an update goes."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import replace
from datetime import UTC, datetime

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Problem, Unknown
from whatsrunning.facts.queries import EngineNodes, EngineServices, EngineTasks
from whatsrunning.facts.records import (
    ContainerFacts,
    EngineFacts,
    ImageFacts,
    NodeFacts,
    ServiceFacts,
    TaskFacts,
)
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, memo
from whatsrunning.names.labels import SWARM_SERVICE
from whatsrunning.report.report import Report
from whatsrunning.report.swarm import Swarm, SwarmNode, SwarmService, SwarmTask, SwarmUpdate
from whatsrunning.verdicts.inventory.engines import engines, images_on, info_of
from whatsrunning.verdicts.inventory.listed import listed_container
from whatsrunning.verdicts.origin.managed import is_managed, managed_containers

_TELLING = (
    "org.opencontainers.image.revision", "org.opencontainers.image.source", "git.repository",
)  # fmt: skip
_NEVER = datetime.fromtimestamp(0, UTC)


def with_swarms(case: Case, report: Report) -> Report:
    """The report with each Swarm that an engine of the look manages, and where else to ask.

    Services are those that the command is about.
    """
    only = {*case.scope.services, *(one.service for one in report.containers)}
    narrow = case.scope.command == "show" or case.scope.services
    told = _swarms(case, only if narrow else None)
    whole = not any(isinstance(part, Unknown) for it in told for part in (it.services, it.nodes))
    return replace(
        report,
        swarms=told,
        complete=report.complete and whole,
        problems=(*report.problems, *_workers(case)),
    )


def _swarms(case: Case, only: Collection[str] | None) -> tuple[Swarm, ...]:
    told: list[Swarm] = []
    for name, info in _members(case):
        if info.swarm == "manager":
            swarm = _swarm(case, name, only)
            if not any(_same(swarm, other) for other in told):
                told.append(swarm)
    return tuple(told)


def _workers(case: Case) -> tuple[Problem, ...]:
    """Where the managers are, for each worker whose Swarm no engine of the look manages."""
    members = _members(case)
    managed = {each for _, info in members if info.swarm == "manager" for each in info.managers}
    return tuple(
        _worker(name, info)
        for name, info in members
        if info.swarm == "worker" and not managed & set(info.managers)
    )


def _members(case: Case) -> list[tuple[str, EngineFacts]]:
    known = ((it.context, info_of(case, it.context)) for it in engines(case))
    return [(name, info) for name, info in known if info is not None]


def _same(one: Swarm, other: Swarm) -> bool:
    """Two managers of one Swarm know the same nodes."""
    if not isinstance(one.nodes, Found) or not isinstance(other.nodes, Found):
        return False
    return {node.id for node in one.nodes.value} == {node.id for node in other.nodes.value}


def _worker(name: str, info: EngineFacts) -> Problem:
    hosts = [address.rpartition(":")[0] for address in info.managers]
    where = f"its managers: {', '.join(hosts)}" if hosts else "it knows of no manager now"
    message = f"{info.name} is a Swarm worker: services are known to managers alone ({where})"
    reach = f" or -H ssh://USER@{hosts[0]}" if hosts else ""
    return Problem("engine", name, "swarm-worker", message, f"ask a manager: -c CONTEXT{reach}")


def _swarm(case: Case, engine: str, only: Collection[str] | None) -> Swarm:
    asked = case.get(EngineNodes(engine))
    known: tuple[NodeFacts, ...] = asked.value if isinstance(asked, Found) else ()
    nodes = Found(tuple(map(_node, known))) if isinstance(asked, Found) else asked
    return Swarm(engine, _services(case, engine, only, known), nodes)


def _services(
    case: Case, engine: str, only: Collection[str] | None, nodes: Sequence[NodeFacts]
) -> Answer[tuple[SwarmService, ...]]:
    services, tasks = case.get(EngineServices(engine)), case.get(EngineTasks(engine))
    if not isinstance(services, Found):
        return services
    if not isinstance(tasks, Found):
        return tasks
    of: dict[str, list[TaskFacts]] = {}
    for task in tasks.value:
        of.setdefault(task.service, []).append(task)
    meant = [each for each in services.value if only is None or each.name in only]
    return Found(
        tuple(
            _service(case, engine, each, of.get(each.id, []), nodes)
            for each in sorted(meant, key=lambda service: service.name)
        )
    )


def _service(
    case: Case,
    engine: str,
    said: ServiceFacts,
    tasks: Sequence[TaskFacts],
    nodes: Sequence[NodeFacts],
) -> SwarmService:
    down = {node.id for node in nodes if node.state == "down"}
    wanted = [task for task in tasks if task.desired == "running" and task.node not in down]
    image = _image(case, engine, said.image)
    hosts = {node.id: node.name for node in nodes}
    return SwarmService(
        id=said.id,
        name=said.name,
        managed=_is_managed(case, engine, said, image),
        image=said.image,
        mode=said.mode,
        desired=len(wanted) if said.mode == "global" else said.replicas,
        running=sum(task.state == "running" for task in wanted),
        update=SwarmUpdate(
            said.update.state, said.update.message, said.update.started_at, said.update.completed_at
        ),
        labels=_telling(case.scope, said.labels),
        container_labels=_telling(case.scope, said.container_labels),
        image_labels=_telling(case.scope, image.labels) if image else None,
        tasks=tuple(_task(task, hosts) for task in sorted(tasks, key=_by_slot)),
    )


@memo
def _service_names(case: Case) -> frozenset[str]:
    """The services that containers of ours belong to, on any engine."""
    return frozenset(
        each.service for each in managed_containers(case) if SWARM_SERVICE in each.labels
    )


def _is_managed(case: Case, engine: str, said: ServiceFacts, image: ImageFacts | None) -> bool:
    """Judged as a container of it would be, for there may be none on the manager itself."""
    if said.name in _service_names(case):
        return True
    carried = {*said.labels, *(image.labels if image else ())}
    if any(label in carried for label in case.scope.revision_labels):
        return True
    labels = {**said.container_labels, SWARM_SERVICE: said.name}
    name = said.image.partition("@")[0]
    stands_for = ContainerFacts(said.id, said.name, name, "", _NEVER, "created", "", labels)
    return isinstance(is_managed(listed_container(case, engine, stands_for)), Found)


def _image(case: Case, engine: str, reference: str) -> ImageFacts | None:
    """The image in the manager's own store, by the digest that Swarm pinned, else by its tag."""
    images = images_on(case, engine)
    if not isinstance(images, Found):
        return None
    name, _, pinned = reference.partition("@")
    for image in images.value.values():
        if pinned and any(each.endswith(f"@{pinned}") for each in image.digests):
            return image
        if not pinned and _named(name) in {_named(tag) for tag in image.tags}:
            return image
    return None


def _named(reference: str) -> tuple[str, str]:
    parts = names.reference(reference)
    return parts.repository, parts.tag or "latest"


def _telling(scope: Scope, labels: Mapping[str, str]) -> Mapping[str, str]:
    """The labels that name a revision or a repository; others may hold what is not to be told."""
    keys = (*scope.revision_labels, *_TELLING)
    return {key: labels[key] for key in keys if key in labels}


def _by_slot(task: TaskFacts) -> tuple[int, str, str]:
    return task.slot, task.node, task.id


def _task(said: TaskFacts, names_of: Mapping[str, str]) -> SwarmTask:
    return SwarmTask(
        id=said.id,
        slot=said.slot,
        node=names_of.get(said.node, said.node),
        container=said.container,
        image=said.image,
        state=said.state,
        desired=said.desired,
        at=said.at,
        error=said.error,
    )


def _node(said: NodeFacts) -> SwarmNode:
    return SwarmNode(
        said.id, said.name, said.role, said.leader, said.state, said.availability, said.address
    )
