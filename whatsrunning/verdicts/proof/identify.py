"""From a digest to the SHA tags that have it in the registry (DESIGN section 5)."""

from collections.abc import Iterable

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
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
    own = _having(container, _own(container, but))
    if not isinstance(own, Nothing):
        return own
    return _searched(container, but) if container.running else Nothing()


def _own(container: ListedContainer, but: str) -> tuple[str, ...]:
    said = {
        claim.sha
        for claim in claims_of(container).claims
        if claim.claimed_by != "container-label" and names.is_whole(claim.sha) and not claim.dirty
    }
    return tuple(sorted((said | set(local_shas(container))) - {but}))


def _having(container: ListedContainer, shas: Iterable[str]) -> Answer[tuple[str, ...]]:
    found: list[str] = []
    failed: Unknown | None = None
    for sha in shas:
        top = served(container, sha)
        same = same_content(container, top.value) if isinstance(top, Found) else top
        if isinstance(same, Found):
            found.append(sha)
        elif isinstance(same, Unknown):
            failed = failed or same
    return failed or (Found(tuple(found)) if found else Nothing())


def _searched(container: ListedContainer, but: str) -> Answer[tuple[str, ...]]:
    tags = sha_tags(container.case, container.image.repository)
    if not isinstance(tags, Found):
        return tags if isinstance(tags, Unknown) else Nothing()
    shas = _newest(container, tuple(sorted(set(tags.value) - {but})))
    if not isinstance(shas, Found):
        return shas if isinstance(shas, Unknown) else Nothing()
    heads = [(sha, served(container, tags.value[sha])) for sha in shas.value[:NEWEST]]
    failed = next((head for _, head in heads if isinstance(head, Unknown)), None)
    if failed:
        return failed
    found = (
        s for s, head in heads if isinstance(head, Found) and head.value.digest in container.running
    )
    if matching := tuple(sorted(found)):
        return Found(matching)
    return Unknown(_beyond(container)) if len(shas.value) > NEWEST else Nothing()


def _newest(container: ListedContainer, shas: tuple[str, ...]) -> Answer[tuple[str, ...]]:
    """The SHAs in git order; while all of them are asked, no order is needed."""
    if len(shas) <= NEWEST:
        return Found(shas)
    graph = repository_of(container).then(lambda name: git_history(container.case, name))
    return graph.then(lambda known: Found(known.order(shas)))


def _beyond(one: ListedContainer) -> Problem:
    return Problem(
        "registry", one.image.repository, BEYOND,
        f"{one.listed.name} runs none of the newest {NEWEST} builds of {one.image.repository}",
        "older builds are not compared; label containers with the commit's SHA",
    )  # fmt: skip
