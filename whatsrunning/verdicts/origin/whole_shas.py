"""Short SHAs made whole: by a claim, the clone, or GitHub; in labels and in tags alike."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import replace

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, first_answer
from whatsrunning.facts.git import GitPrefix
from whatsrunning.facts.github import GithubGraph, GithubPrefix
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Claim
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of, local_shas
from whatsrunning.verdicts.origin.managed import managed_containers
from whatsrunning.verdicts.origin.repository import clone_of, is_of, repository_of

_START = 7  # hex digits that the shortest SHA has


@memo
def whole_claims(container: ListedContainer) -> tuple[Claim, ...]:
    """The claims of a managed container, with short SHAs made whole where that can be done; hex
    digits of a tag that begin no commit, and are not surely meant as a SHA, are none."""
    return tuple(filter(None, (_whole(container, claim) for claim in claims_of(container).claims)))


def _whole(container: ListedContainer, claim: Claim) -> Claim | None:
    whole = whole_sha(container, claim.sha)
    if claim.claimed_by == "image-tag" and not whole.value_or(""):
        parsed = next(iter(names.tag_revisions(claim.key)))
        known = whole.problem is None or whole.problem.code == "no-such-commit"
        if not (parsed.sure and (parsed.marked or not known)):
            return None
    return replace(claim, sha=whole.value_or(claim.sha))


@memo
def whole_sha(container: ListedContainer, sha: str) -> Answer[str]:
    """The whole SHA of a claim; Unknown also where it is the beginning of no commit."""
    claimed = (claim.sha for claim in claims_of(container).claims)
    repository = repository_of(container)
    own = _only({sha, *claimed, *local_shas(container)}, sha)
    looked_up = own or repository.then(lambda name: commit_named(container.case, name, sha))
    message = f"{sha} is the beginning of no commit in {repository.value_or('any repository')}"
    hint = "label containers with the whole SHA of a commit that was pushed"
    nowhere = Unknown(Problem("git", sha, "no-such-commit", message, hint))
    return first_answer((looked_up, nowhere))


@memo
def commit_named(case: Case, repository: str, short: str) -> Answer[str]:
    """The commit that begins so: of those that containers claim, else in the clone, else at GitHub;
    Nothing where no commit does. Unknown: several do, or not everybody could be asked."""
    if names.is_whole(short):
        return Found(short)
    clone = case.get(GitPrefix(clone_of(case, repository), short)) if repository else Nothing()
    claimed = _only(_claimed_whole(case, repository).get(short[:_START], ()), short)
    # Of several commits that begin so, another container's claim does not tell which is meant.
    several = clone.problem is not None and clone.problem.code == "ambiguous"
    if (claimed and not several) or not repository:
        return claimed or Nothing()
    # A clone that is there decides; what it could not tell is the reason, whatever GitHub says.
    decides = clone.problem is not None and clone.problem.code != "no-clone"

    def at_github() -> Answer[str]:
        github = _at_github(case, repository, short)
        return clone if decides and not github.value_or("") else github

    if not names.is_owner_name(repository):
        return clone
    return clone.or_else(at_github)


def _at_github(case: Case, repository: str, short: str) -> Answer[str]:
    """Without a token the newest history, a hundred commits a request, is read before each SHA is
    asked for with a request of its own: GitHub allows 60 an hour."""
    in_history: Answer[str] = Nothing()
    if not case.scope.github_token:
        history = case.get(GithubGraph(repository))
        found = history.then(lambda graph: _only(graph.parents, short) or Nothing())
        in_history = found if not found.problem else found.or_else(Nothing)
    return in_history.or_else(lambda: case.get(GithubPrefix(repository, short)))


def _only(shas: Iterable[str], start: str) -> Found[str] | None:
    matching = {sha for sha in shas if sha.startswith(start) and names.is_whole(sha)}
    return Found(matching.pop()) if len(matching) == 1 else None


@memo
def _claimed_whole(case: Case, repository: str) -> Mapping[str, set[str]]:
    """The whole SHAs that containers claim, by how they begin: thousands of tags may be held
    against them."""
    claimed: defaultdict[str, set[str]] = defaultdict(set)
    for container in managed_containers(case):
        if not repository or is_of(container, repository):
            for claim in claims_of(container).claims:
                if names.is_whole(claim.sha):
                    claimed[claim.sha[:_START]].add(claim.sha)
    return claimed


@memo
def repository_shas(case: Case, repository: str) -> tuple[str, ...]:
    """All whole SHAs that managed containers on any engine claim for a repository, sorted."""
    own = [container for container in managed_containers(case) if is_of(container, repository)]
    shas = {claim.sha for container in own for claim in whole_claims(container)}
    return tuple(sorted(filter(names.is_whole, shas)))
