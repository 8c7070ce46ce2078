"""From a digest to the SHA tags that have it in the registry."""

from collections.abc import Mapping

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, first_unknown
from whatsrunning.facts.registry import ManifestFacts
from whatsrunning.verdicts.history.builds import sha_tags
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of, local_shas
from whatsrunning.verdicts.origin.repository import repository_of
from whatsrunning.verdicts.proof.content import same_content, served

NEWEST = 200
BEYOND = "beyond-newest"


def identify(container: ListedContainer, but: str = "") -> Answer[tuple[str, ...]]:
    """Every SHA whose tag serves what runs, `but` one; sorted. The image's own labels and local
    tags are asked first, then the newest 200 SHA tags; `beyond-newest` if there are more."""

    def has_content(sha: str) -> Answer[str]:
        return served(container, sha).then(lambda top: same_content(container, top))

    claims = [claim for claim in claims_of(container).claims if not claim.dirty]
    by_image = (claim.sha for claim in claims if claim.claimed_by != "container-label")
    shas = {*filter(names.is_whole, by_image), *local_shas(container)} - {but}
    own = _shas_found({sha: has_content(sha) for sha in sorted(shas)})
    if own != Nothing() or not container.digests:
        return own
    tags = sha_tags(container.case, container.image.repository)
    return tags.then(lambda tags: _among_tags(container, {s: tags[s] for s in tags if s != but}))


def _shas_found(answers: Mapping[str, Answer[str]]) -> Answer[tuple[str, ...]]:
    shas = tuple(sorted(sha for sha, answer in answers.items() if answer.value_or("")))
    return first_unknown(answers.values()) or (Found(shas) if shas else Nothing())


def _among_tags(container: ListedContainer, tags: Mapping[str, str]) -> Answer[tuple[str, ...]]:
    def same(top: ManifestFacts) -> Answer[str]:
        return Found(top.digest) if top.digest in container.digests else Nothing()

    def compared(newest: tuple[str, ...]) -> Answer[tuple[str, ...]]:
        shas = _shas_found({s: served(container, tags[s]).then(same) for s in newest[:NEWEST]})
        if shas == Nothing() and len(newest) > NEWEST:
            image, name = container.image.repository, container.listed.name
            message = f"{name} runs none of the newest {NEWEST} builds of {image}"
            hint = "older builds are not compared; label containers with the commit's SHA"
            return Unknown(Problem("registry", image, BEYOND, message, hint))
        return shas

    if len(tags) <= NEWEST:  # while all of them are asked, no order is needed
        return compared(tuple(sorted(tags)))
    history = repository_of(container).then(lambda name: git_history(container.case, name))
    return history.then(lambda graph: compared(graph.order(sorted(tags))))
