"""What tells that a revision served: containers that are listed, events, the journal, GitHub."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import NamedTuple, TypeVar

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.queries import EngineEvents, EngineInfo, GithubDeployments, JournalLooks
from whatsrunning.facts.query import Query
from whatsrunning.facts.records import DeploymentFacts, EventFacts, JournalEntry
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Container
from whatsrunning.verdicts.inventory.deployed_at import deployed_at, inspected
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers
from whatsrunning.verdicts.origin.managed import managed_containers
from whatsrunning.verdicts.origin.repository import repository_of
from whatsrunning.verdicts.proof.proof import prove

T = TypeVar("T")

_SERVING = frozenset({"running", "restarting", "paused"})
_DEPLOYED = frozenset({"success", "active", "inactive"})
# GitHub notes a deployment when it is asked for, which is before anything starts:
# https://docs.github.com/en/rest/deployments/deployments
_ASKED_FOR = timedelta(minutes=10)
# A deploy may start the new container this long before it stops the old one.
_OVERLAP = timedelta(minutes=10)
_SERVICE = (
    "com.docker.compose.service", "com.docker.swarm.service.name", "io.podman.compose.service",
)  # fmt: skip
_PROJECT = (
    "com.docker.compose.project", "com.docker.stack.namespace", "io.podman.compose.project",
)  # fmt: skip


class ServiceKey(NamedTuple):
    """A service on an engine (its context): two projects there may share a service's name."""

    engine: str
    project: str
    service: str

    @classmethod
    def of(cls, container: Container | ListedContainer) -> "ServiceKey":
        """The service that a container is of."""
        return cls(container.engine, container.project, container.service)


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
    listed = [_listed(container) for container in _services(case).get(key, ())]
    told = told_on(case, key.engine).get(key, ())
    return [*filter(None, listed), *told, *_deployed(case, key)]


def past_answers(case: Case, key: ServiceKey) -> Iterator[Answer[object]]:
    """What the sources of a service's past answered: evidence is as whole as these are."""
    yield from engine_answers(case, key.engine)
    yield _deployments(case, key)
    for container in _services(case).get(key, ()):
        yield deployed_at(container, inspected(container))


def engine_answers(case: Case, engine: str) -> tuple[Answer[object], ...]:
    """What tells of containers that an engine does not list any more: its events, the journal."""
    return events_on(case, engine), _looks(case, engine)


@memo
def told_on(case: Case, engine: str) -> Mapping[ServiceKey, Sequence[Evidence]]:
    """What events and the journal tell of an engine's services, gone ones too."""
    told: defaultdict[ServiceKey, list[Evidence]] = defaultdict(list)
    for key, evidence in (*_gone(case, engine), *_seen(case, engine)):
        told[key].append(evidence)
    return dict(told)


def events_on(case: Case, engine: str) -> Answer[tuple[EventFacts, ...]]:
    """The container events that the engine still keeps, oldest first."""
    return _asked(case, EngineEvents(engine))


def _asked(case: Case, query: Query[T]) -> Answer[T]:
    """The answer, asked for only where the past is wanted.

    A first screen of many engines makes do with what is known anyway.
    """
    scope = case.scope
    if scope.save or scope.since or scope.command in ("show", "history", "rollback-plan"):
        return case.get(query)
    return case.facts.peek(query) or Nothing()


def _looks(case: Case, engine: str) -> Answer[tuple[JournalEntry, ...]]:
    if not case.scope.journal:
        return Nothing()
    info = case.get(EngineInfo(engine))
    return info.then(lambda facts: case.get(JournalLooks(facts.id)) if facts.id else Nothing())


def _deployments(case: Case, key: ServiceKey) -> Answer[tuple[DeploymentFacts, ...]]:
    repository = _only_services(case).get(key)
    return _asked(case, GithubDeployments(repository)) if repository else Nothing()


@memo
def _services(case: Case) -> Mapping[ServiceKey, Sequence[ListedContainer]]:
    """The managed containers of each service, stopped ones too."""
    services: defaultdict[ServiceKey, list[ListedContainer]] = defaultdict(list)
    for container in managed_containers(case):
        services[ServiceKey.of(container)].append(container)
    return dict(services)


