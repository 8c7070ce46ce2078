"""Every trace of a revision that served: engine, events, GitHub, and earlier looks."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from whatsrunning.facts.answers import Answer, Found, Problem, Unknown
from whatsrunning.facts.queries import EngineEvents, GithubDeployments, JournalLooks
from whatsrunning.facts.records import DeploymentFacts, EventFacts, JournalEntry
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Container
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.inventory.listed import listed_containers
from whatsrunning.verdicts.origin.managed import is_managed
from whatsrunning.verdicts.origin.repository import repository_of
from whatsrunning.verdicts.past.previous import event_revision, event_service

_SERVING = frozenset({"running", "restarting", "paused"})
_DEPLOYED = frozenset({"success", "active", "inactive"})
# GitHub notes a deployment when it is asked for, which is before anything starts.
_ASKED_FOR = timedelta(minutes=10)


@dataclass(frozen=True, slots=True)
class Evidence:
    """A revision served from `since`; `until` None while it runs, and its end only if `exact`.

    `vague`: it was only asked for at `since`.
    """

    service: str
    engine: str
    sha: str
    since: datetime
    until: datetime | None
    evidence: str
    exact: bool = True
    vague: bool = False

    def joined(self, later: "Evidence") -> "Evidence":
        """The same revision seen once more, with nothing else in between."""
        both = self
        if self.vague and not later.vague and later.since - self.since <= _ASKED_FOR:
            both = replace(later, evidence=f"{later.evidence}; {self.evidence}")
        if self.until is None or later.until is None:
            return replace(both, until=None, exact=True)
        last = max((self, later), key=lambda each: (each.until or each.since, each.exact))
        return replace(both, until=last.until, exact=last.exact)


@dataclass(frozen=True, slots=True)
class PastAnswers:
    """What the sources of a look's past answered, by engine (context) and repository."""

    events: Mapping[str, Answer[tuple[EventFacts, ...]]]
    looks: Mapping[str, Answer[tuple[JournalEntry, ...]]]
    deployments: Mapping[tuple[str, str, str], Answer[tuple[DeploymentFacts, ...]]]

    @property
    def missing(self) -> tuple[Problem, ...]:
        """Why a source could not be looked at."""
        answers = (*self.events.values(), *self.looks.values(), *self.deployments.values())
        return tuple(dict.fromkeys(one.problem for one in answers if isinstance(one, Unknown)))


def past_answers(case: Case) -> PastAnswers:
    """Ask for the events of each engine, the earlier looks at it, and GitHub's deployments."""
    answering = [one for one in engines(case) if one.status == "ok"]
    kept = answering if case.scope.journal else []
    return PastAnswers(
        {one.context: case.get(EngineEvents(one.context)) for one in answering},
        {one.context: case.get(JournalLooks(one.id)) for one in kept if one.id},
        {
            (repository, *place): case.get(GithubDeployments(repository))
            for repository, place in _alone(case)
        },
    )


def all_evidence(
    told: PastAnswers, scope: Scope, containers: Sequence[Container]
) -> tuple[Evidence, ...]:
    """All of them, of whatever service; `containers` are those that the command is about."""
    gone = _died(told, scope, containers)
    return (*_listed(containers), *gone, *_looked(told), *_deployed(told))


def _listed(containers: Sequence[Container]) -> Iterator[Evidence]:
    """What the engine still lists, running or stopped."""
    for one in containers:
        if not isinstance(one.deployed_at, Found):
            continue
        deployed, serving = one.deployed_at.value, one.state in _SERVING
        sha = one.revision.value.sha if isinstance(one.revision, Found) else ""
        if serving or one.finished_at:
            evidence = deployed.evidence if serving else f"the stopped container {one.name}"
            until = None if serving else one.finished_at
            yield Evidence(one.service, one.engine, sha, deployed.at, until, evidence)


def _died(told: PastAnswers, scope: Scope, containers: Sequence[Container]) -> Iterator[Evidence]:
    """Containers that are gone, as far as the engine's short memory of events reaches."""
    listed = {one.id for one in containers}
    for engine, events in told.events.items():
        begun: dict[str, datetime] = {}
        for event in events.value if isinstance(events, Found) else ():
            if event.container in listed:
                continue
            if event.action == "start":
                begun.setdefault(event.container, event.at)
            elif event.action == "die" and event.container in begun:
                since = begun.pop(event.container)
                evidence = f"the engine's events of {event.name}"
                service, sha = event_service(event), event_revision(scope, event)
                yield Evidence(service, engine, sha, since, event.at, evidence)


def _looked(told: PastAnswers) -> Iterator[Evidence]:
    """What earlier looks wrote down."""
    for engine, looks in told.looks.items():
        for look in looks.value if isinstance(looks, Found) else ():
            begun, evidence = look.deployed_at or look.at, f"a look at {look.at:%Y-%m-%dT%H:%M:%SZ}"
            yield Evidence(look.service, engine, look.sha, begun, look.at, evidence, False)


def _deployed(told: PastAnswers) -> Iterator[Evidence]:
    """GitHub's deployments; those to several environments only where one is called like this."""
    for (_, service, engine), answer in told.deployments.items():
        made = answer.value if isinstance(answer, Found) else ()
        here = [one for one in made if one.environment.casefold() == engine.casefold()]
        alone = len({one.environment for one in made}) == 1
        for one in made if alone else here:
            if one.state in _DEPLOYED:
                evidence = f"GitHub's deployment to {one.environment}"
                at = one.created_at
                yield Evidence(service, engine, one.sha, at, at, evidence, False, True)


def _alone(case: Case) -> Iterator[tuple[str, tuple[str, str]]]:
    """Repositories with one service in this look: deployments do not name any."""
    places: dict[str, set[tuple[str, str]]] = {}
    for one in listed_containers(case):
        if isinstance(is_managed(one), Found):
            named = repository_of(one)
            if isinstance(named, Found):
                places.setdefault(named.value, set()).add((one.service, one.engine))
    for repository, known in sorted(places.items()):
        if len(known) == 1 and case.scope.github_token:
            yield repository, next(iter(known))
