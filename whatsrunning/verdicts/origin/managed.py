"""Which containers the reader is on call for; all others are unmanaged."""

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.git import CloneFacts, GitClones
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers


@memo
def is_managed(container: ListedContainer) -> Answer[bool]:
    """Found(True) or Nothing. Unknown: it may belong to a clone that could not be read."""
    scope, image = container.scope, container.image.repository
    labelled = any(label in container.labels for label in scope.revision_labels)
    if labelled or container.rule or container.configured_repository:
        return Found(True)
    if container.name_unknown:
        return container.name_unknown
    if not names.names_registry(image):
        return Nothing()
    if names.in_path(image, scope.project):
        return Found(True)
    return container.get(GitClones()).then(
        lambda clones: Found(True) if named_after(image, clones) else Nothing()
    )


@memo
def managed_containers(case: Case) -> tuple[ListedContainer, ...]:
    """The managed containers of every engine that answered, in the engine's order."""
    return tuple(c for c in listed_containers(case) if is_managed(c).value_or(False))


def projects(clones: tuple[CloneFacts, ...]) -> tuple[str, ...]:
    """OWNER/NAME of all remotes of the clones at hand."""
    return tuple(project for clone in clones for project in clone.repositories)


def named_after(image_repository: str, clones: tuple[CloneFacts, ...]) -> tuple[str, ...]:
    """The remotes whose OWNER/NAME an image repository has in its path."""
    return tuple(name for name in projects(clones) if names.in_path(image_repository, name))
