"""What the tags of an image say against its own label, which its base image may have left there.

A tag such as `latest` is read by the label of its image, so it proves that label nothing where the
same content has another commit's tag.
"""

from collections.abc import Iterator

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, first_unknown
from whatsrunning.report.container import Claim
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.tags import BuildTags
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.inherited import agree
from whatsrunning.verdicts.origin.repository import repository_of
from whatsrunning.verdicts.proof.content import served

_MOST = 200


def tagged_otherwise(
    container: ListedContainer, claim: Claim, tag: str, tags: BuildTags
) -> Answer[tuple[str, ...]]:
    """The commits whose tags have what runs, where only the image's label leads from `tag` to the
    claim; Unknown where they are commits that its repository does not have."""
    if tag not in tags.by_image:
        return Nothing()
    others = [*_others(tags, claim.sha)][:_MOST]
    heads = {other: served(container, other) for _, other in others}
    if unread := first_unknown(heads.values()):
        return unread
    tops = {other: top.digest for other, head in heads.items() if (top := head.value_or(None))}
    same = [(sha, other) for sha, other in others if tops.get(other) in container.digests]
    if not same:
        return Nothing()
    repository = repository_of(container).value_or("")
    shas = tuple(sorted({sha for sha, _ in same if names.is_whole(sha)}))
    known = [sha for sha in shas if commit_of(container.case, repository, sha).value_or(None)]
    return Found(tuple(known)) if known else Unknown(_inherited(container, claim, same[0][1]))


def _others(tags: BuildTags, claimed: str) -> Iterator[tuple[str, str]]:
    """The tags that surely say another commit by themselves, each with what they say."""
    named = {tag: sha for sha, own in tags.by_sha.items() for tag in own}
    for tag in (*named, *tags.unread):
        text = (p.sha for p in names.tag_revisions(tag) if p.whole or p.marked)
        sha = next(text, "") if tag in tags.by_image or tag in tags.unread else named[tag]
        if sha and not agree(sha, claimed):
            yield sha, tag


def _inherited(container: ListedContainer, claim: Claim, tag: str) -> Problem:
    name, image = container.listed.name, container.image.repository
    repository = repository_of(container).value_or("its repository")
    message = (
        f"the label {claim.key} of {name} says {claim.sha[:12]} of {repository}, but {image} has "
        f"the same content under :{tag}: the label may be its base image's"
    )
    hint = "pass -R OWNER/NAME of the repository that it is built from, or its clone with -C PATH"
    return Problem("engine", name, "perhaps-inherited", message, hint)
