"""What tells that a revision served: containers that are listed, events, the journal, GitHub."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from whatsrunning import names
from whatsrunning.facts.answers import Found
from whatsrunning.facts.engine import EventFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import SERVING
from whatsrunning.verdicts.inventory.deployed_at import deployed_at, inspected
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers
from whatsrunning.verdicts.past.answers import (
    ServiceKey,
    deployments_of,
    events_on,
    looks_at,
    service_containers,
)
from whatsrunning.verdicts.proof.proof import prove

_DEPLOYED = frozenset({"success", "active", "inactive"})
# GitHub notes a deployment when it is asked for, which is before anything starts:
# https://docs.github.com/en/rest/deployments/deployments
_ASKED_FOR = timedelta(minutes=10)
# A deploy may start the new container this long before it stops the old one.
_OVERLAP = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A revision served from `since`; `until` None while it runs, and its end only if `exact`.

    `since` is when it was `asked` for (a deployment), or it began `before` that (an event).
    """

    sha: str
    since: datetime
    until: datetime | None
    text: str
    exact: bool = True
    asked: bool = False
    before: bool = False

    @property
    def order(self) -> tuple[datetime, bool, bool, datetime]:
        """What sorts evidence of one service: by its beginning, then by its end."""
        began = self.since - _OVERLAP if self.before else self.since
        return began, not self.exact, self.until is None, self.until or began

    def joined(self, later: "Evidence") -> "Evidence":
        """The same revision seen once more, with nothing else in between."""
        both = self
        if self.asked and not later.asked and later.since - self.since <= _ASKED_FOR:
            both = replace(later, text=f"{later.text}; {self.text}")
        if self.until is None or later.until is None:
            return replace(both, until=None, exact=True)
        last = max((self, later), key=lambda seen: (seen.until or seen.since, seen.exact))
        return replace(both, until=last.until, exact=last.exact)


def evidence_of(case: Case, key: ServiceKey) -> list[Evidence]:
    """Everything that tells what served a service, in no order."""
    listed = list(filter(None, map(_listed, service_containers(case).get(key, ()))))
    # A look at what is still listed tells nothing more, and of two that began at once it would
    # seem to tell that they took turns.
    own = {(evidence.sha, evidence.since) for evidence in listed}
    gone = gone_evidence(case, key.engine).get(key, ())
    others = (seen for seen in gone if seen.exact or (seen.sha, seen.since) not in own)
    return [*listed, *others, *_deployed(case, key)]


@memo
def gone_evidence(case: Case, engine: str) -> Mapping[ServiceKey, Sequence[Evidence]]:
    """What events and the journal tell of containers that are gone, by service of an engine."""
    by_service: defaultdict[ServiceKey, list[Evidence]] = defaultdict(list)
    for key, evidence in (*_gone(case, engine), *_seen(case, engine)):
        by_service[key].append(evidence)
    return dict(by_service)


@memo
def _listed(container: ListedContainer) -> Evidence | None:
    """What the engine lists, running or stopped; None for what never served, or may not have."""
    inspection = inspected(container)
    deployed = deployed_at(container, inspection).value_or(None)
    facts, serving = inspection.value_or(None), container.listed.state in SERVING
    ended = facts.finished_at if facts else None
    if deployed is None or not (serving or ended):
        return None
    _, revision = prove(container)
    sha = revision.then(lambda known: Found(known.sha)).value_or("")
    text = deployed.evidence if serving else f"the stopped container {container.listed.name}"
    return Evidence(sha, deployed.at, None if serving else ended, text)


def _gone(case: Case, engine: str) -> Iterator[tuple[ServiceKey, Evidence]]:
    """Containers that were removed, as far as the engine's short memory of events reaches.

    It keeps 256 (https://github.com/moby/moby/blob/v28.0.0/daemon/events/events.go), those of
    health checks among them: of what ran for long only the end is left. It began before the oldest.
    """
    events = events_on(case, engine).value_or(())
    oldest = min((event.at for event in events), default=datetime.max)
    containers = listed_containers(case)
    listed = {container.listed.id for container in containers if container.engine == engine}
    started: dict[str, datetime] = {}
    for event in (event for event in events if event.container not in listed):
        if event.action == "start":
            started.setdefault(event.container, event.at)
        elif event.action == "die":
            began = started.pop(event.container, None)
            sha, text = _revision(case.scope, event), f"the engine's events of {event.name}"
            evidence = Evidence(sha, began or oldest, event.at, text, before=began is None)
            yield ServiceKey.of_event(engine, event), evidence


def _revision(scope: Scope, event: EventFacts) -> str:
    """The whole SHA of a revision label, else empty."""
    parsed = (names.revision(event.labels.get(label, "")) for label in scope.revision_labels)
    return next((revision.sha for revision in parsed if revision and revision.whole), "")


def _seen(case: Case, engine: str) -> Iterator[tuple[ServiceKey, Evidence]]:
    """What earlier looks wrote down.

    They name no project: that of the container of this name, else the only one with this service.
    """
    projects = _projects(case, engine)
    for look in looks_at(case, engine).value_or(()):
        of_service = projects[look.service]
        several = len(set(of_service.values())) > 1
        default = "" if several else min(of_service.values(), default="")
        key = ServiceKey(engine, of_service.get(look.container, default), look.service)
        text = f"a look at {look.at:%Y-%m-%dT%H:%M:%SZ}"
        yield key, Evidence(look.sha, look.since, look.at, text, exact=False)


def _projects(case: Case, engine: str) -> defaultdict[str, dict[str, str]]:
    """The projects of an engine's containers, gone ones too: by service, then by name."""
    projects: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for event in events_on(case, engine).value_or(()):
        key = ServiceKey.of_event(engine, event)
        projects[key.service][event.name] = key.project
    for container in listed_containers(case):
        if container.engine == engine:
            projects[container.service][container.listed.name] = container.project
    return projects


def _deployed(case: Case, key: ServiceKey) -> Iterator[Evidence]:
    """GitHub's deployments; those to several environments only where one is called like this."""
    deployments = deployments_of(case, key).value_or(())
    alone = len({deployment.environment for deployment in deployments}) == 1
    for deployment in deployments:
        here = alone or deployment.environment.casefold() == key.engine.casefold()
        if here and deployment.state in _DEPLOYED:
            at, text = deployment.created_at, f"GitHub's deployment to {deployment.environment}"
            yield Evidence(deployment.sha, at, at, text, exact=False, asked=True)
