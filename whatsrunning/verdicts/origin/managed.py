"""Which containers are ours, and which whole SHAs they claim (DESIGN section 1)."""

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import LocalClones
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Facts
from whatsrunning.verdicts.inventory.listed import Subject, matches, rule_of, subjects


def ours(facts: Facts, scope: Scope, one: Subject) -> Answer[None]:
    """Found: ours. Nothing: unmanaged. Unknown: it may belong to a clone that could not be read."""
    return facts.once(("ours", one.engine, one.said.id), lambda: _ours(facts, scope, one))


def _ours(facts: Facts, scope: Scope, one: Subject) -> Answer[None]:
    if _labelled(scope, one) or _configured(scope, one):
        return Found(None)
    if isinstance(one.renamed, Unknown):
        return one.renamed
    if not names.names_registry(one.image.repository):
        return Nothing()
    if belongs(one.image.repository, scope.project):
        return Found(None)
    return _at_hand(facts, one.image.repository)


def _labelled(scope: Scope, one: Subject) -> bool:
    return any(label in one.labels for label in scope.revision_labels)


def _configured(scope: Scope, one: Subject) -> bool:
    if rule_of(scope, one) is not None:
        return True
    return any(matches(one.image.repository, pattern) for pattern in scope.image_rules)


def belongs(repository: str, project: str) -> bool:
    """Whether an image repository is named after a project, OWNER/NAME."""
    return names.in_path(repository, project)


def _at_hand(facts: Facts, repository: str) -> Answer[None]:
    clones = facts.look(LocalClones())
    if not isinstance(clones, Found):
        return clones
    projects = [project for clone in clones.value for project in clone.repositories]
    if any(belongs(repository, project) for project in projects):
        return Found(None)
    return Nothing()


def sha_claims(facts: Facts, scope: Scope, repository: str) -> tuple[str, ...]:
    """All whole SHAs that our containers on any engine claim for a repository, sorted.

    `repository` is an image repository (host/path) or OWNER/NAME.
    """
    return facts.once(("sha-claims", repository), lambda: _sha_claims(facts, scope, repository))


def _sha_claims(facts: Facts, scope: Scope, repository: str) -> tuple[str, ...]:
    from whatsrunning.verdicts.origin.claims import claims_of, whole_claims
    from whatsrunning.verdicts.origin.repository import repository_of

    found: set[str] = set()
    for one in subjects(facts, scope):
        if not isinstance(ours(facts, scope, one), Found):
            continue
        if one.image.repository == repository:
            found |= {claim.sha for claim in claims_of(facts, scope, one).claims}
        elif names.OWNER_NAME.fullmatch(repository):
            named = repository_of(facts, scope, one)
            if isinstance(named, Found) and names.same_repository(named.value, repository):
                found |= {claim.sha for claim in whole_claims(facts, scope, one)[0]}
    return tuple(sorted(sha for sha in found if names.is_whole(sha)))


def unnamed(one: Subject, at_hand: tuple[str, ...]) -> Problem:
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
