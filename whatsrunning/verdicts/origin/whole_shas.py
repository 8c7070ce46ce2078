"""Claims with short SHAs made whole: by the container itself, the clone, or GitHub."""

from collections.abc import Mapping
from dataclasses import replace

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem
from whatsrunning.facts.queries import GithubReference, GitPrefix
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Claim
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of, local_shas
from whatsrunning.verdicts.origin.managed import managed_containers
from whatsrunning.verdicts.origin.repository import is_of, repository_of


def whole_claims(container: ListedContainer) -> tuple[tuple[Claim, ...], Mapping[str, Problem]]:
    """The claims with short SHAs made whole; where that failed, the problem by SHA."""
    claims = claims_of(container).claims
    own = {claim.sha for claim in claims if names.is_whole(claim.sha)} | set(local_shas(container))
    made: list[Claim] = []
    problems: dict[str, Problem] = {}
    for claim in claims:
        sha = _whole(container, claim.sha, own)
        if isinstance(sha, Problem):
            problems[claim.sha] = sha
        made.append(claim if isinstance(sha, Problem) else replace(claim, sha=sha))
    return tuple(made), problems


@memo
def repository_shas(case: Case, repository: str) -> tuple[str, ...]:
    """All whole SHAs that managed containers on any engine claim for OWNER/NAME, sorted."""
    found = {
        claim.sha
        for container in managed_containers(case)
        if is_of(container, repository)
        for claim in whole_claims(container)[0]
    }
    return tuple(sorted(filter(names.is_whole, found)))


def _whole(container: ListedContainer, sha: str, own: set[str]) -> str | Problem:
    if names.is_whole(sha):
        return sha
    meant = [each for each in own if each.startswith(sha)]
    if len(meant) == 1:
        return meant[0]
    named = repository_of(container)
    found = named.then(lambda repository: _looked_up(container.case, repository, sha))
    return (
        found.value_or(None) or found.problem or _no_commit(sha, named.value_or("any repository"))
    )


def _looked_up(case: Case, repository: str, sha: str) -> Answer[str]:
    git = case.get(GitPrefix(repository, sha))
    return git.or_else(lambda: _at_github(case, repository, sha, git))


def _at_github(case: Case, repository: str, sha: str, git: Answer[str]) -> Answer[str]:
    github = case.get(GithubReference(repository, sha))
    if github.value_or("").startswith(sha):
        return github
    # A clone that is there decides; what it could not tell is the reason, whatever GitHub says.
    looked = git.problem is None or git.problem.code == "no-clone"
    answer = github if looked else git
    return Nothing() if isinstance(answer, Found) else answer


def _no_commit(sha: str, where: str) -> Problem:
    message = f"{sha} is the beginning of no commit in {where}"
    hint = "label containers with the whole SHA of a commit that was pushed"
    return Problem("git", sha, "no-such-commit", message, hint)
