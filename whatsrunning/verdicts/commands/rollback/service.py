"""The service to roll back: what runs of it, and everything that was built for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Container
from whatsrunning.verdicts.history.builds import builds
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers


@dataclass(frozen=True, slots=True)
class LocalBuild:
    """A build in the engine's store: its name there, and the digests that a registry gave it."""

    reference: str
    digests: tuple[str, ...]


@dataclass(frozen=True, slots=True, eq=False)
class RunningService:
    """A service by its newest container; `tags` and `local` are its builds by SHA."""

    case: Case
    container: Container
    listed: ListedContainer
    repository: str
    history: Answer[HistoryGraph]
    tags: Answer[Mapping[str, str]]
    local: Mapping[str, LocalBuild]

    @property
    def sha(self) -> str:
        """The running revision, empty where nothing tells it."""
        return self.container.sha

    @property
    def image(self) -> str:
        """The image repository, host/path."""
        return self.container.image.repository

    @property
    def before(self) -> str:
        """The revision that served before, empty where that is not known."""
        return _before(self.container)

    @property
    def graph(self) -> HistoryGraph | None:
        """The history, where it could be read."""
        return self.history.value_or(None)


def running_service(case: Case, container: Container) -> Answer[RunningService]:
    """The service of a container; Nothing where it was built from no repository."""

    def of(repository: str) -> Answer[RunningService]:
        listed = next(
            (one for one in listed_containers(case) if one.listed.id == container.id), None
        )
        if listed is None:
            return Nothing()
        history = git_history(case, repository, frozenset({_before(container)} - {""}))
        tags = builds(case, container.image.repository, repository)
        local = _local(listed, container.image.repository)
        return Found(RunningService(case, container, listed, repository, history, tags, local))

    return container.repository.then(of)


def _before(container: Container) -> str:
    previous = container.previous.value_or(None)
    return previous.sha if previous else ""


def _local(listed: ListedContainer, image_repository: str) -> Mapping[str, LocalBuild]:
    """The builds of an image repository in the engine's store, by SHA."""
    found: dict[str, LocalBuild] = {}
    for image in listed.images.value_or({}).values():
        digests = [names.reference(text) for text in image.digests]
        own = tuple(it.digest for it in digests if it.repository == image_repository)
        for text in image.tags:
            tag = names.reference(text)
            revision = names.tag_revision(tag.tag) if tag.repository == image_repository else None
            if revision and revision.whole and not revision.dirty:
                found[revision.sha] = LocalBuild(text, own)
    return found
