"""From a digest to the commits whose tags have it in the registry."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from functools import partial
from typing import TypeAlias

from whatsrunning import names
from whatsrunning.facts.answers import (
    Answer,
    Found,
    Nothing,
    Problem,
    Unknown,
    any_of,
    first_unknown,
)
from whatsrunning.facts.registry import ManifestFacts
from whatsrunning.verdicts.history.builds import aliased_tags
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.tags import BuildTags, missing
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of, local_shas
from whatsrunning.verdicts.origin.repository import repository_of
from whatsrunning.verdicts.proof.content import same_content, served

NEWEST = 200
LOOKED_INTO = 40
"""Builds whose content is read where no digest is the same: platforms and configs then tell."""
BEYOND = "beyond-newest"

Compare: TypeAlias = Callable[[ManifestFacts], Answer[str]]
"""Whether what a tag serves is what runs."""


def build_tags(container: ListedContainer) -> Answer[BuildTags]:
    """The tags of its image repository by the commits that they name."""
    repository = repository_of(container).value_or("")
    return aliased_tags(container.case, container.image.repository, repository)


def identify(container: ListedContainer, but: str = "") -> Answer[tuple[str, ...]]:
    """Every SHA whose tag serves what runs, `but` one; sorted. The image's own labels and local
    tags are asked first, then the newest 200 builds; `beyond-newest` if there are more."""

    def has_content(sha: str) -> Answer[str]:
        return served(container, sha).then(lambda top: same_content(container, top))

    claims = [claim for claim in claims_of(container).claims if not claim.dirty]
    by_image = (claim.sha for claim in claims if claim.claimed_by != "container-label")
    shas = {*filter(names.is_whole, by_image), *local_shas(container)} - {but}
    own = _shas_found({sha: has_content(sha) for sha in sorted(shas)})
    if own != Nothing() or not container.digests:
        return own
    return build_tags(container).then(lambda tags: _among_tags(container, tags, but))


def _shas_found(answers: Mapping[str, Answer[str]]) -> Answer[tuple[str, ...]]:
    shas = tuple(sorted(sha for sha, answer in answers.items() if answer.value_or("")))
    return first_unknown(answers.values()) or (Found(shas) if shas else Nothing())


def _among_tags(container: ListedContainer, tags: BuildTags, but: str) -> Answer[tuple[str, ...]]:
    def same(top: ManifestFacts) -> Answer[str]:
        return Found(top.digest) if top.digest in container.digests else Nothing()

    def compared(newest: Sequence[str]) -> Answer[tuple[str, ...]]:
        by_digest = {sha: _any_tag(container, tags, sha, same) for sha in newest[:NEWEST]}
        shas = _shas_found(by_digest)
        if shas == Nothing():
            shas = _shas_found(_by_content(container, tags, newest[:LOOKED_INTO]))
        return _beyond(container, tags, newest) if shas == Nothing() else shas

    others = [sha for sha in tags.by_sha if sha != but]
    if len(others) <= LOOKED_INTO:  # while all of them are asked, no order is needed
        return compared(sorted(others))
    history = repository_of(container).then(lambda name: git_history(container.case, name))
    return history.then(lambda graph: compared(graph.order(sorted(others))))


def _any_tag(
    container: ListedContainer, tags: BuildTags, sha: str, compare: Compare
) -> Answer[str]:
    """Whether one of the tags of a commit has what runs: of platforms, each has its own."""
    return any_of(served(container, tag).then(compare) for tag in tags.by_sha[sha])


def _by_content(
    container: ListedContainer, tags: BuildTags, shas: Iterable[str]
) -> Mapping[str, Answer[str]]:
    return {sha: _any_tag(container, tags, sha, partial(_same, container)) for sha in shas}


def _same(container: ListedContainer, top: ManifestFacts) -> Answer[str]:
    """Whether the content is the same; what nobody can compare is found under no tag."""
    answer = same_content(container, top)
    return Nothing() if answer.problem and answer.problem.code == "not-comparable" else answer


def _beyond(
    container: ListedContainer, tags: BuildTags, newest: Sequence[str]
) -> Answer[tuple[str, ...]]:
    """Nothing, only where every tag was compared, those too that name no commit."""
    image, name = container.image.repository, container.listed.name
    nameless = (*tags.unread, *tags.old)
    if len(newest) > NEWEST or len(nameless) > NEWEST:
        message = f"{name} runs none of the newest {NEWEST} builds of {image}"
        hint = "older builds are not compared; label containers with the commit's SHA"
        return Unknown(Problem("registry", image, BEYOND, message, hint))
    heads = [served(container, tag) for tag in nameless]
    answer = first_unknown(heads)
    tops = [top.digest for head in heads if (top := head.value_or(None))]
    unread = missing(tags, image)
    if answer or not (unread and container.digests.intersection(tops)):
        return answer or Nothing()
    return Unknown(unread)
