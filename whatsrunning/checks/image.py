"""Checks of the image: whether it is the build that it says it is."""

from collections.abc import Iterator

from whatsrunning import names
from whatsrunning.checks.check import CheckInput, Hit, claimed, hit, listed, revision
from whatsrunning.report.container import Container, ProofStatus
from whatsrunning.text import short


def contradicted_label(given: CheckInput) -> Iterator[Hit]:
    """The digest says another commit than the label."""
    for container in _proven(given, "contradicted"):
        builds = listed(map(short, container.proof.matching_shas))
        says = f"says it is {claimed(container)}"
        yield hit(container, f"{says}, but its image is the build of {builds}")


def built_outside_ci(given: CheckInput) -> Iterator[Hit]:
    """The registry never saw this image."""
    for container in _proven(given, "denied"):
        image = "runs an image that the registry knows neither as"
        yield hit(container, f"{image} {claimed(container)} nor by digest")


def differs(given: CheckInput) -> Iterator[Hit]:
    """The tag has other content by now."""
    for container in _proven(given, "differs"):
        content = "runs other content than the registry now has for"
        yield hit(container, f"{content} {claimed(container)}")


def never_pushed(given: CheckInput) -> Iterator[Hit]:
    """The image, or the commit, exists nowhere else."""
    for container in given.serving:
        if _without_tag(container) and _not_built(container) and not container.image.digests:
            yield hit(
                container,
                f"runs an image of {claimed(container)} that was neither pushed from nor pulled to "
                "this engine, and the registry has no tag for it",
            )
        elif _no_such_commit(container) and (repository := container.repository.value_or("")):
            yield hit(
                container,
                f"runs {revision(container)}, a commit that {repository} does not have",
                "find who built it, push that commit, and deploy a build that CI made",
            )


def running_without_tag(given: CheckInput) -> Iterator[Hit]:
    """The registry no longer has a tag for what runs."""
    for container in given.serving:
        proof = container.proof
        lost = _without_tag(container) and not proof.matching_shas
        unbuilt = proof.status in ("verified", "differs", "unlabelled")
        if (lost or unbuilt) and _not_built(container) and container.image.digests:
            what = f"runs {revision(container)}"
            yield hit(container, f"{what}, for which the registry has no tag (any more)")


def label_only(given: CheckInput) -> Iterator[Hit]:
    """Nothing but a label speaks for the revision."""
    for container in _proven(given, "label-only"):
        if not (_without_tag(container) and _not_built(container)):
            why = container.proof.reason or "nothing proves it"
            yield hit(container, f"says it is {claimed(container)}; {why}")


def local_image_gone(given: CheckInput) -> Iterator[Hit]:
    """The engine could not start this container's image again."""
    for container in given.serving:
        if container.image.gone:
            image = "from an image that was removed from the engine"
            yield hit(container, f"runs {revision(container)} {image}")


def dirty_build(given: CheckInput) -> Iterator[Hit]:
    """Built from a work tree with changes that are in no commit."""
    for container in given.serving:
        if any(claim.dirty and not claim.copied for claim in container.claims):
            changes = "with changes that are in no commit"
            yield hit(container, f"was built from {claimed(container)} {changes}")


def _proven(given: CheckInput, status: ProofStatus) -> Iterator[Container]:
    return (container for container in given.serving if container.proof.status == status)


def _without_tag(container: Container) -> bool:
    """Whether its image names a registry, which has no tag for the claim."""
    in_registry = names.names_registry(container.image.repository)
    return container.proof.status == "label-only" and in_registry


def _not_built(container: Container) -> bool:
    """Whether every tag could be read, and none is of what runs."""
    built = container.built.value_or(None)
    return built is not None and built.position == "not-built"


def _no_such_commit(container: Container) -> bool:
    """GitHub has no such commit; that no clone is at hand to have it does not matter here."""
    if problem := container.commit.problem:
        return problem.code == "no-such-commit"
    return bool(container.sha) and container.commit.value_or(None) is None
