"""What tells that a revision served: containers that are listed, events, the journal, GitHub."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import datetime

from whatsrunning import names
from whatsrunning.facts.answers import Found, Problem
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
    is_one_off,
    service_containers,
)
from whatsrunning.verdicts.past.looks import seen_by_looks, told_by_looks
from whatsrunning.verdicts.past.piece import Evidence
from whatsrunning.verdicts.proof.proof import prove

_DEPLOYED = frozenset({"success", "active", "inactive"})


def evidence_of(case: Case, key: ServiceKey) -> list[Evidence]:
    """Everything that tells what served a service, in no order."""
    listed = list(filter(None, map(_listed, service_containers(case).get(key, ()))))
    # A look at what is still listed tells nothing more, and of two that began at once it would
    # seem to tell that they took turns.
    own = {(evidence.sha, evidence.since) for evidence in listed}
    gone = gone_evidence(case, key.engine).get(key, ())
    others = (piece for piece in gone if not piece.seen or (piece.sha, piece.since) not in own)
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
    text = deployed.evidence if serving else f"the stopped container {container.listed.name}"
    _, revision = prove(container)
    sha, problem = revision.then(lambda known: Found(known.sha)).value_or(""), revision.problem
    look = told_by_looks(container.case, container.engine).get(container.listed.id)
    if problem and look:  # a container is of one revision for as long as it lives
        sha, problem, text = look.sha, None, f"{text}; {look.text}"
    return Evidence(sha, deployed.at, None if serving else ended, text, problem=problem)


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
    for event in events:
        if event.container in listed or is_one_off(event.labels):
            continue
        if event.action == "start":
            started.setdefault(event.container, event.at)
        elif event.action == "die":
            began = started.pop(event.container, None)
            text = f"the engine's events of {event.name}"
            piece = Evidence("", began or oldest, event.at, text, before=began is None)
            yield ServiceKey.of_event(engine, event), _told(case, engine, event, piece)


def _told(case: Case, engine: str, event: EventFacts, piece: Evidence) -> Evidence:
    """With the revision that the event's labels tell, or that a look saw of its container."""
    if sha := _revision(case.scope, event):
        return replace(piece, sha=sha)
    if look := told_by_looks(case, engine).get(event.container):
        return replace(piece, sha=look.sha, text=f"{piece.text}; {look.text}")
    message = f"the engine's events of {event.name} do not tell its revision"
    problem = Problem("engine", engine, "no-revision", message, "label containers with git.sha")
    return replace(piece, problem=problem)


def _revision(scope: Scope, event: EventFacts) -> str:
    """The whole SHA of a revision label, else empty."""
    parsed = (names.revision(event.labels.get(label, "")) for label in scope.revision_labels)
    return next((revision.sha for revision in parsed if revision and revision.whole), "")


def _seen(case: Case, engine: str) -> Iterator[tuple[ServiceKey, Evidence]]:
    """What earlier looks wrote down; lines of old name no project.

    Then it is that of the container of this name, else of the only one with this service.
    """
    projects = _projects(case, engine)
    for sighting, piece in seen_by_looks(case, engine):
        of_service = projects[sighting.service]
        several = len(set(of_service.values())) > 1
        default = "" if several else min(of_service.values(), default="")
        project = sighting.project
        if project is None:
            project = of_service.get(sighting.container, default)
        yield ServiceKey(engine, project, sighting.service), piece


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
