"""What served before a container did, from what is left of it (DESIGN section 4)."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import EngineEvents, EngineInfo, EngineInspect, JournalLooks
from whatsrunning.facts.records import EventFacts, JournalEntry
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case
from whatsrunning.names.labels import SERVICE_LABELS, first_label
from whatsrunning.report.container import Container, Previous
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers
from whatsrunning.verdicts.origin.claims import claims_of

# A deploy may start the new container before it stops the old one.
_OVERLAP = timedelta(minutes=10)
_ENDED = frozenset({"exited", "dead", "removing"})


@dataclass(frozen=True, slots=True)
class _Trace:
    """A revision that was seen to serve; `at` orders the traces, `until` is when it ended."""

    at: datetime
    sha: str
    until: datetime | None
    evidence: str


def previous(case: Case, engine: str, container: Container) -> Answer[Previous]:
    """The revision that the container replaced, by the newest trace of what served before.

    Nothing when every source was looked at and none tells; `engine` is the context's name.
    """
    if not isinstance(container.deployed_at, Found):
        return container.deployed_at
    since = container.deployed_at.value.at
    answers = [
        _stopped(case, container, since),
        _journal(case, engine, container, since),
        _events(case, engine, container, since),
    ]
    traces = [trace for answer in answers if isinstance(answer, Found) for trace in answer.value]
    if traces:
        newest = max(traces, key=lambda trace: trace.at)
        return Found(Previous(newest.sha, newest.until, newest.evidence))
    return next((answer for answer in answers if isinstance(answer, Unknown)), Nothing())


def same_service(one: ListedContainer, container: Container) -> bool:
    """Whether a container is of the same service, and not that container itself."""
    return (
        one.listed.id != container.id
        and (one.engine, one.service) == (container.engine, container.service)
        and one.project == container.project
    )


def said_revision(container: ListedContainer) -> str:
    """The whole SHA that a container's strongest claim names, else empty."""
    shas = (claim.sha for claim in claims_of(container).claims)
    return next((sha for sha in shas if names.is_whole(sha)), "")


def _stopped(case: Case, container: Container, since: datetime) -> Answer[Sequence[_Trace]]:
    """Stopped containers of the service that began earlier: Compose and people often leave them."""
    traces: list[_Trace] = []
    for one in listed_containers(case):
        if not same_service(one, container) or one.listed.state not in _ENDED:
            continue
        sha = said_revision(one)
        inspected = case.get(EngineInspect(one.engine, one.listed.id))
        if isinstance(inspected, Unknown):
            return inspected
        ended = inspected.value.finished_at if isinstance(inspected, Found) else None
        if sha and one.listed.created_at < since and (not ended or ended - since <= _OVERLAP):
            evidence = f"the stopped container {one.listed.name}"
            traces.append(_Trace(ended or one.listed.created_at, sha, ended, evidence))
    return Found(traces)


def _journal(
    case: Case, engine: str, container: Container, since: datetime
) -> Answer[Sequence[_Trace]]:
    info = case.get(EngineInfo(engine))
    if not case.scope.journal or not isinstance(info, Found):
        return Found(())
    earlier = case.get(JournalLooks(info.value.id))
    if not isinstance(earlier, Found):
        return earlier if isinstance(earlier, Unknown) else Found(())
    # A look names no project: a container that is listed for another one tells by its name.
    others = {
        one.listed.name
        for one in listed_containers(case)
        if (one.engine, one.service) == (engine, container.service)
        and one.project != container.project
    }
    looks = [look for look in earlier.value if look.container not in others]
    return Found(tuple(_seen(looks, container, since)))


def _seen(looks: Sequence[JournalEntry], container: Container, since: datetime) -> Iterator[_Trace]:
    for look in looks:
        begun = look.deployed_at or look.at
        if look.service == container.service and look.sha and begun < since and look.at <= since:
            yield _Trace(
                look.at, look.sha, since, f"an earlier look at {look.at:%Y-%m-%dT%H:%M:%SZ}"
            )


def _events(
    case: Case, engine: str, container: Container, since: datetime
) -> Answer[Sequence[_Trace]]:
    """The engine's short memory: a look at the whole fleet does not ask for it."""
    question = EngineEvents(engine)
    asked = case.scope.command in ("show", "history") or case.scope.save
    answer = case.get(question) if asked else case.facts.peek(question)
    if not isinstance(answer, Found):
        return answer if isinstance(answer, Unknown) else Found(())
    # What died and runs again was not replaced.
    serving = {one.listed.id for one in listed_containers(case) if one.listed.state not in _ENDED}
    died = [
        event
        for event in answer.value
        if event.action == "die"
        and event.container not in serving
        and event_service(event) == container.service
        and event.at - since <= _OVERLAP
    ]
    shas = [(event, event_revision(case.scope, event)) for event in died]
    return Found(
        [
            _Trace(event.at, sha, event.at, f"the engine's event of {event.name}")
            for event, sha in shas
            if sha
        ]
    )


def event_revision(scope: Scope, event: EventFacts) -> str:
    """The whole SHA of a revision label, else empty."""
    said = (names.revision(event.labels.get(key, "")) for key in scope.revision_labels)
    return next((one.sha for one in said if one and one.whole), "")


def event_service(event: EventFacts) -> str:
    """The service that an event's container belonged to, else its name."""
    return first_label(event.labels, SERVICE_LABELS) or event.name
