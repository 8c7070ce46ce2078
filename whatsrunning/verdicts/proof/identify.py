"""From a digest to the SHA tags that have it in the registry."""

from collections.abc import Iterable, Mapping

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, first_unknown
from whatsrunning.verdicts.history.builds import sha_tags
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of, local_shas
from whatsrunning.verdicts.origin.repository import repository_of
from whatsrunning.verdicts.proof.content import same_content, served

NEWEST = 200
BEYOND = "beyond-newest"


def identify(container: ListedContainer, but: str = "") -> Answer[tuple[str, ...]]:
    """Every SHA whose tag serves what runs, `but` one; sorted.

    The image's own labels and local tags first, then HEAD on the newest 200 SHA tags in git order.
    Unknown with the code `beyond-newest` when none of those has it and there are more.
    """
    own = _with_same_content(container, _own_shas(container) - {but})
    if not isinstance(own, Nothing) or not container.digests:
        return own
    tags = sha_tags(container.case, container.image.repository)
    return tags.then(lambda known: _among_tags(container, {s: known[s] for s in known if s != but}))


def _own_shas(container: ListedContainer) -> set[str]:
    """The whole SHAs that the image itself says, by labels and by the engine's tags of it."""
    claimed = {
        claim.sha
        for claim in claims_of(container).claims
        if claim.claimed_by != "container-label" and names.is_whole(claim.sha) and not claim.dirty
    }
    return claimed | set(local_shas(container))


def _with_same_content(container: ListedContainer, shas: Iterable[str]) -> Answer[tuple[str, ...]]:
    answers = {
        sha: served(container, sha).then(lambda top: same_content(container, top))
        for sha in sorted(shas)
    }
    found = tuple(sha for sha, basis in answers.items() if basis.value_or(""))
    return first_unknown(answers.values()) or (Found(found) if found else Nothing())


def _among_tags(container: ListedContainer, tags: Mapping[str, str]) -> Answer[tuple[str, ...]]:
    """The SHAs whose tag is the digest that runs; `tags` by SHA."""

    def compared(shas: tuple[str, ...]) -> Answer[tuple[str, ...]]:
        heads = {sha: served(container, tags[sha]) for sha in shas[:NEWEST]}
        found = [
            sha
            for sha, head in heads.items()
            if (top := head.value_or(None)) and top.digest in container.digests
        ]
        if unknown := first_unknown(heads.values()):
            return unknown
        if found:
            return Found(tuple(sorted(found)))
        return Unknown(_beyond(container)) if len(shas) > NEWEST else Nothing()

    return _newest_first(container, tuple(sorted(tags))).then(compared)


def _newest_first(container: ListedContainer, shas: tuple[str, ...]) -> Answer[tuple[str, ...]]:
    """The SHAs in git order; while all of them are asked, no order is needed."""
    if len(shas) <= NEWEST:
        return Found(shas)
    graph = repository_of(container).then(lambda name: git_history(container.case, name))
    return graph.then(lambda history: Found(history.order(shas)))


def _beyond(container: ListedContainer) -> Problem:
    repository = container.image.repository
    message = f"{container.listed.name} runs none of the newest {NEWEST} builds of {repository}"
    hint = "older builds are not compared; label containers with the commit's SHA"
    return Problem("registry", repository, BEYOND, message, hint)
