"""What says which revision a container runs, strongest first ."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.facts.answers import Problem, Unknown
from whatsrunning.facts.queries import RegistryManifest
from whatsrunning.facts.records import ImageFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Claim, ClaimedBy
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.managed import managed_containers

OCI_REVISION = "org.opencontainers.image.revision"


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims, strongest first, and `notes`: labels that are no SHA, told as problems.

    `inherited`: a base image's label was left out; `doubt`: why that could not be decided.
    """

    claims: tuple[Claim, ...] = ()
    notes: tuple[Problem, ...] = ()
    inherited: bool = False
    doubt: Problem | None = None


@memo
def claims_of(container: ListedContainer) -> Claims:
    """The claims as said; short SHAs are still short."""
    if isinstance(container.images, Unknown):
        # Which labels are the image's cannot be told, so only the tag says something.
        return Claims(_distinct(_tag(container)), doubt=container.images.problem)
    if isinstance(container.renamed, Unknown):
        return Claims(_distinct(_container(container)), doubt=container.renamed.problem)
    found: list[Claim] = list(_container(container))
    inherited, doubt = False, None
    for key in _keys(container.scope):
        if not (claim := _image(container, key)):
            continue
        own = _is_own(container, key, claim)
        inherited |= own is False
        doubt = own if isinstance(own, Problem) else doubt
        if own is True:
            found.append(claim)
    found += _tag(container)
    return Claims(_distinct(iter(found)), _notes(container), inherited, doubt)


def _keys(scope: Scope) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*scope.revision_labels, OCI_REVISION)))


def _claim(text: str, claimed_by: ClaimedBy, key: str) -> Claim | None:
    said = names.tag_revision(text) if claimed_by == "image-tag" else names.revision(text)
    return Claim(said.sha, claimed_by, key, said.dirty, text.strip()) if said else None


def _container(container: ListedContainer) -> Iterator[Claim]:
    for key in _keys(container.scope):
        claim = _claim(container.labels.get(key, ""), "container-label", key)
        image = names.revision(container.image_labels.get(key, ""))
        if claim and (image is None or (image.sha, image.dirty) != (claim.sha, claim.dirty)):
            yield claim


def _image(one: ListedContainer, key: str) -> Claim | None:
    kind: ClaimedBy = "oci-label" if key == OCI_REVISION else "image-label"
    return _claim(one.image_labels.get(key, ""), kind, key)


def _tag(one: ListedContainer) -> Iterator[Claim]:
    if claim := _claim(one.tag, "image-tag", one.tag):
        yield claim


def _distinct(claims: Iterator[Claim]) -> tuple[Claim, ...]:
    first: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        first.setdefault((claim.sha, claim.claimed_by), claim)
    return tuple(first.values())


def _is_own(container: ListedContainer, key: str, claim: Claim) -> bool | Problem:
    """Whether the image's label is its own and not its base image's; a problem when it is in doubt.

    A sibling built from the same commit looks like a base image, but has the SHA's tag of its own.
    """
    if container.entry is None or not _older_twin(container, container.entry, key):
        return True
    tags = (container.tag, *(names.reference(tag).tag for tag in container.entry.tags))
    if any((said := names.tag_revision(tag)) and agree(said.sha, claim.sha) for tag in tags):
        return True
    if not names.names_registry(container.image.repository):
        return False
    tagged = container.get(RegistryManifest(container.image.repository, claim.sha))
    return tagged.problem or bool(tagged.value_or(None))


def _older_twin(one: ListedContainer, entry: ImageFacts, key: str) -> bool:
    images: Mapping[str, ImageFacts] = one.images.value_or({})
    mine = _repositories(entry) | {one.image.repository}
    return any(
        other.id != entry.id
        and other.labels.get(key) == entry.labels[key]
        and other.created_at < entry.created_at
        and bool(_repositories(other))
        and not _repositories(other) & mine
        for other in images.values()
    )


def _repositories(image: ImageFacts) -> set[str]:
    return {names.reference(each).repository for each in (*image.tags, *image.digests)} - {""}


def _notes(container: ListedContainer) -> tuple[Problem, ...]:
    """A problem for each label that should say a revision and says something else."""
    name, labels = container.listed.name, container.labels
    return tuple(
        Problem(
            "engine",
            name,
            "label-not-a-sha",
            f"the label {key} of {name} is {labels[key][:60]!r}, which is no SHA",
            f"set {key} to the commit's whole SHA where the container is started",
        )
        for key in container.scope.revision_labels
        if key in labels and names.revision(labels[key]) is None
    )


def agree(one: str, other: str) -> bool:
    """Whether two SHAs, short or whole, can mean the same commit."""
    return one.startswith(other) or other.startswith(one)


def local_shas(one: ListedContainer) -> tuple[str, ...]:
    """Whole SHAs that the engine's own tags of the image say, sorted."""
    tags = one.entry.tags if one.entry else ()
    said = (names.tag_revision(names.reference(tag).tag) for tag in tags)
    return tuple(sorted({each.sha for each in said if each and each.whole and not each.dirty}))


@memo
def image_shas(case: Case, image_repository: str) -> tuple[str, ...]:
    """All whole SHAs that managed containers on any engine claim for host/path, sorted."""
    found = {
        claim.sha
        for container in managed_containers(case)
        if container.image.repository == image_repository
        for claim in claims_of(container).claims
    }
    return tuple(sorted(filter(names.is_whole, found)))