@memo
def _only_services(case: Case) -> Mapping[ServiceKey, str]:
    """Services that are alone in this look with their repository: deployments name no service.

    Without a token GitHub allows 60 requests an hour, too few for these.
    """
    if not case.scope.github_token:
        return {}
    keys: defaultdict[str, set[ServiceKey]] = defaultdict(set)
    for container in managed_containers(case):
        keys[repository_of(container).value_or("")].add(ServiceKey.of(container))
    return {min(of): name for name, of in keys.items() if name and len(of) == 1}


@memo
def _listed(container: ListedContainer) -> Evidence | None:
    """What the engine lists, running or stopped; None for what never served, or may not have."""
    inspection = inspected(container)
    deployed = deployed_at(container, inspection).value_or(None)
    facts = inspection.value_or(None) if inspection else None
    ended = facts.finished_at if facts else None
    serving = container.listed.state in _SERVING
    if deployed is None or not (serving or ended):
        return None
    sha = prove(container).revision.then(lambda revision: Found(revision.sha)).value_or("")
    if serving:
        return Evidence(sha, deployed.at, None, deployed.evidence)
    return Evidence(sha, deployed.at, ended, f"the stopped container {container.listed.name}")


def _gone(case: Case, engine: str) -> Iterator[tuple[ServiceKey, Evidence]]:
    """Containers that were removed, as far as the engine's short memory of events reaches.

    It keeps 256 (https://github.com/moby/moby/blob/v28.0.0/daemon/events/events.go), health checks
    among them: of what ran for long only the end is left. That began before the oldest.
    """
    events = events_on(case, engine).value_or(())
    oldest = min((event.at for event in events), default=datetime.max)
    listed = {one.listed.id for one in listed_containers(case) if one.engine == engine}
    started: dict[str, datetime] = {}
    for event in events:
        if event.container in listed:
            continue
        if event.action == "start":
            started.setdefault(event.container, event.at)
        elif event.action == "die":
            began = started.pop(event.container, None)
            yield (
                _key(engine, event),
                Evidence(
                    _revision(case.scope, event),
                    began or oldest,
                    event.at,
                    f"the engine's events of {event.name}",
                    before=began is None,
                ),
            )


def _key(engine: str, event: EventFacts) -> ServiceKey:
    """The service that an event's container was of, by its labels, else its name."""
    return ServiceKey(engine, _first(event, _PROJECT), _first(event, _SERVICE) or event.name)


def _first(event: EventFacts, labels: Sequence[str]) -> str:
    return next((event.labels[label] for label in labels if event.labels.get(label)), "")


def _revision(scope: Scope, event: EventFacts) -> str:
    """The whole SHA of a revision label, else empty."""
    parsed = (names.revision(event.labels.get(label, "")) for label in scope.revision_labels)
    return next((revision.sha for revision in parsed if revision and revision.whole), "")


def _seen(case: Case, engine: str) -> Iterator[tuple[ServiceKey, Evidence]]:
    """What earlier looks wrote down.

    They name no project: that of the container of this name, else the only one with this service.
    """
    projects = _projects(case, engine)
    for look in _looks(case, engine).value_or(()):
        of_service = projects.get(look.service, {})
        only = min(of_service.values(), default="") if len(set(of_service.values())) == 1 else ""
        key = ServiceKey(engine, of_service.get(look.container, only), look.service)
        text = f"a look at {look.at:%Y-%m-%dT%H:%M:%SZ}"
        yield key, Evidence(look.sha, look.since, look.at, text, exact=False)


def _projects(case: Case, engine: str) -> Mapping[str, Mapping[str, str]]:
    """The projects of an engine's containers, gone ones too: by service, then by name."""
    projects: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for event in events_on(case, engine).value_or(()):
        key = _key(engine, event)
        projects[key.service][event.name] = key.project
    for container in listed_containers(case):
        if container.engine == engine:
            projects[container.service][container.listed.name] = container.project
    return projects


def _deployed(case: Case, key: ServiceKey) -> Iterator[Evidence]:
    """GitHub's deployments; those to several environments only where one is called like this."""
    made = _deployments(case, key).value_or(())
    here = [one for one in made if one.environment.casefold() == key.engine.casefold()]
    alone = len({one.environment for one in made}) == 1
    for deployment in made if alone else here:
        if deployment.state in _DEPLOYED:
            at, text = deployment.created_at, f"GitHub's deployment to {deployment.environment}"
            yield Evidence(deployment.sha, at, at, text, exact=False, asked=True)
