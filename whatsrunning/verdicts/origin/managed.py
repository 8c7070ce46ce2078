"""Which containers the reader is on call for; all others are unmanaged."""

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import GitClones
from whatsrunning.facts.records import CloneFacts
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.inventory.listed import (
    ListedContainer,
    listed_containers,
    matches,
    rule_of,
)


@memo
def is_managed(container: ListedContainer) -> Answer[None]:
    """Found: managed. Nothing: not. Unknown: it may belong to a clone that could not be read."""
    if _is_labelled(container) or _is_configured(container):
        return Found(None)
    if isinstance(container.renamed, Unknown):
        return container.renamed
    image = container.image.repository
    if not names.names_registry(image):
        return Nothing()
    if names.in_path(image, container.scope.project):
        return Found(None)
    clones = container.get(GitClones())
    return clones.then(lambda known: Found(None) if named_after(image, known) else Nothing())


@memo
def managed_containers(case: Case) -> tuple[ListedContainer, ...]:
    """The managed containers of every engine that answered, in the engine's order."""
    return tuple(each for each in listed_containers(case) if isinstance(is_managed(each), Found))


def projects(clones: tuple[CloneFacts, ...]) -> tuple[str, ...]:
    """OWNER/NAME of all remotes of the clones at hand."""
    return tuple(project for clone in clones for project in clone.repositories)


def named_after(image_repository: str, clones: tuple[CloneFacts, ...]) -> tuple[str, ...]:
    """The remotes whose OWNER/NAME an image repository has in its path."""
    return tuple(each for each in projects(clones) if names.in_path(image_repository, each))


def _is_labelled(container: ListedContainer) -> bool:
    return any(label in container.labels for label in container.scope.revision_labels)


def _is_configured(container: ListedContainer) -> bool:
    patterns, image = container.scope.image_rules, container.image.repository
    return rule_of(container) is not None or any(matches(image, each) for each in patterns)
