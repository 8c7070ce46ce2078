"""Whose repository a container is built from (DESIGN section 4, "Whose repository?")."""

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import GitClones, GitCommit
from whatsrunning.facts.records import CloneFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.verdicts.inventory.listed import ListedContainer, matches, rule_of
from whatsrunning.verdicts.origin.claims import claims_of
from whatsrunning.verdicts.origin.managed import belongs, no_repository_problem, sha_claims

LABEL = "git.repository"
OCI_SOURCE = "org.opencontainers.image.source"


def repository_of(facts: FactStore, scope: Scope, one: ListedContainer) -> Answer[str]:
    """OWNER/NAME of a container of ours. Sources that contradict each other make it unknown.

    The configuration decides alone: it is the way out of a contradiction.
    """
    return facts.memo(
        ("repository", one.engine, one.said.id), lambda: _repository(facts, scope, one)
    )


def _repository(facts: FactStore, scope: Scope, one: ListedContainer) -> Answer[str]:
    if configured := _configured(scope, one):
        return Found(configured)
    if isinstance(one.renamed, Unknown):
        return one.renamed
    labelled = names.owner_name(one.labels.get(LABEL, ""), scope.github_host)
    claims = claims_of(facts, scope, one)
    if claims.doubt and not labelled:
        return Unknown(claims.doubt)
    clone = _clone(facts, scope, one)
    source = _source(scope, one) if not (claims.inherited or claims.doubt) else ""
    speakers = {
        f"the label {LABEL}": labelled,
        "the clone at hand": clone.value if isinstance(clone, Found) else "",
        f"the label {OCI_SOURCE}": source,
    }
    said = {who: name for who, name in speakers.items() if name}
    if len({name.lower() for name in said.values()}) > 1:
        return Unknown(_conflict(one, said))
    return Found(next(iter(said.values()))) if said else _otherwise(facts, scope, one, clone)


def _configured(scope: Scope, one: ListedContainer) -> str:
    rule = rule_of(scope, one)
    if rule and rule.repo:
        return rule.repo
    rules = scope.image_rules.items()
    return next((repo for pattern, repo in rules if matches(one.image.repository, pattern)), "")


def _source(scope: Scope, one: ListedContainer) -> str:
    return names.owner_name(one.labels.get(OCI_SOURCE, ""), scope.github_host)


def _otherwise(
    facts: FactStore, scope: Scope, one: ListedContainer, clone: Answer[str]
) -> Answer[str]:
    """What counts only where nothing else speaks: names alone, and -R."""
    clones = facts.get(GitClones())
    at_hand = _projects(clones.value) if isinstance(clones, Found) else ()
    named = names.ghcr_name(one.image.repository) if scope.github_host == "github.com" else ""
    if named:
        return Found(next((p for p in at_hand if names.same_repository(p, named)), named))
    if project := next((p for p in at_hand if belongs(one.image.repository, p)), ""):
        return Found(project)
    if isinstance(clone, Unknown):
        return clone
    return Found(scope.project) if scope.project else Unknown(no_repository_problem(one, at_hand))


def _projects(clones: tuple[CloneFacts, ...]) -> tuple[str, ...]:
    return tuple(project for clone in clones for project in clone.repositories)


def _clone(facts: FactStore, scope: Scope, one: ListedContainer) -> Answer[str]:
    """The clone whose remote matches the image and that holds a SHA claimed for it."""
    image = one.image.repository
    return facts.memo(("clone", image), lambda: _clone_of(facts, scope, image))


def _clone_of(facts: FactStore, scope: Scope, image: str) -> Answer[str]:
    clones = facts.get(GitClones())
    if not isinstance(clones, Found):
        return clones
    for project in _matching(clones.value, image):
        holds = _holds(facts, scope, image, project)
        if not isinstance(holds, Nothing):
            return holds
    return Nothing()


def _holds(facts: FactStore, scope: Scope, image: str, project: str) -> Answer[str]:
    shas = sha_claims(facts, scope, image)
    answers = [facts.get(GitCommit(project, sha)) for sha in shas]
    if any(isinstance(answer, Found) for answer in answers):
        return Found(project)
    unread = (answer for answer in answers if isinstance(answer, Unknown))
    return next(unread, Nothing())


def _matching(clones: tuple[CloneFacts, ...], repository: str) -> tuple[str, ...]:
    """Remotes whose whole OWNER/NAME is in the image's path; where there is none, a part of it."""
    projects = _projects(clones)
    exact = tuple(each for each in projects if belongs(repository, each))
    if exact or names.ghcr_name(repository):
        return exact
    parts = set(repository.lower().split("/")[1:])
    return tuple(each for each in projects if parts & set(each.lower().split("/")))


def _conflict(one: ListedContainer, said: dict[str, str]) -> Problem:
    sides: dict[str, list[str]] = {}
    for who, name in said.items():
        sides.setdefault(name.lower(), []).append(who)
    words = ", but ".join(
        f"{' and '.join(who)} {'says' if len(who) == 1 else 'say'} {said[who[0]]}"
        for who in sides.values()
    )
    return Problem(
        "config", one.said.name, "conflicting-repositories", f"{one.said.name}: {words}",
        f"set repo under [services.{one.service}] in the configuration",
    )  # fmt: skip
