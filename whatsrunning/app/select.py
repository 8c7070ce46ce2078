"""Names on the command line against what is there: unknown and ambiguous ones are usage faults."""

from collections.abc import Sequence

from whatsrunning.errors import Exit, Refused, nearest
from whatsrunning.facts.engine import EngineNodes, EngineServices, EngineTasks
from whatsrunning.facts.store import Case
from whatsrunning.names.service import address
from whatsrunning.report.report import Report
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers, matching

_SHOWN = 8


def check_names(report: Report, case: Case) -> None:
    """Raises Refused when a name that was given leads to nothing, or to more than one thing."""
    containers = listed_containers(case)
    names = {container.listed.name for container in containers}
    services = {container.service for container in containers}
    if case.scope.command == "show":
        return _check_container(report, case, names | services)
    if case.scope.command == "rollback-plan":
        _check_one_service(report, case.scope.services)
    services |= {address(container.project, container.service) for container in containers}
    services |= set(case.scope.service_rules) | _gone(report)
    services |= {period.service for period in (report.history.entries if report.history else ())}
    # Services of a Swarm may have no container on the engines that were asked.
    services |= {service.name for swarm in report.swarms for service in swarm.services.value_or(())}
    for name in case.scope.services:
        if name not in services | names:
            raise _unknown("service", name, services, report)
    return None


def _gone(report: Report) -> set[str]:
    return {n for one in report.gone for n in (one.service, address(one.project, one.service))}


def _check_one_service(report: Report, asked: Sequence[str]) -> None:
    """Of services of several projects that are called so, none is chosen silently."""
    meant = {address(c.project, c.service) for c in report.containers if c.managed}
    if len(meant) > 1:
        message = f"{' '.join(asked)} is {len(meant)} services: {', '.join(sorted(meant)[:_SHOWN])}"
        raise Refused("ambiguous-name", message, "name one of them, or a container of it")


def _check_container(report: Report, case: Case, names: set[str]) -> None:
    name = case.scope.argument
    meant = matching(name, listed_containers(case))
    if len(meant) > 1:
        raise _ambiguous(name, meant)
    if meant:
        return
    managers = [engine.context for engine in report.engines]
    services = {
        service.name: (manager, service.id)
        for manager in managers
        for service in case.get(EngineServices(manager)).value_or(())
    }
    if name in services:
        raise _elsewhere(name, _nodes_of(case, *services[name]))
    if name in _gone(report):
        raise Refused("service-gone", f"no container of {name} is left", f"see `ps {name}`")
    raise _unknown("container or service", name, names | set(services), report)


def _ambiguous(name: str, meant: Sequence[ListedContainer]) -> Refused:
    names = sorted(f"{container.listed.name} on {container.engine}" for container in meant)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    message = f"{name} is {len(names)} containers: {', '.join(names[:_SHOWN])}{more}"
    several = len({container.engine for container in meant}) > 1
    hint = f"name one of them{', and its engine with -c' if several else ''}"
    return Refused("ambiguous-name", message, hint)


def _nodes_of(case: Case, manager: str, service: str) -> list[str]:
    """The names of the nodes where tasks of the service (by ID) run."""
    names = {node.id: node.name for node in case.get(EngineNodes(manager)).value_or(())}
    tasks = case.get(EngineTasks(manager)).value_or(())
    nodes = {task.node for task in tasks if task.service == service and task.state == "running"}
    return sorted(names.get(node, node) for node in nodes)


def _elsewhere(name: str, nodes: Sequence[str]) -> Refused:
    where = f"it runs on {', '.join(nodes)}" if nodes else "none of its tasks runs"
    message = f"{name} is a Swarm service without a container on the engines asked: {where}"
    ask = "name the engine of such a node with -c, or " if nodes else ""
    return Refused("service-elsewhere", message, f"{ask}see `ps {name}`")


def _unknown(kind: str, name: str, candidates: set[str], report: Report) -> Refused:
    """Only where every engine answered can it be said that there is no such name."""
    silent = [engine for engine in report.engines if engine.status != "ok"]
    if silent:
        contexts = ", ".join(engine.context for engine in silent)
        message = f"no {kind} {name} where an answer came from; silent: {contexts}"
        problem = silent[0].problem
        hint = problem.message if problem else "ask again when it answers"
        code = Exit.NO_ENGINE if len(silent) == len(report.engines) else Exit.UNVOUCHED
        return Refused("engine-silent", message, hint, code)
    for problem in report.problems:
        if problem.code == "swarm-worker":
            message = f"no container of {name} on the engines asked; {problem.message}"
            return Refused("swarm-worker", message, problem.hint, Exit.UNVOUCHED)
    return Refused("unknown-name", f"there is no {kind} {name}", nearest(name, sorted(candidates)))
