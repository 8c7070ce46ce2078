"""What says which revision a container runs, strongest first (DESIGN section 1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from whatsrunning import names
from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import GithubReference, GitPrefix, RegistryManifest
from whatsrunning.facts.records import ImageFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import Claim, ClaimedBy
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.offline import is_pending

OCI_REVISION = "org.opencontainers.image.revision"


@dataclass(frozen=True, slots=True)
class Claims:
    """The claims, strongest first, and `notes`: labels that are no SHA, told as problems.

    `inherited`: a base image's label was left out; `doubt`: why that could not be decided.
    """

    claims: tuple[Claim, ...] = ()
    notes: tuple[Problem, ...] = ()
    inherited: bool = False
    doubt: Problem | None = None


def claims_of(facts: FactStore, scope: Scope, one: ListedContainer) -> Claims:
    """The claims as said; short SHAs are still short."""
    return facts.memo(("claims", one.engine, one.said.id), lambda: _claims(facts, scope, one))


def _claims(facts: FactStore, scope: Scope, one: ListedContainer) -> Claims:
    if isinstance(one.images, Unknown):
        # Which labels are the image's cannot be told, so only the tag says something.
        return Claims(_distinct(_tag(one)), doubt=one.images.problem)
    if isinstance(one.renamed, Unknown):
        return Claims(_distinct(_container(scope, one)), doubt=one.renamed.problem)
    found: list[Claim] = list(_container(scope, one))
    inherited, doubt = False, None
    for key in _keys(scope):
        if not (claim := _image(one, key)):
            continue
        own = _is_own(facts, one, key, claim)
        inherited |= own is False
        doubt = own if isinstance(own, Problem) else doubt
        if own is True:
            found.append(claim)
    found += _tag(one)
    return Claims(_distinct(iter(found)), _notes(scope, one), inherited, doubt)


def _keys(scope: Scope) -> tuple[str, ...]:
    return tuple(dict.fromkeys((*scope.revision_labels, OCI_REVISION)))


def _claim(text: str, claimed_by: ClaimedBy, key: str) -> Claim | None:
    said = names.tag_revision(text) if claimed_by == "image-tag" else names.revision(text)
    return Claim(said.sha, claimed_by, key, said.dirty, text.strip()) if said else None


def _container(scope: Scope, one: ListedContainer) -> Iterator[Claim]:
    for key in _keys(scope):
        claim = _claim(one.labels.get(key, ""), "container-label", key)
        image = names.revision(one.image_labels.get(key, ""))
        if claim and (image is None or (image.sha, image.dirty) != (claim.sha, claim.dirty)):
            yield claim


def _image(one: ListedContainer, key: str) -> Claim | None:
    kind: ClaimedBy = "oci-label" if key == OCI_REVISION else "image-label"
    return _claim(one.image_labels.get(key, ""), kind, key)


def _tag(one: ListedContainer) -> Iterator[Claim]:
    if claim := _claim(one.tag, "image-tag", one.tag):
        yield claim


def _distinct(claims: Iterator[Claim]) -> tuple[Claim, ...]:
    first: dict[tuple[str, str], Claim] = {}
    for claim in claims:
        first.setdefault((claim.sha, claim.claimed_by), claim)
    return tuple(first.values())


def _is_own(facts: FactStore, one: ListedContainer, key: str, claim: Claim) -> bool | Problem:
    """Whether the image's label is its own and not its base image's; a problem when it is in doubt.

    A sibling built from the same commit looks like a base image, but has the SHA's tag of its own.
    """
    if one.entry is None or not _older_twin(one, one.entry, key):
        return True
    tags = (one.tag, *(names.reference(tag).tag for tag in one.entry.tags))
    if any((said := names.tag_revision(tag)) and agree(said.sha, claim.sha) for tag in tags):
        return True
    if not names.names_registry(one.image.repository):
        return False
    tagged = facts.get(RegistryManifest(one.image.repository, claim.sha))
    return tagged.problem if isinstance(tagged, Unknown) else isinstance(tagged, Found)


def _older_twin(one: ListedContainer, entry: ImageFacts, key: str) -> bool:
    images: Mapping[str, ImageFacts] = one.images.value if isinstance(one.images, Found) else {}
    mine = _repositories(entry) | {one.image.repository}
    return any(
        other.id != entry.id
        and other.labels.get(key) == entry.labels[key]
        and other.created_at < entry.created_at
        and bool(_repositories(other))
        and not _repositories(other) & mine
        for other in images.values()
    )


def _repositories(image: ImageFacts) -> set[str]:
    return {names.reference(each).repository for each in (*image.tags, *image.digests)} - {""}


def _notes(scope: Scope, one: ListedContainer) -> tuple[Problem, ...]:
    return tuple(
        Problem(
            "engine", one.said.name, "label-not-a-sha",
            f"the label {key} of {one.said.name} is {one.labels[key][:60]!r}, which is no SHA",
            f"set {key} to the commit's whole SHA where the container is started",
        )
        for key in scope.revision_labels
        if key in one.labels and names.revision(one.labels[key]) is None
    )  # fmt: skip


def agree(one: str, other: str) -> bool:
    """Whether two SHAs, short or whole, can mean the same commit."""
    return one.startswith(other) or other.startswith(one)


def local_shas(one: ListedContainer) -> tuple[str, ...]:
    """Whole SHAs that the engine's own tags of the image say, sorted."""
    tags = one.entry.tags if one.entry else ()
    said = (names.tag_revision(names.reference(tag).tag) for tag in tags)
    return tuple(sorted({each.sha for each in said if each and each.whole and not each.dirty}))


