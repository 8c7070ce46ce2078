"""Whose repository a container is built from, OWNER/NAME. The configuration decides alone; then a
`git.repository` label, the clone at hand and the image's source label, which must not contradict
each other; then a ghcr.io name, and last `-R`."""

from collections.abc import Mapping

from whatsrunning import names
from whatsrunning.facts.answers import (
    Answer,
    Found,
    Nothing,
    Problem,
    Unknown,
    any_of,
    first_answer,
)
from whatsrunning.facts.git import CloneFacts, GitClones, GitCommit
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of, image_shas
from whatsrunning.verdicts.origin.managed import named_after, projects

LABEL = "git.repository"
OCI_SOURCE = "org.opencontainers.image.source"


@memo
def repository_of(container: ListedContainer) -> Answer[str]:
    """OWNER/NAME of a managed container. Sources that contradict each other make it unknown."""
    if container.configured_repository:
        return Found(container.configured_repository)
    if container.name_unknown:
        return container.name_unknown
    labelled, source = _labelled(container, LABEL), _labelled(container, OCI_SOURCE)
    claims = claims_of(container)
    if claims.doubt and not labelled:
        return Unknown(claims.doubt)
    clone = _clone_of(container.case, container.image.repository)
    sources = {
        f"the label {LABEL}": labelled,
        "the clone at hand": clone.value_or(""),
        f"the label {OCI_SOURCE}": "" if claims.inherited or claims.doubt else source,
    }
    named = {who: name for who, name in sources.items() if name}
    if len({name.lower() for name in named.values()}) > 1:
        return Unknown(_conflict(container, named))
    return Found(next(iter(named.values()))) if named else _by_name_alone(container, clone)


def is_of(container: ListedContainer, repository: str) -> bool:
    """Whether a managed container is known to be built from OWNER/NAME."""
    return names.same_repository(repository_of(container).value_or(""), repository)


def _labelled(container: ListedContainer, label: str) -> str:
    return names.owner_name(container.labels.get(label, ""), container.scope.github_host)


def _by_name_alone(container: ListedContainer, clone: Answer[str]) -> Answer[str]:
    scope, image = container.scope, container.image.repository
    clones = container.get(GitClones()).value_or(())
    if scope.github_host == "github.com" and (named := names.ghcr_name(image)):
        return Found(next((p for p in projects(clones) if names.same_repository(p, named)), named))
    if by_name := named_after(image, clones):
        return Found(by_name[0])
    named_by_option = Found(scope.project) if scope.project else Nothing()
    nowhere = Unknown(_no_repository(container, projects(clones)))
    return first_answer((clone, named_by_option, nowhere))


@memo
def _clone_of(case: Case, image_repository: str) -> Answer[str]:
    """The clone whose remote matches the image and that holds a SHA claimed for it."""

    def holds(project: str) -> Answer[str]:
        commits = [case.get(GitCommit(project, sha)) for sha in image_shas(case, image_repository)]
        return any_of(commits).then(lambda _: Found(project))

    matching = case.get(GitClones()).then(lambda clones: Found(_matching(clones, image_repository)))
    return matching.then(lambda projects: first_answer(map(holds, projects)))


def _matching(clones: tuple[CloneFacts, ...], image_repository: str) -> tuple[str, ...]:
    """Remotes whose whole OWNER/NAME is in the image's path; where there is none, a part of it."""
    exact = named_after(image_repository, clones)
    if exact or names.ghcr_name(image_repository):
        return exact
    parts = set(image_repository.lower().split("/")[1:])
    return tuple(name for name in projects(clones) if parts & set(name.lower().split("/")))


def _conflict(container: ListedContainer, named: Mapping[str, str]) -> Problem:
    """`named`: what the repository is called by each that names one."""
    sides: dict[str, list[str]] = {}
    for who, name in named.items():
        sides.setdefault(name.lower(), []).append(who)
    words = ", but ".join(
        f"{' and '.join(who)} {'says' if len(who) == 1 else 'say'} {named[who[0]]}"
        for who in sides.values()
    )
    message = f"{container.listed.name}: {words}"
    hint = f"set repo under [services.{container.service}] in the configuration"
    return Problem("config", container.listed.name, "conflicting-repositories", message, hint)


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
