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
from whatsrunning.verdicts.history.tags import BuildTags
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers
from whatsrunning.verdicts.origin.whole_shas import commit_named


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
    tags: Answer[BuildTags]
    local: Mapping[str, LocalBuild]


def service_of(case: Case, container: Container) -> Answer[RunningService]:
    """The service of a container; Nothing where it was built from no repository."""
    listed = next(own for own in listed_containers(case) if own.listed.id == container.id)
    image, sha, previous = container.image.repository, container.sha, container.previous
    before = previous.then(lambda replaced: Found(replaced.sha)).value_or("")

    def built_from(repository: str) -> Answer[RunningService]:
        tags, local = builds(case, image, repository), _local(listed, image, repository)
        # Without the registry's word nothing else relates the images at hand.
        history = git_history(case, repository, frozenset({before, *local} - {""}))
        about = (case, container, listed, repository, image, sha, before)
        return Found(RunningService(*about, history, history.value_or(None), tags, local))

    return container.repository.then(built_from)


def _local(
    container: ListedContainer, image_repository: str, repository: str
) -> Mapping[str, LocalBuild]:
    """The builds of an image repository in the engine's store, by the SHA that a tag names."""
    by_sha: dict[str, LocalBuild] = {}
    for image in container.images.value_or({}).values():
        pulled = [names.reference(text) for text in image.digests]
        digests = tuple(name.digest for name in pulled if name.repository == image_repository)
        for text in image.tags:
            tag = names.reference(text)
            own = names.tag_revisions(tag.tag) if tag.repository == image_repository else ()
            clean = (parsed for parsed in own if not (parsed.dirty or parsed.dated))
            named = (commit_named(container.case, repository, p.sha) for p in clean)
            if sha := next(filter(None, (answer.value_or("") for answer in named)), ""):
                by_sha[sha] = LocalBuild(text, digests)
    return by_sha
