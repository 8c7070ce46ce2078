"""Whose repository a container is built from: OWNER/NAME.

The configuration decides alone. Then a `git.repository` label, the clone at hand and the image's
source label, which must not contradict each other. Then a ghcr.io name, and last `-R`.
"""

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, first_unknown
from whatsrunning.facts.queries import GitClones, GitCommit
from whatsrunning.facts.records import CloneFacts
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.inventory.listed import ListedContainer, matches, rule_of
from whatsrunning.verdicts.origin.claims import claims_of, image_shas
from whatsrunning.verdicts.origin.managed import named_after, projects

LABEL = "git.repository"
OCI_SOURCE = "org.opencontainers.image.source"


@memo
def repository_of(container: ListedContainer) -> Answer[str]:
    """OWNER/NAME of a managed container. Sources that contradict each other make it unknown."""
    if configured := _configured(container):
        return Found(configured)
    if isinstance(container.renamed, Unknown):
        return container.renamed
    labelled = _labelled(container, LABEL)
    claims = claims_of(container)
    if claims.doubt and not labelled:
        return Unknown(claims.doubt)
    clone = _clone_of(container.case, container.image.repository)
    speakers = {
        f"the label {LABEL}": labelled,
        "the clone at hand": clone.value_or(""),
        f"the label {OCI_SOURCE}": ""
        if claims.inherited or claims.doubt
        else _labelled(container, OCI_SOURCE),
    }
    told = {who: name for who, name in speakers.items() if name}
    if len({name.lower() for name in told.values()}) > 1:
        return Unknown(_conflict(container, told))
    return Found(next(iter(told.values()))) if told else _otherwise(container, clone)


def is_of(container: ListedContainer, repository: str) -> bool:
    """Whether a managed container is known to be built from OWNER/NAME."""
    return names.same_repository(repository_of(container).value_or(""), repository)


def _configured(container: ListedContainer) -> str:
    rule = rule_of(container)
    if rule and rule.repo:
        return rule.repo
    image, rules = container.image.repository, container.scope.image_rules.items()
    return next((repo for pattern, repo in rules if matches(image, pattern)), "")


def _labelled(container: ListedContainer, label: str) -> str:
    return names.owner_name(container.labels.get(label, ""), container.scope.github_host)


def _otherwise(container: ListedContainer, clone: Answer[str]) -> Answer[str]:
    """What counts only where nothing else speaks: names alone, and -R."""
    clones, image = container.get(GitClones()).value_or(()), container.image.repository
    at_hand = projects(clones)
    if container.scope.github_host == "github.com" and (named := names.ghcr_name(image)):
        return Found(next((p for p in at_hand if names.same_repository(p, named)), named))
    for project in named_after(image, clones):
        return Found(project)
    if isinstance(clone, Unknown):
        return clone
    named = container.scope.project
    return Found(named) if named else Unknown(_no_repository(container, at_hand))


@memo
def _clone_of(case: Case, image_repository: str) -> Answer[str]:
    """The clone whose remote matches the image and that holds a SHA claimed for it."""
    clones = case.get(GitClones())
    if not isinstance(clones, Found):
        return clones
    for project in _matching(clones.value, image_repository):
        holds = _holds(case, image_repository, project)
        if not isinstance(holds, Nothing):
            return holds
    return Nothing()


def _holds(case: Case, image_repository: str, project: str) -> Answer[str]:
    answers = [case.get(GitCommit(project, sha)) for sha in image_shas(case, image_repository)]
    if any(isinstance(answer, Found) for answer in answers):
        return Found(project)
    return first_unknown(answers) or Nothing()


def _matching(clones: tuple[CloneFacts, ...], image_repository: str) -> tuple[str, ...]:
    """Remotes whose whole OWNER/NAME is in the image's path; where there is none, a part of it."""
    exact = named_after(image_repository, clones)
    if exact or names.ghcr_name(image_repository):
        return exact
    parts = set(image_repository.lower().split("/")[1:])
    return tuple(each for each in projects(clones) if parts & set(each.lower().split("/")))


def _conflict(container: ListedContainer, told: dict[str, str]) -> Problem:
    sides: dict[str, list[str]] = {}
    for who, name in told.items():
        sides.setdefault(name.lower(), []).append(who)
    words = ", but ".join(
        f"{' and '.join(who)} {'says' if len(who) == 1 else 'say'} {told[who[0]]}"
        for who in sides.values()
    )
    message = f"{container.listed.name}: {words}"
    hint = f"set repo under [services.{container.service}] in the configuration"
    return Problem("config", container.listed.name, "conflicting-repositories", message, hint)


def _no_repository(container: ListedContainer, at_hand: tuple[str, ...]) -> Problem:
    """Nothing names the repository of a managed container, the clones included."""
    image = container.image.repository
    named = image or container.image.reference
    only = f"; the clone at hand is of {', '.join(at_hand[:3])}" if at_hand else ""
    # An image that goes by its ID has no name for a pattern to match.
    where = f'[images."{named}"]' if image else f"[services.{container.service}]"
    hint = (
        "pass -R OWNER/NAME, name its clone with -C PATH, or set repo under "
        f"{where} in the configuration"
    )
    message = f"nothing names the repository of {named}{only}"
    return Problem("config", named, "no-repository", message, hint)
