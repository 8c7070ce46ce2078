"""Whether an image's labels are its own: an image inherits all labels of its base image.

https://github.com/moby/buildkit/issues/4110
"""

from collections.abc import Iterator

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.engine import ImageFacts
from whatsrunning.facts.registry import RegistryManifest
from whatsrunning.facts.store import memo
from whatsrunning.names.labels import first_label
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers
from whatsrunning.verdicts.origin.clones import known_names

OCI_REVISION = "org.opencontainers.image.revision"
OCI_SOURCE = "org.opencontainers.image.source"
BUILD_LABELS = {
    OCI_REVISION: OCI_SOURCE,
    # http://label-schema.org/rc1/, and what Red Hat's builds write
    "org.label-schema.vcs-ref": "org.label-schema.vcs-url",
    "vcs-ref": "vcs-url",
    "io.openshift.build.commit.id": "io.openshift.build.source-location",
}
"""The labels that builders write of themselves: a revision, and the repository beside it."""
REPOSITORY = "git.repository"
SOURCES = (REPOSITORY, *BUILD_LABELS.values())


def source_of(container: ListedContainer) -> str:
    """OWNER/NAME at GitHub that the image's labels name, whoever's they are; else empty."""
    labels = container.image_labels or container.labels
    return names.owner_name(first_label(labels, SOURCES), container.scope.github_host)


def revision_keys(container: ListedContainer) -> tuple[str, ...]:
    """The labels that can say a revision, strongest first."""
    return tuple(dict.fromkeys((*container.scope.revision_labels, *BUILD_LABELS)))


def agree(sha: str, other: str) -> bool:
    """Whether two SHAs, short or whole, can mean the same commit."""
    return sha.startswith(other) or other.startswith(sha)


@memo
def own_labels(container: ListedContainer) -> Answer[bool]:
    """Found where the image's labels are its own, Nothing where they are its base image's."""
    if borne_out(container):
        return Found(True)  # a sibling of one commit has the SHA's tag of its own
    said = tuple(_said(container))
    if _of_another(container) or (said and any(_tagged(container))):
        return Nothing()
    return _doubt(container) or (_beside_older_twins(container, said) if said else Found(True))


def borne_out(container: ListedContainer) -> bool:
    """Whether a tag of the image says the revision that its labels say: they are its own then."""
    tags = tuple(_tagged(container))
    return any(agree(sha, tag) for sha in _said(container) for tag in tags)


def _said(container: ListedContainer) -> Iterator[str]:
    for key in revision_keys(container):
        if parsed := names.revision(container.image_labels.get(key, "")):
            yield parsed.sha


def _tagged(container: ListedContainer) -> Iterator[str]:
    """What the image's own tags surely say: whole SHAs, and short ones that are marked as such."""
    entry, repository = container.image_entry, container.image.repository
    local = map(names.reference, entry.tags) if entry else ()
    own = {container.tag, *(name.tag for name in local if name.repository == repository)}
    for tag in sorted(own):
        yield from (p.sha for p in names.tag_revisions(tag) if p.whole or p.marked)


def _of_another(container: ListedContainer) -> bool:
    """Whether the source label names another repository than the image's own name does."""
    source, image = source_of(container), container.image.repository
    if not source:
        return False
    by_name = [name for name in known_names(container.case) if names.in_path(image, name)]
    if by_name:
        return not any(names.same_repository(name, source) for name in by_name)
    package = names.ghcr_name(image)
    return bool(package) and not names.same_owner(package, source)


def _doubt(container: ListedContainer) -> Unknown | None:
    """A package may be named otherwise than what it is built from, and so may its base image be:
    https://docs.github.com/en/packages/learn-github-packages/introduction-to-github-packages"""
    source, package = source_of(container), names.ghcr_name(container.image.repository)
    known = any(names.same_repository(name, source) for name in known_names(container.case))
    if not (source and package) or known or names.is_part(package, source):
        return None
    if names.same_repository(source, package):
        return None
    message = f"the labels of {container.image.reference} are of {source}, or of its base image"
    name, hint = container.listed.name, f"pass -R {source} or -R {package}"
    return Unknown(Problem("engine", name, "perhaps-inherited", message, hint))


def _beside_older_twins(container: ListedContainer, said: tuple[str, ...]) -> Answer[bool]:
    """Older images of other repositories that say the same: its base, or siblings of one commit."""
    twins = _older_twins(container)
    source, image = source_of(container), container.image.repository
    if not twins or _in_one_project(container, twins):
        return Found(True)
    if source:
        of_twin = any(names.in_path(name, source) for twin in twins for name in _names(twin))
        is_base = of_twin and not names.in_path(image, source)
        return Nothing() if is_base else Found(True)
    message = (
        f"the labels of {container.image.reference} are also those of {_name(twins[0])}: whether "
        "that is its base image, or another build of that commit, cannot be told"
    )
    hint = f"label images with {OCI_SOURCE}, or give each build the tag of its commit"
    doubt = Unknown(Problem("engine", container.listed.name, "perhaps-inherited", message, hint))
    if not names.names_registry(image):
        return doubt
    own_tag = container.get(RegistryManifest(image, said[0])).then(lambda _: Found(True))
    return doubt if own_tag == Nothing() else own_tag


def _older_twins(container: ListedContainer) -> tuple[ImageFacts, ...]:
    image, keys = container.image_entry, revision_keys(container)
    if image is None:
        return ()
    key = next(key for key in keys if names.revision(image.labels.get(key, "")))
    own = {*_names(image), container.image.repository}
    return tuple(
        other
        for other in container.images.value_or({}).values()
        if other.labels.get(key) == image.labels[key]
        and other.created_at < image.created_at
        and _names(other)
        and own.isdisjoint(_names(other))
    )


def _in_one_project(container: ListedContainer, twins: tuple[ImageFacts, ...]) -> bool:
    """Whether a Compose project or a stack runs the twins beside it: then they are siblings."""
    ids = {twin.id for twin in twins}
    others = (c for c in listed_containers(container.case) if c.listed.image_id in ids)
    return bool(container.project) and any(c.project == container.project for c in others)


def _names(image: ImageFacts) -> set[str]:
    return {names.reference(name).repository for name in (*image.tags, *image.digests)} - {""}


def _name(image: ImageFacts) -> str:
    return next(iter(sorted(image.tags)), image.id[:19])
