"""What -R says of a container of which nothing else names the repository."""

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
from whatsrunning.facts.git import CommitFacts, GitCommit
from whatsrunning.facts.github import GithubCommit
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of
from whatsrunning.verdicts.origin.clones import clones, holders
from whatsrunning.verdicts.origin.managed import is_ours


def by_option(container: ListedContainer) -> Answer[str]:
    """-R of a container that nothing else says anything of; else why nobody can tell."""
    project = container.scope.project
    # -R says what ours are built from, and nothing of a stranger that `show` names.
    if project and is_ours(container) != Nothing():
        stranger = _stranger(container, project)
        return Unknown(_not_its_own(container, stranger)) if stranger else Found(project)
    at_hand = clones(container.case)
    claimed = (claim.sha for claim in claims_of(container).claims)
    held = any_of(holders(container.case, sha) for sha in claimed)
    if unread := first_unknown((at_hand, held)):
        return unread
    called = tuple(clone.repositories[0] for clone in at_hand.value_or(()) if clone.repositories)
    return Unknown(_no_repository(container, called))


def _stranger(container: ListedContainer, project: str) -> str:
    """A commit that an image of a registry is claimed to be, where -R has none that is claimed."""
    whole = [c.sha for c in claims_of(container).claims if names.is_whole(c.sha)]
    if not whole or not names.names_registry(container.image.repository):
        return ""
    has = any_of(_commit(container, project, sha) for sha in whole)
    return whole[0] if has == Nothing() else ""


def _commit(container: ListedContainer, project: str, sha: str) -> Answer[CommitFacts]:
    github = GithubCommit(project, sha)
    at_hand = container.get(GitCommit(project, sha))
    if at_hand.problem and at_hand.problem.code == "no-clone":
        at_hand = Nothing()
    return at_hand.or_else(lambda: container.get(github).then(lambda facts: Found(facts.commit)))


def _not_its_own(container: ListedContainer, sha: str) -> Problem:
    name, project = container.listed.name, container.scope.project
    message = f"only -R says that {name} is of {project}, which has no commit {sha[:12]}"
    where = f'[images."{container.image.repository}"]'
    hint = f"set repo under {where} in the configuration, or push that commit to {project}"
    return Problem("config", container.image.repository, "no-repository", message, hint)


def _no_repository(container: ListedContainer, at_hand: tuple[str, ...]) -> Problem:
    image = container.image.repository
    named = image or container.image.reference
    only = f"; the clone at hand is of {', '.join(at_hand[:3])}" if at_hand else ""
    # An image that goes by its ID has no name for a pattern to match.
    where = f'[images."{named}"]' if image else f"[services.{container.service}]"
    ways = "pass -R OWNER/NAME, name its clone with -C PATH, or set repo under"
    hint = f"{ways} {where} in the configuration"
    message = f"nothing names the repository of {named}{only}"
    return Problem("config", named, "no-repository", message, hint)
