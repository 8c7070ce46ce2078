"""Which containers are ours, and which whole SHAs they claim (DESIGN section 1)."""

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import GitClones
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.verdicts.inventory.listed import (
    ListedContainer,
    listed_containers,
    matches,
    rule_of,
)


def is_managed(facts: FactStore, scope: Scope, one: ListedContainer) -> Answer[None]:
    """Found: ours. Nothing: unmanaged. Unknown: it may belong to a clone that could not be read."""
    return facts.memo(("ours", one.engine, one.said.id), lambda: _ours(facts, scope, one))


def _ours(facts: FactStore, scope: Scope, one: ListedContainer) -> Answer[None]:
    if _labelled(scope, one) or _configured(scope, one):
        return Found(None)
    if isinstance(one.renamed, Unknown):
        return one.renamed
    if not names.names_registry(one.image.repository):
        return Nothing()
    if belongs(one.image.repository, scope.project):
        return Found(None)
    return _at_hand(facts, one.image.repository)


def _labelled(scope: Scope, one: ListedContainer) -> bool:
    return any(label in one.labels for label in scope.revision_labels)


def _configured(scope: Scope, one: ListedContainer) -> bool:
    if rule_of(scope, one) is not None:
        return True
    return any(matches(one.image.repository, pattern) for pattern in scope.image_rules)


def belongs(repository: str, project: str) -> bool:
    """Whether an image repository is named after a project, OWNER/NAME."""
    return names.in_path(repository, project)


def _at_hand(facts: FactStore, repository: str) -> Answer[None]:
    clones = facts.get(GitClones())
    if not isinstance(clones, Found):
        return clones
    projects = [project for clone in clones.value for project in clone.repositories]
    if any(belongs(repository, project) for project in projects):
        return Found(None)
    return Nothing()


def sha_claims(facts: FactStore, scope: Scope, repository: str) -> tuple[str, ...]:
    """All whole SHAs that our containers on any engine claim for a repository, sorted.

    `repository` is an image repository (host/path) or OWNER/NAME.
    """
    return facts.memo(("sha-claims", repository), lambda: _sha_claims(facts, scope, repository))


def _sha_claims(facts: FactStore, scope: Scope, repository: str) -> tuple[str, ...]:
    from whatsrunning.verdicts.origin.claims import claims_of, whole_claims
    from whatsrunning.verdicts.origin.repository import repository_of

    found: set[str] = set()
    for one in listed_containers(facts, scope):
        if not isinstance(is_managed(facts, scope, one), Found):
            continue
        if one.image.repository == repository:
            found |= {claim.sha for claim in claims_of(facts, scope, one).claims}
        elif names.OWNER_NAME.fullmatch(repository):
            named = repository_of(facts, scope, one)
            if isinstance(named, Found) and names.same_repository(named.value, repository):
                found |= {claim.sha for claim in whole_claims(facts, scope, one)[0]}
    return tuple(sorted(sha for sha in found if names.is_whole(sha)))


def no_repository_problem(one: ListedContainer, at_hand: tuple[str, ...]) -> Problem:
    """The problem of a container of ours whose repository nothing names, the clones included."""
    named = one.image.repository or one.image.reference
    only = f"; the clone at hand is of {', '.join(at_hand[:3])}" if at_hand else ""
    # An image that goes by its ID has no name for a pattern to match.
    where = f'[images."{named}"]' if one.image.repository else f"[services.{one.service}]"
    return Problem(
        "config", named, "no-repository", f"nothing names the repository of {named}{only}",
        "pass -R OWNER/NAME, name its clone with -C PATH, or set repo under "
        f"{where} in the configuration",
    )  # fmt: skip
