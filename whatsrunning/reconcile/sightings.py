"""Every trace of a revision that served: engine, events, GitHub, and earlier looks."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import datetime

from whatsrunning.model.answers import Found
from whatsrunning.model.questions import Earlier, EngineEvents, EngineInfo, ForgeDeployments
from whatsrunning.model.report import Container
from whatsrunning.model.scope import Scope
from whatsrunning.questions import Facts
from whatsrunning.reconcile.previous import event_revision, event_service

_SERVING = frozenset({"running", "restarting", "paused"})
_DEPLOYED = frozenset({"success", "active", "inactive"})


@dataclass(frozen=True, slots=True)
class Sighting:
    """A revision served from `since`; `until` None while it runs, and its end only if `exact`."""

    service: str
    engine: str
    sha: str
    since: datetime
    until: datetime | None
    evidence: str
    exact: bool = True

    def joined(self, other: "Sighting") -> "Sighting":
        """The same revision seen once more, with nothing else in between."""
        if self.until is None or other.until is None:
            return replace(self, until=None, exact=True)
        last = max((self, other), key=lambda each: (each.until or each.since, each.exact))
        return replace(self, until=last.until, exact=last.exact)


def sightings(facts: Facts, scope: Scope, containers: Sequence[Container]) -> tuple[Sighting, ...]:
    """All of them, for the services and engines of these containers."""
    return (
        *_listed(containers),
        *_died(facts, scope, containers),
        *_looked(facts, scope, containers),
        *_deployed(facts, scope, containers),
    )


def _listed(containers: Sequence[Container]) -> Iterator[Sighting]:
    """What the engine still lists, running or stopped."""
    for one in containers:
        if not isinstance(one.deployed_at, Found):
            continue
        deployed, serving = one.deployed_at.value, one.state in _SERVING
        sha = one.revision.value.sha if isinstance(one.revision, Found) else ""
        if serving or one.finished_at:
            evidence = deployed.evidence if serving else f"the stopped container {one.name}"
            until = None if serving else one.finished_at
            yield Sighting(one.service, one.engine, sha, deployed.at, until, evidence)


def _died(facts: Facts, scope: Scope, containers: Sequence[Container]) -> Iterator[Sighting]:
    """Containers that are gone, as far as the engine's short memory of events reaches."""
    listed = {one.id for one in containers}
    for engine in dict.fromkeys(one.engine for one in containers):
        events = facts.look(EngineEvents(engine))
        begun: dict[str, datetime] = {}
        for event in events.value if isinstance(events, Found) else ():
            if event.container in listed:
                continue
            if event.action == "start":
                begun.setdefault(event.container, event.at)
            elif event.action == "die" and event.container in begun:
                sha, since = event_revision(scope, event), begun.pop(event.container)
                evidence = f"the engine's events of {event.name}"
                yield Sighting(event_service(event), engine, sha, since, event.at, evidence)


def _looked(facts: Facts, scope: Scope, containers: Sequence[Container]) -> Iterator[Sighting]:
    """What earlier looks wrote down."""
    for engine in dict.fromkeys(one.engine for one in containers):
        info = facts.look(EngineInfo(engine))
        if not scope.journal or not isinstance(info, Found):
            continue
        earlier = facts.look(Earlier(info.value.id))
        for look in earlier.value if isinstance(earlier, Found) else ():
            begun, evidence = look.deployed_at or look.at, f"a look at {look.at:%Y-%m-%dT%H:%M:%SZ}"
            yield Sighting(look.service, engine, look.sha, begun, look.at, evidence, False)


def _deployed(facts: Facts, scope: Scope, containers: Sequence[Container]) -> Iterator[Sighting]:
    """GitHub's deployments, where a repository has one service here: they do not name one."""
    places: dict[str, set[tuple[str, str]]] = {}
    for one in containers:
        if isinstance(one.repository, Found):
            places.setdefault(one.repository.value, set()).add((one.service, one.engine))
    for repository, known in sorted(places.items()):
        if len(known) > 1 or not scope.forge_token:
            continue
        [(service, engine)] = known
        answer = facts.look(ForgeDeployments(repository))
        for made in answer.value if isinstance(answer, Found) else ():
            if made.state in _DEPLOYED:
                at, evidence = made.created_at, f"GitHub's deployment to {made.environment}"
                yield Sighting(service, engine, made.sha, at, at, evidence, False)
