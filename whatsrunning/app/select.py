"""Names on the command line against what is there: unknown and ambiguous ones are usage faults."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from whatsrunning.errors import Exit, Refused, UsageFault, nearest
from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.queries import EngineNodes, EngineServices, EngineTasks
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.report import Report
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers

SHORTEST_ID = 4
"""Characters of a container's ID that may stand for it."""

_LISTED = 8


def check_names(report: Report, case: Case) -> None:
    """Raises Refused when a name that was given leads to nothing, or to more than one thing."""
    present = listed_containers(case)
    if case.scope.command == "show":
        return _check_container(case.scope.argument, present, report, case.facts)
    remembered = {spell.service for spell in report.history.entries} if report.history else set()
    known = remembered | set(case.scope.service_rules) | _elsewhere(report)
    for name in case.scope.services:
        if name not in known and not matching(name, present):
            services = {each.service for each in present}
            raise _unknown("service", name, sorted(services | known), report)
    return None


def _elsewhere(report: Report) -> set[str]:
    """Swarm services, which may have no container on the engines that were asked."""
    told = [swarm.services for swarm in report.swarms]
    return {one.name for services in told if isinstance(services, Found) for one in services.value}


def narrowed(report: Report, case: Case) -> Report:
    """For `show`, the one container that was meant: its name goes before a service's."""
    if case.scope.command != "show":
        return report
    meant = {
        (one.engine, one.listed.id)
        for one in matching(case.scope.argument, listed_containers(case))
    }
    kept = tuple(one for one in report.containers if (one.engine, one.id) in meant)
    return replace(report, containers=kept)


def matching(name: str, present: Sequence[ListedContainer]) -> list[ListedContainer]:
    """By container name, else by the start of its ID, else by service."""
    by_name = [each for each in present if each.listed.name == name]
    long_enough = len(name) >= SHORTEST_ID
    by_id = [each for each in present if long_enough and each.listed.id.startswith(name)]
    return by_name or by_id or [each for each in present if each.service == name]


def _check_container(
    name: str, present: Sequence[ListedContainer], report: Report, facts: FactStore
) -> None:
    found = matching(name, present)
    if not found:
        services = _swarm_services(report, facts)
        if name in services:
            raise Refused(_away(name, _nodes_of(*services[name], facts)))
        words = {word for each in present for word in (each.listed.name, each.service)}
        raise _unknown("container or service", name, sorted(words | set(services)), report)
    if len(found) > 1:
        names = sorted(f"{each.listed.name} on {each.engine}" for each in found)
        more = f" and {len(names) - _LISTED} more" if len(names) > _LISTED else ""
        message = f"{name} is {len(found)} containers: {', '.join(names[:_LISTED])}{more}"
        one_engine = len({each.engine for each in found}) == 1
        hint = "name one of them" if one_engine else "name one of them, and its engine with -c"
        raise Refused(UsageFault("ambiguous-name", message, hint))


def _swarm_services(report: Report, facts: FactStore) -> dict[str, tuple[str, str]]:
    """Every service that a manager told of, and where: its ID, the manager's context."""
    return {
        service.name: (service.id, engine.context)
        for engine in report.engines
        for service in _told(facts.peek(EngineServices(engine.context)))
    }


def _away(name: str, nodes: Sequence[str]) -> UsageFault:
    where = f"it runs on {', '.join(nodes)}" if nodes else "none of its tasks runs"
    message = f"{name} is a Swarm service without a container on the engines asked: {where}"
    ask = "name the engine of such a node with -c, or " if nodes else ""
    return UsageFault("service-elsewhere", message, f"{ask}see `ps {name}`")


def _nodes_of(service: str, engine: str, facts: FactStore) -> list[str]:
    """The names of the nodes where tasks of the service run."""
    known = {node.id: node.name for node in _told(facts.peek(EngineNodes(engine)))}
    tasks = _told(facts.peek(EngineTasks(engine)))
    running = {task.node for task in tasks if task.service == service and task.state == "running"}
    return sorted(known.get(node, node) for node in running)


def _told(answer: Answer[Any] | None) -> tuple[Any, ...]:
    return answer.value if isinstance(answer, Found) else ()


def _unknown(kind: str, name: str, known: list[str], report: Report) -> Refused:
    """Where an engine did not answer nobody can say that it is not there (DESIGN section 2)."""
    silent = [engine.context for engine in report.engines if engine.status != "ok"]
    if silent:
        message = f"no {kind} {name} where an answer came from; silent: {', '.join(silent)}"
        problem = next(e.problem for e in report.engines if e.status != "ok")
        hint = problem.message if problem else "ask again when it answers"
        code = Exit.NO_ENGINE if len(silent) == len(report.engines) else Exit.UNVOUCHED
        return Refused(UsageFault("engine-silent", message, hint), code)
    worker = next((one for one in report.problems if one.code == "swarm-worker"), None)
    if worker:
        message = f"no container of {name} on the engines asked; {worker.message}"
        return Refused(UsageFault("swarm-worker", message, worker.hint), Exit.UNVOUCHED)
    message = f"there is no {kind} {name}"
    return Refused(UsageFault("unknown-name", message, nearest(name, known)))
