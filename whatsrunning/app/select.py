"""Names on the command line against what is there: unknown and ambiguous ones are usage faults."""

from collections.abc import Sequence

from whatsrunning.errors import Exit, Refused, UsageFault, nearest
from whatsrunning.facts.engine import EngineNodes, EngineServices, EngineTasks
from whatsrunning.facts.store import Case
from whatsrunning.report.report import Report
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers, matching

_SHOWN = 8


def check_names(report: Report, case: Case) -> None:
    """Raises Refused when a name that was given leads to nothing, or to more than one thing."""
    containers = listed_containers(case)
    if case.scope.command == "show":
        return _check_container(case.scope.argument, containers, report, case)
    periods = report.history.entries if report.history else ()
    known = {period.service for period in periods} | set(case.scope.service_rules)
    known |= {container.service for container in containers}
    # Services of a Swarm may have no container on the engines that were asked.
    known |= {service.name for swarm in report.swarms for service in swarm.services.value_or(())}
    names = {container.listed.name for container in containers}
    for name in case.scope.services:
        if name not in known | names:
            raise _unknown("service", name, known, report)
    return None


def _check_container(
    name: str, containers: Sequence[ListedContainer], report: Report, case: Case
) -> None:
    meant = matching(name, containers)
    if len(meant) > 1:
        raise Refused(_ambiguous(name, meant))
    if not meant:
        services = _swarm_services(report, case)
        if name in services:
            raise Refused(_elsewhere(name, _nodes_of(case, *services[name])))
        known = {container.listed.name for container in containers} | set(services)
        known |= {container.service for container in containers}
        raise _unknown("container or service", name, known, report)


def _ambiguous(name: str, meant: Sequence[ListedContainer]) -> UsageFault:
    names = sorted(f"{container.listed.name} on {container.engine}" for container in meant)
    more = f" and {len(names) - _SHOWN} more" if len(names) > _SHOWN else ""
    message = f"{name} is {len(names)} containers: {', '.join(names[:_SHOWN])}{more}"
    engines = {container.engine for container in meant}
    with_c = ", and its engine with -c" if len(engines) > 1 else ""
    return UsageFault("ambiguous-name", message, f"name one of them{with_c}")


def _swarm_services(report: Report, case: Case) -> dict[str, tuple[str, str]]:
    """Every service that a manager told of, and where: its ID, the manager's context."""
    return {
        service.name: (service.id, engine.context)
        for engine in report.engines
        for service in case.get(EngineServices(engine.context)).value_or(())
    }


def _nodes_of(case: Case, service: str, engine: str) -> list[str]:
    """The names of the nodes where tasks of the service run."""
    names = {node.id: node.name for node in case.get(EngineNodes(engine)).value_or(())}
    tasks = case.get(EngineTasks(engine)).value_or(())
    nodes = {task.node for task in tasks if task.service == service and task.state == "running"}
    return sorted(names.get(node, node) for node in nodes)


def _elsewhere(name: str, nodes: Sequence[str]) -> UsageFault:
    where = f"it runs on {', '.join(nodes)}" if nodes else "none of its tasks runs"
    message = f"{name} is a Swarm service without a container on the engines asked: {where}"
    ask = "name the engine of such a node with -c, or " if nodes else ""
    return UsageFault("service-elsewhere", message, f"{ask}see `ps {name}`")


def _unknown(kind: str, name: str, candidates: set[str], report: Report) -> Refused:
    """Only where every engine answered can it be said that there is no such name."""
    silent = [engine for engine in report.engines if engine.status != "ok"]
    if silent:
        contexts = ", ".join(engine.context for engine in silent)
        message = f"no {kind} {name} where an answer came from; silent: {contexts}"
        problem = silent[0].problem
        hint = problem.message if problem else "ask again when it answers"
        code = Exit.NO_ENGINE if len(silent) == len(report.engines) else Exit.UNVOUCHED
        return Refused(UsageFault("engine-silent", message, hint), code)
    for problem in report.problems:
        if problem.code == "swarm-worker":
            message = f"no container of {name} on the engines asked; {problem.message}"
            return Refused(UsageFault("swarm-worker", message, problem.hint), Exit.UNVOUCHED)
    message = f"there is no {kind} {name}"
    return Refused(UsageFault("unknown-name", message, nearest(name, sorted(candidates))))
