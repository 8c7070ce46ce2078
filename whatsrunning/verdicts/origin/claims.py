"""What says which revision a container runs, strongest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem
from whatsrunning.facts.engine import ImageFacts
from whatsrunning.facts.registry import RegistryManifest
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Claim, ClaimedBy
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.managed import managed_containers

OCI_REVISION = "org.opencontainers.image.revision"


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims, strongest first, and the problems of revision labels that are no SHA.
    `inherited`: a base image's label was left out; `doubt`: why that could not be decided."""

    claims: tuple[Claim, ...] = ()
    label_problems: tuple[Problem, ...] = ()
    inherited: bool = False
    doubt: Problem | None = None


@memo
def claims_of(container: ListedContainer) -> Claims:
    """The claims as written; short SHAs are still short."""
    tag = tuple(_claims(container.tag, "image-tag", container.tag))
    if doubt := container.images.problem:
        # Which labels are the image's cannot be told, so only the tag says something.
        return Claims(tag, doubt=doubt)
    if container.name_unknown:
        return Claims(_distinct(_container_claims(container)), doubt=container.name_unknown.problem)
    own = [_unless_inherited(container, claim) for claim in _image_claims(container)]
    image = filter(None, (claim.value_or(None) for claim in own))
    return Claims(
        _distinct((*_container_claims(container), *image, *tag)),
        tuple(_label_problems(container)),
        inherited=Nothing() in own,
        doubt=next((claim.problem for claim in own if claim.problem), None),
    )


def _keys(scope: Scope) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*scope.revision_labels, OCI_REVISION)))


def _claims(text: str, claimed_by: ClaimedBy, key: str) -> Iterator[Claim]:
    parse = names.tag_revision if claimed_by == "image-tag" else names.revision
    if revision := parse(text):
        yield Claim(revision.sha, claimed_by, key, revision.dirty, text.strip())


def _container_claims(container: ListedContainer) -> Iterator[Claim]:
    """What the container's labels say otherwise than the image's, which are listed among them."""
    # They may be stale: watchtower re-creates a container from a new image with the labels that the
    # old one was started with, as in GetCreateConfig of
    # https://github.com/containrrr/watchtower/blob/v1.7.1/pkg/container/container.go
    for key in _keys(container.scope):
        image = names.revision(container.image_labels.get(key, ""))
        for claim in _claims(container.labels.get(key, ""), "container-label", key):
            if image is None or (image.sha, image.dirty) != (claim.sha, claim.dirty):
                yield claim


def _image_claims(container: ListedContainer) -> Iterator[Claim]:
    for key in _keys(container.scope):
        kind: ClaimedBy = "oci-label" if key == OCI_REVISION else "image-label"
        yield from _claims(container.image_labels.get(key, ""), kind, key)


def _distinct(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    first: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        first.setdefault((claim.sha, claim.claimed_by), claim)
    return tuple(first.values())


def _unless_inherited(container: ListedContainer, claim: Claim) -> Answer[Claim]:
    """The image's claim; Nothing when it is its base image's, whose labels an image inherits."""
    image, repository = container.image_entry, container.image.repository
    if image is None or not _older_twin(container, image, claim.key):
        return Found(claim)
    tags = container.tag, *(names.reference(name).tag for name in image.tags)
    revisions = filter(None, map(names.tag_revision, tags))
    if any(agree(revision.sha, claim.sha) for revision in revisions):
        return Found(claim)  # a sibling built from the same commit has the SHA's tag of its own
    if not names.names_registry(repository):
        return Nothing()
    return container.get(RegistryManifest(repository, claim.sha)).then(lambda _: Found(claim))


def _older_twin(container: ListedContainer, image: ImageFacts, key: str) -> bool:
    own = _repositories(image) | {container.image.repository}
    return any(
        other.labels.get(key) == image.labels[key]
        and other.created_at < image.created_at
        and bool(_repositories(other))
        and not _repositories(other) & own
        for other in container.images.value_or({}).values()
    )


def _repositories(image: ImageFacts) -> set[str]:
    return {names.reference(name).repository for name in (*image.tags, *image.digests)} - {""}


def _label_problems(container: ListedContainer) -> Iterator[Problem]:
    name, labels = container.listed.name, container.labels
    for key in container.scope.revision_labels:
        if key in labels and names.revision(labels[key]) is None:
            message = f"the label {key} of {name} is {labels[key][:60]!r}, which is no SHA"
            hint = f"set {key} to the commit's whole SHA where the container is started"
            yield Problem("engine", name, "label-not-a-sha", message, hint)


def agree(sha: str, other: str) -> bool:
    """Whether two SHAs, short or whole, can mean the same commit."""
    return sha.startswith(other) or other.startswith(sha)


def local_shas(container: ListedContainer) -> tuple[str, ...]:
    """Whole SHAs that the engine's own tags of the image say, sorted."""
    tags = container.image_entry.tags if container.image_entry else ()
    revisions = filter(None, (names.tag_revision(names.reference(name).tag) for name in tags))
    return tuple(sorted({claim.sha for claim in revisions if claim.whole and not claim.dirty}))


@memo
def image_shas(case: Case, image_repository: str) -> tuple[str, ...]:
    """All whole SHAs that managed containers on any engine claim for host/path, sorted."""
    own = [c for c in managed_containers(case) if c.image.repository == image_repository]
    shas = {claim.sha for container in own for claim in claims_of(container).claims}
    return tuple(sorted(filter(names.is_whole, shas)))
