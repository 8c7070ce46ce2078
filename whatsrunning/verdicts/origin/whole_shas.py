"""Claims with short SHAs made whole: by the container itself, the clone, or GitHub."""

from dataclasses import replace

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, first_answer
from whatsrunning.facts.git import GitPrefix
from whatsrunning.facts.github import GithubReference
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Claim
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of, local_shas
from whatsrunning.verdicts.origin.managed import managed_containers
from whatsrunning.verdicts.origin.repository import is_of, repository_of


def whole_claims(container: ListedContainer) -> tuple[Claim, ...]:
    """The claims of a managed container, with short SHAs made whole where that can be done."""
    claims = claims_of(container).claims
    return tuple(replace(c, sha=whole_sha(container, c.sha).value_or(c.sha)) for c in claims)


@memo
def whole_sha(container: ListedContainer, sha: str) -> Answer[str]:
    """The whole SHA of a claim; Unknown also where it is the beginning of no commit."""
    claimed = (claim.sha for claim in claims_of(container).claims)
    own = {sha, *claimed, *local_shas(container)}
    matching = [whole for whole in own if whole.startswith(sha) and names.is_whole(whole)]
    if len(matching) == 1:
        return Found(matching[0])
    repository = repository_of(container)
    looked_up = repository.then(lambda name: _looked_up(container.case, name, sha))
    message = f"{sha} is the beginning of no commit in {repository.value_or('any repository')}"
    hint = "label containers with the whole SHA of a commit that was pushed"
    nowhere = Unknown(Problem("git", sha, "no-such-commit", message, hint))
    return first_answer((looked_up, nowhere))


@memo
def repository_shas(case: Case, repository: str) -> tuple[str, ...]:
    """All whole SHAs that managed containers on any engine claim for OWNER/NAME, sorted."""
    own = [container for container in managed_containers(case) if is_of(container, repository)]
    shas = {claim.sha for container in own for claim in whole_claims(container)}
    return tuple(sorted(filter(names.is_whole, shas)))


def _looked_up(case: Case, repository: str, sha: str) -> Answer[str]:
    clone = case.get(GitPrefix(repository, sha))
    # A clone that is there decides; what it could not tell is the reason, whatever GitHub says.
    decides = clone.problem is not None and clone.problem.code != "no-clone"

    def at_github() -> Answer[str]:
        named = case.get(GithubReference(repository, sha))
        github = named.then(lambda whole: Found(whole) if whole.startswith(sha) else Nothing())
        return clone if decides and not github.value_or("") else github

    return clone.or_else(at_github)
