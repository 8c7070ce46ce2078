"""What says which revision a container runs, strongest first."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace

from whatsrunning import names
from whatsrunning.facts.answers import Found, Nothing, Problem
from whatsrunning.facts.store import memo
from whatsrunning.report.container import Claim, ClaimedBy
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.clones import holders
from whatsrunning.verdicts.origin.inherited import (
    BUILD_LABELS,
    OCI_REVISION,
    own_labels,
    revision_keys,
)


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims, strongest first, `copied` ones apart, and the problems of labels.

    `inherited`: a base image's label was left out; `doubt`: why what is said may not be all;
    `doubtful`: what an image says that may be its base image's; `unread`: the labels could not be
    told apart from the image's, so nothing that they say counts.
    """

    claims: tuple[Claim, ...] = ()
    copied: tuple[Claim, ...] = ()
    label_problems: tuple[Problem, ...] = ()
    inherited: bool = False
    doubt: Problem | None = None
    doubtful: tuple[Claim, ...] = ()
    unread: bool = False


@memo
def claims_of(container: ListedContainer) -> Claims:
    """The claims as written; short SHAs are still short."""
    tag = tuple(_of_tag(container.tag))
    if doubt := container.images.problem:
        # Which labels are the image's cannot be told, so only the tag says something.
        return Claims(tag, doubt=doubt, unread=True)
    by_container, copied = _by_container(container)
    if container.name_unknown:
        doubt = container.name_unknown.problem
        return Claims(_distinct(by_container), doubt=doubt, unread=True)
    own, image = own_labels(container), tuple(_by_image(container))
    spoken = image if own == Found(True) else ()
    counting, vague = _counting(container, spoken)
    return Claims(
        _distinct((*by_container, *counting, *tag)),
        copied,
        (*_label_problems(container), *(_copied_problem(container, c) for c in copied)),
        inherited=bool(image) and own == Nothing(),
        doubt=(own.problem if image else None) or vague,
        doubtful=image if own.problem else (),
    )


def _claims(text: str, claimed_by: ClaimedBy, key: str) -> Iterator[Claim]:
    if revision := names.revision(text):
        yield Claim(revision.sha, claimed_by, key, revision.dirty, text.strip())


def _of_tag(tag: str) -> Iterator[Claim]:
    """What a tag can say, the likeliest alone; digits that are a date say nothing."""
    revision = next(iter(names.tag_revisions(tag)), None)
    if revision and not revision.dated:
        yield Claim(revision.sha, "image-tag", tag, revision.dirty, tag)


def _by_container(container: ListedContainer) -> tuple[tuple[Claim, ...], tuple[Claim, ...]]:
    """What only the container's labels say, and what was copied onto it from an older image."""
    # The engine lists the image's labels among the container's. A key that the image has too, with
    # another value, was copied: what re-creates containers keeps the labels of the old one, the old
    # image's among them (https://github.com/portainer/portainer/issues/7434). Labels that were
    # given to the container alone may be stale as well, as watchtower's are:
    # https://github.com/containrrr/watchtower/blob/v1.7.1/pkg/container/container.go
    # Where the image inherited it, it is the base image's, and what was given here differs rightly;
    # but nobody gives a container the labels that builders write.
    inherited = own_labels(container) == Nothing()
    own: list[Claim] = []
    copied: list[Claim] = []
    for key in revision_keys(container):
        image = names.revision(container.image_labels.get(key, ""))
        for claim in _claims(container.labels.get(key, ""), "container-label", key):
            if image is None or (inherited and key not in BUILD_LABELS):
                own.append(claim)
            elif (image.sha, image.dirty) != (claim.sha, claim.dirty):
                copied.append(replace(claim, copied=True))
    return tuple(own), tuple(copied)


def _by_image(container: ListedContainer) -> Iterator[Claim]:
    for key in revision_keys(container):
        kind: ClaimedBy = "oci-label" if key in BUILD_LABELS else "image-label"
        yield from _claims(container.image_labels.get(key, ""), kind, key)


def _counting(
    container: ListedContainer, claims: Iterable[Claim]
) -> tuple[tuple[Claim, ...], Problem | None]:
    """The claims that count. Builders' own labels come from base images as a rule: without the
    repository beside it one counts only where a clone at hand holds its commit."""
    counting: list[Claim] = []
    for claim in claims:
        built = [c for c in counting if c.key in BUILD_LABELS]
        if claim.key in BUILD_LABELS and built:
            continue  # one image is of one build: the strongest of its builder's labels says which
        source = BUILD_LABELS.get(claim.key, "")
        told = claim.key == OCI_REVISION or not source or container.image_labels.get(source)
        held = Found(()) if told else holders(container.case, claim.sha)
        if held.value_or(None) is not None:
            counting.append(claim)
        else:
            return tuple(counting), _vague(container, claim)
    return tuple(counting), None


def _vague(container: ListedContainer, claim: Claim) -> Problem:
    name = container.listed.name
    message = (
        f"the label {claim.key} of {name} says {claim.text[:60]!r}, but not of what repository"
    )
    hint = f"label images with {OCI_REVISION}, or name the clone that has the commit with -C PATH"
    return Problem("engine", name, "perhaps-inherited", message, hint)


def _distinct(claims: Iterable[Claim]) -> tuple[Claim, ...]:
    first: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        first.setdefault((claim.sha, claim.claimed_by), claim)
    return tuple(first.values())


def _label_problems(container: ListedContainer) -> Iterator[Problem]:
    name, labels = container.listed.name, container.labels
    for key in container.scope.revision_labels:
        if key in labels and names.revision(labels[key]) is None:
            message = f"the label {key} of {name} is {labels[key][:60]!r}, which is no SHA"
            hint = f"set {key} to the commit's whole SHA where the container is started"
            yield Problem("engine", name, "label-not-a-sha", message, hint)


def _copied_problem(container: ListedContainer, claim: Claim) -> Problem:
    name, image = container.listed.name, container.image_labels.get(claim.key, "")
    says = f"the label {claim.key} of {name} says {claim.text[:64]!r}"
    message = f"{says}, its image says {image[:64]!r}: it was copied from an older container"
    hint = "nothing depends on it; have what re-creates containers leave image labels out"
    return Problem("engine", name, "copied-label", message, hint)


def local_shas(container: ListedContainer) -> tuple[str, ...]:
    """Whole SHAs that the engine's own tags of the image say, sorted."""
    tags = container.image_entry.tags if container.image_entry else ()
    revisions = (p for name in tags for p in names.tag_revisions(names.reference(name).tag))
    return tuple(sorted({claim.sha for claim in revisions if claim.whole and not claim.dirty}))
