"""What the sources of the past answer of a service: its engine, the journal, GitHub."""

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple, TypeVar

from whatsrunning.facts.answers import Answer, Nothing
from whatsrunning.facts.engine import EngineEvents, EngineInfo, EventFacts
from whatsrunning.facts.github import DeploymentFacts, GithubDeployments
from whatsrunning.facts.journal import JournalEntry, JournalLooks
from whatsrunning.facts.query import Query
from whatsrunning.facts.store import Case, memo
from whatsrunning.names.labels import PROJECT_LABELS, SERVICE_LABELS, first_label
from whatsrunning.report.container import Container
from whatsrunning.verdicts.inventory.deployed_at import deployed_at, inspected
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.managed import managed_containers
from whatsrunning.verdicts.origin.repository import repository_of

T = TypeVar("T")

# https://github.com/docker/compose/blob/v2.29.0/pkg/api/labels.go
_ONE_OFF = "com.docker.compose.oneoff"
_ASKING = ("show", "history", "rollback-plan")


class ServiceKey(NamedTuple):
    """A service on an engine (its context): two projects there may share a service's name."""

    engine: str
    project: str
    service: str

    @classmethod
    def of(cls, container: Container | ListedContainer) -> "ServiceKey":
        """The service that a container is of."""
        return cls(container.engine, container.project, container.service)

    @property
    def named(self) -> frozenset[str]:
        """What it is asked for by: SERVICE, or PROJECT/SERVICE."""
        return frozenset({self.service, f"{self.project}/{self.service}"})

    @classmethod
    def of_event(cls, engine: str, event: EventFacts) -> "ServiceKey":
        """The service that an event's container was of, by its labels, else its name."""
        service = first_label(event.labels, SERVICE_LABELS) or event.name
        return cls(engine, first_label(event.labels, PROJECT_LABELS), service)


@memo
def service_containers(case: Case) -> Mapping[ServiceKey, Sequence[ListedContainer]]:
    """The managed containers of each service, stopped ones too; one-offs are of none."""
    services: defaultdict[ServiceKey, list[ListedContainer]] = defaultdict(list)
    for container in managed_containers(case):
        if not is_one_off(container.labels):
            services[ServiceKey.of(container)].append(container)
    return dict(services)


def is_one_off(labels: Mapping[str, str]) -> bool:
    """Whether a container was started by `docker compose run`, beside its service."""
    return labels.get(_ONE_OFF, "").casefold() == "true"


def past_answers(case: Case, key: ServiceKey) -> Iterator[Answer[object]]:
    """Every answer that evidence of a service is drawn from: it is as whole as these are."""
    yield events_on(case, key.engine)
    yield looks_at(case, key.engine)
    yield deployments_of(case, key)
    for container in service_containers(case).get(key, ()):
        yield deployed_at(container, inspected(container))


def events_on(case: Case, engine: str) -> Answer[tuple[EventFacts, ...]]:
    """The container events that an engine still keeps."""
    return _asked(case, EngineEvents(engine))


def looks_at(case: Case, engine: str) -> Answer[tuple[JournalEntry, ...]]:
    """What earlier looks at an engine wrote down."""
    info = case.get(EngineInfo(engine)) if case.scope.journal else Nothing()
    return info.then(lambda facts: case.get(JournalLooks(facts.id)) if facts.id else Nothing())


def deployments_of(case: Case, key: ServiceKey) -> Answer[tuple[DeploymentFacts, ...]]:
    """GitHub's deployments, which name no service: only of one that has its repository alone."""
    repository = _only_services(case).get(key)
    return _asked(case, GithubDeployments(repository)) if repository else Nothing()


def _asked(case: Case, query: Query[T]) -> Answer[T]:
    """The answer, asked for where the past is wanted; a first screen uses what is known anyway."""
    scope = case.scope
    wanted = scope.save or scope.since or scope.command in _ASKING
    return case.get(query) if wanted else case.facts.peek(query) or Nothing()


@memo
def _only_services(case: Case) -> Mapping[ServiceKey, str]:
    """The repository of each service that is alone in this look with it."""
    services: defaultdict[str, set[ServiceKey]] = defaultdict(set)
    # Without a token they would take too many of the 60 requests an hour that GitHub allows.
    for key, containers in service_containers(case).items() if case.scope.github_token else ():
        for container in containers:
            services[repository_of(container).value_or("")].add(key)
    return {min(keys): name for name, keys in services.items() if name and len(keys) == 1}
