"""Services of which no container is left: the configuration, or an earlier look, knows them."""

from collections.abc import Iterator, Mapping
from datetime import datetime, timedelta

from whatsrunning.facts.engine import EngineContainers, EngineInfo, EngineServices
from whatsrunning.facts.journal import JournalEntry
from whatsrunning.facts.store import Case, memo
from whatsrunning.names.service import is_service
from whatsrunning.report.commands import Gone
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers
from whatsrunning.verdicts.past.answers import looks_at

_REMEMBERED = timedelta(days=7)
"""For so long after the last look that saw it a service that is gone is told of."""


def gone(case: Case, now: datetime) -> tuple[Gone, ...]:
    """Configured services, and those that a look of the last days saw, without any container.

    Where an engine did not answer, or a Swarm's worker did that knows no services, what is missing
    may be there: nothing is said.
    """
    if not _is_all_known(case):
        return ()
    asked = case.scope.services or ((case.scope.asked_for,) if case.scope.asked_for else ())
    known = {
        (one.project, one.service): one for one in (*_seen(case, now), *_configured(case, now))
    }
    return tuple(
        one
        for one in known.values()
        if not asked or any(is_service(name, one.project, one.service) for name in asked)
    )


def _is_all_known(case: Case) -> bool:
    return all(
        _swarm(case, engine.context) in ("inactive", "manager")
        and not case.get(EngineContainers(engine.context)).problem
        for engine in engines(case)
    )


def _swarm(case: Case, engine: str) -> str:
    info = case.get(EngineInfo(engine)).value_or(None)
    return info.swarm if info else ""


def _seen(case: Case, now: datetime) -> Iterator[Gone]:
    """What the journal saw run, by its newest line."""
    for engine, line in _newest(case).items():
        for entry in line.values():
            if now - entry.at <= _REMEMBERED and not _is_here(case, entry):
                yield Gone(engine, entry.project, entry.service, False, entry.sha, entry.at)


def _configured(case: Case, now: datetime) -> Iterator[Gone]:
    """A service that `[services.NAME]` names, with what the journal knows of it."""
    here = {engine.context for engine in engines(case)}
    names = _names(case)
    for name, rule in case.scope.service_rules.items():
        if name in names or (rule.context and rule.context not in here):
            continue
        lines = [
            Gone(engine, entry.project, name, True, entry.sha, entry.at)
            for engine, line in _newest(case).items()
            for entry in line.values()
            if entry.service == name and rule.context in ("", engine)
        ]
        never = Gone(rule.context, "", name, True, "", None)
        yield max(lines, key=lambda one: one.seen_at or now, default=never)


@memo
def _newest(case: Case) -> Mapping[str, Mapping[tuple[str, str], JournalEntry]]:
    """The newest line of each project's services, by engine; a Swarm moves its tasks about."""
    newest: dict[str, dict[tuple[str, str], JournalEntry]] = {}
    for engine in engines(case):
        alone = _swarm(case, engine.context) == "inactive"
        for entry in looks_at(case, engine.context).value_or(()) if alone else ():
            known = newest.setdefault(engine.context, {})
            before = known.get((entry.project, entry.service))
            if before is None or before.at <= entry.at:
                known[entry.project, entry.service] = entry
    return newest


def _is_here(case: Case, entry: JournalEntry) -> bool:
    """Whether a container is the one that was seen, or of its service, wherever it runs now."""
    return any(
        container.listed.id == entry.container_id
        or container.listed.name == entry.container
        or (
            container.service == entry.service
            and (container.project == entry.project or not entry.container_id)
        )
        for container in _of_services(case)
    )


@memo
def _names(case: Case) -> frozenset[str]:
    """What services and containers are called, those of a Swarm too."""
    swarm = (
        service.name
        for engine in engines(case)
        if _swarm(case, engine.context) == "manager"
        for service in case.get(EngineServices(engine.context)).value_or(())
    )
    own = (name for c in _of_services(case) for name in (c.service, c.listed.name))
    return frozenset((*swarm, *own))


@memo
def _of_services(case: Case) -> tuple[ListedContainer, ...]:
    """All containers, managed or not, but for those that were run for one command."""
    return tuple(c for c in listed_containers(case) if not c.one_off)
