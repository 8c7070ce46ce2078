"""Containers as the on-call thinks of them: services, and replicas that agree."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TypeAlias

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.report.container import Container
from whatsrunning.report.report import Report

_NEVER = datetime.min.replace(tzinfo=UTC)


Replicas: TypeAlias = tuple[Container, ...]
"""Containers of one service that agree in everything a row says, the newest change first."""


@dataclass(frozen=True, slots=True)
class Service:
    """A managed service; `stopped` are its containers that serve nothing, without one-offs."""

    name: str
    rows: tuple[Replicas, ...]
    stopped: tuple[Container, ...]
    project: str = ""

    @property
    def service(self) -> str:
        """Its name, as everything calls it that is of a service."""
        return self.name

    @property
    def split_across_engines(self) -> bool:
        """Whether engines run different revisions of it."""
        by_engine: dict[str, set[object]] = {}
        for row in self.rows:
            for container in row:
                by_engine.setdefault(container.engine, set()).add(container.revision)
        return len(set(map(frozenset, by_engine.values()))) > 1


def identity(container: Container) -> object:
    """What must be equal for nothing to have changed between two looks."""
    return (container.engine, container.id, _agreement(container))


def services(report: Report) -> tuple[Service, ...]:
    """Managed services: those that engines disagree about first, then the newest change first."""
    by_name: dict[tuple[str, str], list[Container]] = {}
    for container in report.containers:
        if container.managed and not container.one_off:
            key = (container.project, container.service or container.name)
            by_name.setdefault(key, []).append(container)
    return tuple(sorted((_service(*key, group) for key, group in by_name.items()), key=_order))


def one_offs(report: Report) -> Mapping[tuple[str, str], Sequence[Container]]:
    """Managed containers that were started for one command, by project and service."""
    by_name: dict[tuple[str, str], list[Container]] = {}
    for container in report.containers:
        if container.managed and container.one_off:
            by_name.setdefault((container.project, container.service), []).append(container)
    return by_name


def _order(service: Service) -> tuple[bool, float, str, str]:
    newest = max((_changed_at(row[0]) for row in service.rows), default=_NEVER)
    return (
        not service.split_across_engines,
        -(newest - _NEVER).total_seconds(),
        service.name,
        service.project,
    )


def _changed_at(container: Container) -> datetime:
    """When it became what serves; long ago if that is not known."""
    return container.changed_at or _NEVER


def _service(project: str, name: str, group: list[Container]) -> Service:
    stopped = tuple(container for container in group if not container.serves)
    return Service(name, _fold(c for c in group if c.serves), stopped, project)


def _fold(containers: Iterable[Container]) -> tuple[Replicas, ...]:
    rows: dict[tuple[object, ...], list[Container]] = {}
    for container in sorted(containers, key=_changed_at, reverse=True):
        rows.setdefault(_agreement(container), []).append(container)
    return tuple(map(tuple, rows.values()))


def _agreement(container: Container) -> tuple[object, ...]:
    at_deploy: Answer[object] = container.ci.then(lambda ci: Found(ci.at_deploy))
    return (
        container.revision,
        container.proof,
        container.claims,
        container.state,
        container.restart_count if container.state == "restarting" else None,
        container.health,
        container.pull_requests,
        at_deploy,
        container.built,
    )
