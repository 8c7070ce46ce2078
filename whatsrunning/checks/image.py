"""Checks of the image: whether it is the build that it says it is."""

from collections.abc import Iterator

from whatsrunning import names
from whatsrunning.checks.check import CheckInput, Hit, claimed, hit, listed, revision
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.report.container import Container
from whatsrunning.text import short


def contradicted_label(looked: CheckInput) -> Iterator[Hit]:
    """The digest says another commit than the label."""
    for one in looked.serving:
        if one.proof.status == "contradicted":
            builds = listed(short(sha) for sha in one.proof.matching_shas)
            yield hit(one, f"says it is {claimed(one)}, but its image is the build of {builds}")


def built_outside_ci(looked: CheckInput) -> Iterator[Hit]:
    """The registry never saw this image."""
    for one in looked.serving:
        if one.proof.status == "denied":
            yield hit(
                one,
                f"runs an image that the registry knows neither as {claimed(one)} nor by digest",
            )


def differs(looked: CheckInput) -> Iterator[Hit]:
    """The tag has other content by now."""
    for one in looked.serving:
        if one.proof.status == "differs":
            yield hit(one, f"runs other content than the registry now has for {claimed(one)}")


def never_pushed(looked: CheckInput) -> Iterator[Hit]:
    """The image, or the commit, exists nowhere else."""
    for one in looked.serving:
        if one.proof.status == "label-only" and _names_a_registry(one) and not one.image.digests:
            yield hit(
                one,
                f"runs an image of {claimed(one)} that was neither pushed from nor pulled to this "
                "engine, and the registry has no tag for it",
            )
        elif _nowhere(one) and isinstance(one.repository, Found):
            yield hit(
                one,
                f"runs {revision(one)}, a commit that {one.repository.value} does not have",
                "find who built it, push that commit, and deploy a build that CI made",
            )


def running_without_tag(looked: CheckInput) -> Iterator[Hit]:
    """The registry no longer has a tag for what runs."""
    for one in looked.serving:
        proof = one.proof.status
        lost = proof == "label-only" and _names_a_registry(one) and not one.proof.matching_shas
        unbuilt = proof in ("verified", "differs", "unlabelled") and _not_built(one)
        if (lost or unbuilt) and one.image.digests:
            yield hit(one, f"runs {revision(one)}, for which the registry has no tag (any more)")


def label_only(looked: CheckInput) -> Iterator[Hit]:
    """Nothing but a label speaks for the revision."""
    for one in looked.serving:
        if one.proof.status == "label-only" and not _names_a_registry(one):
            yield hit(one, f"says it is {claimed(one)}; {one.proof.reason or 'nothing proves it'}")


def local_image_gone(looked: CheckInput) -> Iterator[Hit]:
    """The engine could not start this container's image again."""
    for one in looked.serving:
        if one.image.gone:
            yield hit(one, f"runs {revision(one)} from an image that was removed from the engine")


def dirty_build(looked: CheckInput) -> Iterator[Hit]:
    """Built from a work tree with changes that are in no commit."""
    for one in looked.serving:
        if any(claim.dirty for claim in one.claims):
            yield hit(one, f"was built from {claimed(one)} with changes that are in no commit")


def _nowhere(one: Container) -> bool:
    """GitHub has no such commit; that no clone is at hand to have it does not matter here."""
    if isinstance(one.commit, Unknown):
        return one.commit.problem.code == "no-such-commit"
    return isinstance(one.commit, Nothing) and isinstance(one.revision, Found)


def _names_a_registry(one: Container) -> bool:
    return names.names_registry(one.image.repository)


def _not_built(one: Container) -> bool:
    return isinstance(one.built, Found) and one.built.value.position == "not-built"
