"""Claims with short SHAs made whole: by the container itself, the clone, or GitHub."""

from collections.abc import Mapping
from dataclasses import dataclass, replace

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import GithubReference, GitPrefix
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Claim
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of, local_shas
from whatsrunning.verdicts.origin.managed import managed_containers
from whatsrunning.verdicts.origin.repository import is_of, repository_of


@dataclass(frozen=True, slots=True)
class WholeClaims:
    """Claims, strongest first, and by each SHA that is still short the problem with it."""

    claims: tuple[Claim, ...]
    problems: Mapping[str, Problem]


@memo
def whole_claims(container: ListedContainer) -> WholeClaims:
    """The claims of a managed container, with short SHAs made whole where that can be done."""
    claims = claims_of(container).claims
    own = {*filter(names.is_whole, (claim.sha for claim in claims)), *local_shas(container)}
    shas = {claim.sha: _whole(container, claim.sha, own) for claim in claims}
    return WholeClaims(
        tuple(replace(claim, sha=shas[claim.sha].value_or(claim.sha)) for claim in claims),
        {sha: answer.problem for sha, answer in shas.items() if answer.problem},
    )


@memo
def repository_shas(case: Case, repository: str) -> tuple[str, ...]:
    """All whole SHAs that managed containers on any engine claim for OWNER/NAME, sorted."""
    shas = {
        claim.sha
        for container in managed_containers(case)
        if is_of(container, repository)
        for claim in whole_claims(container).claims
    }
    return tuple(sorted(filter(names.is_whole, shas)))


def _whole(container: ListedContainer, sha: str, own: set[str]) -> Answer[str]:
    """The whole SHA; `own` are those that the container itself names."""
    known = [whole for whole in own if whole.startswith(sha)]
    if len(known) == 1:
        return Found(known[0])
    repository = repository_of(container)
    found = repository.then(lambda name: _looked_up(container.case, name, sha))
    message = f"{sha} is the beginning of no commit in {repository.value_or('any repository')}"
    hint = "label containers with the whole SHA of a commit that was pushed"
    nowhere = Unknown(Problem("git", sha, "no-such-commit", message, hint))
    return nowhere if isinstance(found, Nothing) else found


def _looked_up(case: Case, repository: str, sha: str) -> Answer[str]:
    clone = case.get(GitPrefix(repository, sha))
    # A clone that is there decides; what it could not tell is the reason, whatever GitHub says.
    decides = clone.problem is not None and clone.problem.code != "no-clone"

    def at_github() -> Answer[str]:
        answer = case.get(GithubReference(repository, sha))
        known = answer.then(lambda whole: Found(whole) if whole.startswith(sha) else Nothing())
        return clone if decides and not known.value_or("") else known

    return clone.or_else(at_github)