def whole_claims(
    facts: FactStore, scope: Scope, one: ListedContainer
) -> tuple[tuple[Claim, ...], Mapping[str, Problem]]:
    """The claims with short SHAs made whole; where that failed, the problem by SHA."""
    claims = claims_of(facts, scope, one).claims
    own = {claim.sha for claim in claims if names.is_whole(claim.sha)} | set(local_shas(one))
    made: list[Claim] = []
    problems: dict[str, Problem] = {}
    for claim in claims:
        sha = _whole(facts, scope, one, claim.sha, own)
        if isinstance(sha, Problem):
            problems[claim.sha] = sha
        made.append(claim if isinstance(sha, Problem) else replace(claim, sha=sha))
    return tuple(made), problems


def _whole(
    facts: FactStore, scope: Scope, one: ListedContainer, sha: str, own: set[str]
) -> str | Problem:
    from whatsrunning.verdicts.origin.repository import repository_of

    if names.is_whole(sha):
        return sha
    meant = [each for each in own if each.startswith(sha)]
    if len(meant) == 1:
        return meant[0]
    named = repository_of(facts, scope, one)
    if not isinstance(named, Found):
        return named.problem if isinstance(named, Unknown) else _no_commit(sha, "any repository")
    return _asked(facts, named.value, sha)


def _asked(facts: FactStore, repository: str, sha: str) -> str | Problem:
    local = facts.get(GitPrefix(repository, sha))
    if isinstance(local, Found):
        return str(local.value)
    if is_pending(local):
        return _problem(local, repository, sha)
    github = facts.get(GithubReference(repository, sha))
    if isinstance(github, Found) and str(github.value).startswith(sha):
        return str(github.value)
    absent = isinstance(local, Unknown) and local.problem.code == "no-clone"
    return _problem(github if absent or isinstance(local, Nothing) else local, repository, sha)


def _problem(answer: object, repository: str, sha: str) -> Problem:
    return answer.problem if isinstance(answer, Unknown) else _no_commit(sha, repository)


def _no_commit(sha: str, where: str) -> Problem:
    return Problem(
        "git", sha, "no-such-commit", f"{sha} is the beginning of no commit in {where}",
        "label containers with the whole SHA of a commit that was pushed",
    )  # fmt: skip
