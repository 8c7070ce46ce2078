"""The service to roll back: what runs of it, and everything that was built for it."""

from collections.abc import Mapping
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found
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
    """A service by its newest container, and its builds by SHA: tags, and images at hand.

    `sha` is the running revision and `before` the one before it, empty where that is not known;
    without a `graph` the history could not be read.
    """

    case: Case
    container: Container
    listed: ListedContainer
    repository: str
    image: str
    sha: str
    before: str
    history: Answer[HistoryGraph]
    graph: HistoryGraph | None
    tags: Answer[Mapping[str, str]]
    local: Mapping[str, LocalBuild]


def service_of(case: Case, container: Container) -> Answer[RunningService]:
    """The service of a container; Nothing where it was built from no repository."""
    listed = next(own for own in listed_containers(case) if own.listed.id == container.id)
    image, sha, previous = container.image.repository, container.sha, container.previous
    before = previous.then(lambda replaced: Found(replaced.sha)).value_or("")

    def built_from(repository: str) -> Answer[RunningService]:
        history = git_history(case, repository, frozenset({before} - {""}))
        graph, tags = history.value_or(None), builds(case, image, repository)
        about = (case, container, listed, repository, image, sha, before)
        return Found(RunningService(*about, history, graph, tags, _local(listed, image)))

    return container.repository.then(built_from)


def _local(container: ListedContainer, image_repository: str) -> Mapping[str, LocalBuild]:
    """The builds of an image repository in the engine's store, by SHA."""
    by_sha: dict[str, LocalBuild] = {}
    for image in container.images.value_or({}).values():
        pulled = [names.reference(text) for text in image.digests]
        digests = tuple(name.digest for name in pulled if name.repository == image_repository)
        for text in image.tags:
            tag = names.reference(text)
            revision = names.tag_revision(tag.tag) if tag.repository == image_repository else None
            if revision and revision.whole and not revision.dirty:
                by_sha[revision.sha] = LocalBuild(text, digests)
    return by_sha
