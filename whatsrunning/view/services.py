"""Containers as the on-call thinks of them: services, and replicas that agree."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime

from whatsrunning.facts.answers import Found
from whatsrunning.report.container import Container
from whatsrunning.report.report import Report

LIVE = frozenset({"running", "restarting", "paused"})
_NEVER = datetime.min.replace(tzinfo=UTC)


@dataclass(frozen=True, slots=True)
class Replicas:
    """Containers of one service that agree in everything a row says."""

    containers: tuple[Container, ...]

    @property
    def first(self) -> Container:
        """The one whose change is the newest."""
        return self.containers[0]

    @property
    def engines(self) -> tuple[str, ...]:
        """Where they run, each engine once."""
        return tuple(dict.fromkeys(container.engine for container in self.containers))


@dataclass(frozen=True, slots=True)
class Service:
    """A service of ours; `stopped` are its containers that serve nothing."""

    name: str
    rows: tuple[Replicas, ...]
    stopped: tuple[Container, ...]

    @property
    def changed(self) -> datetime:
        """When it changed last."""
        return max((deployed(row.first) for row in self.rows), default=_NEVER)

    @property
    def split_across_engines(self) -> bool:
        """Whether engines run different revisions of it."""
        by_engine: dict[str, set[object]] = {}
        for row in self.rows:
            for container in row.containers:
                by_engine.setdefault(container.engine, set()).add(container.revision)
        revisions = list(by_engine.values())
        return any(other != revisions[0] for other in revisions[1:])


def identity(container: Container) -> object:
    """What must be equal for nothing to have changed between two looks."""
    return (container.engine, container.id, _agreement(container))


def deployed(container: Container) -> datetime:
    """When it became what serves; long ago if that is not known."""
    return container.deployed_at.value.at if isinstance(container.deployed_at, Found) else _NEVER


def services(report: Report) -> tuple[Service, ...]:
    """Services of ours: those that engines disagree about first, then the newest change first."""
    by_name: dict[tuple[str, str], list[Container]] = {}
    for container in report.containers:
        if container.managed:
            key = (container.project, container.service or container.name)
            by_name.setdefault(key, []).append(container)
    found = [_service(name, group) for (_, name), group in by_name.items()]
    return tuple(
        sorted(found, key=lambda s: (not s.split_across_engines, -_order(s.changed), s.name))
    )


def _order(at: datetime) -> float:
    return (at - _NEVER).total_seconds()


def _service(name: str, group: list[Container]) -> Service:
    live = [container for container in group if container.state in LIVE]
    stopped = tuple(container for container in group if container.state not in LIVE)
    return Service(name, _fold(live), stopped)


def _fold(containers: Iterable[Container]) -> tuple[Replicas, ...]:
    rows: dict[tuple[object, ...], list[Container]] = {}
    for container in sorted(containers, key=deployed, reverse=True):
        rows.setdefault(_agreement(container), []).append(container)
    return tuple(Replicas(tuple(group)) for group in rows.values())


def _agreement(container: Container) -> tuple[object, ...]:
    return (
        container.revision,
        container.proof,
        container.claims,
        container.state,
        container.restart_count if container.state == "restarting" else None,
        container.health,
        container.pull_requests,
        container.ci.value.at_deploy if isinstance(container.ci, Found) else container.ci,
        container.built,
    )
