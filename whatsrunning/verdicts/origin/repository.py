"""Whose repository a container is built from: OWNER/NAME, or the name of a clone from elsewhere.

In this order: the configuration; a `git.repository` label of the container; what the reader named
(-R, a clone at hand), where the image's name, its source label or a claimed commit leads to it; a
ghcr.io name; the source label; where nothing names one, that of the other containers of its image
repository; and -R alone.
"""

from collections import defaultdict
from collections.abc import Iterator, Mapping

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown, any_of
from whatsrunning.facts.git import CloneFacts
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.inventory.listed import ListedContainer
from whatsrunning.verdicts.origin.claims import claims_of
from whatsrunning.verdicts.origin.clones import clones, holders, is_called, named_after
from whatsrunning.verdicts.origin.inherited import REPOSITORY, borne_out, own_labels, source_of
from whatsrunning.verdicts.origin.managed import managed_containers
from whatsrunning.verdicts.origin.option import by_option


@memo
def repository_of(container: ListedContainer) -> Answer[str]:
    """The repository of a managed container. Sources that contradict each other make it unknown."""
    own = _alone(container)
    if own != Nothing():
        return own
    beside = _by_image_repository(container.case).get(container.image.repository, {})
    return Found(*beside.values()) if len(beside) == 1 else by_option(container)


@memo
def _by_image_repository(case: Case) -> Mapping[str, Mapping[str, str]]:
    """The repositories that the managed images of an image repository are built from."""
    found: defaultdict[str, dict[str, str]] = defaultdict(dict)
    for container in managed_containers(case):
        name = _alone(container).value_or("")
        if name and names.names_registry(container.image.repository):
            found[container.image.repository].setdefault(name.lower(), name)
    return dict(found)


@memo
def _alone(container: ListedContainer) -> Answer[str]:
    """What names it by what it is itself; Nothing where nothing does."""
    if container.configured_repository:
        return Found(container.configured_repository)
    if container.name_unknown:
        return container.name_unknown
    if by_label := _labelled(container):
        return Found(by_label)
    if claims_of(container).unread and (doubt := claims_of(container).doubt):
        return Unknown(doubt)
    named = {name.lower(): name for name in _named(container)}
    if len(named) > 1:
        sides = {f"the clone of {name}": name for name in named.values()}
        return Unknown(_conflict(container, sides))
    if named:
        return Found(next(iter(named.values())))
    return _by_labels(container)


def is_of(container: ListedContainer, repository: str) -> bool:
    """Whether a managed container is known to be built from a repository."""
    return names.same_repository(repository_of(container).value_or(""), repository)


@memo
def clone_of(case: Case, repository: str) -> str:
    """The name by which the clone of a repository is asked: its own, or that of a clone which
    holds a commit that is claimed of it."""
    at_hand = clones(case).value_or(())
    claimed = _claimed(case, repository)
    holding = {name for sha in claimed for name in holders(case, sha).value_or(())}
    own = [clone for clone in at_hand if is_called(clone, repository)]
    if any(clone.repositories[0] in holding for clone in own) or not holding:
        return repository
    strangers = (c.repositories[0] for c in at_hand if c.repositories and c not in own)
    return next((name for name in strangers if name in holding), repository)


def numbers_are_of(case: Case, repository: str) -> bool:
    """Whether `#12` in a message that the clone at hand has is a number of the repository: of a
    clone that GitHub knows by another name, it may be that one's."""
    at_hand = clone_of(case, repository)
    return at_hand == repository or not names.is_owner_name(at_hand)


def _claimed(case: Case, repository: str) -> tuple[str, ...]:
    own = [container for container in managed_containers(case) if is_of(container, repository)]
    return tuple(sorted({claim.sha for container in own for claim in claims_of(container).claims}))


def _labelled(container: ListedContainer) -> str:
    """What the container's own label says, not its image's."""
    label = container.labels.get(REPOSITORY, "")
    own = label != container.image_labels.get(REPOSITORY)
    return names.owner_name(label, container.scope.github_host) if own else ""


def _source(container: ListedContainer) -> str:
    return "" if own_labels(container) == Nothing() else source_of(container)


def _named(container: ListedContainer) -> tuple[str, ...]:
    """What the reader named and this container leads to: -R before any clone."""
    image, source, project = container.image.repository, _source(container), container.scope.project
    if project and (names.in_path(image, project) or names.same_repository(project, source)):
        return (project,)
    found = clones(container.case).value_or(())
    by_name = tuple(filter(None, (_leads_to(clone, image, source) for clone in found)))
    holding = tuple(_holding(container, found, source))
    if project and any(names.same_repository(name, project) for name in holding):
        return (project,)
    both = {name.lower() for name in by_name} & {name.lower() for name in holding}
    return tuple(name for name in by_name if name.lower() in both) or by_name or holding


def _leads_to(clone: CloneFacts, image: str, source: str) -> str:
    by_source = (name for name in clone.repositories if names.same_repository(name, source))
    return next(by_source, "") or named_after(image, clone)


def _holding(
    container: ListedContainer, found: tuple[CloneFacts, ...], source: str
) -> Iterator[str]:
    """The clones that hold a claimed commit, each by the best name that there is for it."""
    held = any_of(holders(container.case, c.sha) for c in claims_of(container).claims)
    told = (source, container.scope.project, names.ghcr_name(container.image.repository))
    for clone in found:
        if clone.repositories and clone.repositories[0] in held.value_or(()):
            own = next((name for name in told if name and is_called(clone, name)), "")
            at_github = next(filter(names.is_owner_name, clone.repositories), "")
            elsewhere = next(filter(None, told), clone.repositories[0])
            yield own or _confirmed(container, source) or at_github or elsewhere


def _confirmed(container: ListedContainer, source: str) -> str:
    """A source label that is not a base image's: the image's name or its tag bears it out. The
    clone that holds the commit is a fork's then."""
    fits = source and names.in_path(container.image.repository, source)
    return source if fits or borne_out(container) else ""


def _by_labels(container: ListedContainer) -> Answer[str]:
    """The ghcr.io name and the source label. Of one owner the label decides where the names agree,
    or a tag shows that the labels are the image's own; else nobody knows."""
    source, public = _source(container), container.scope.github_host == "github.com"
    package = names.ghcr_name(container.image.repository) if public else ""
    if not source or not package or names.same_repository(source, package):
        return Found(package or source) if package or source else Nothing()
    if not names.same_owner(source, package):
        return Found(package)
    if own_labels(container) == Found(True):
        return Found(source)
    return Unknown(_conflict(container, {"its ghcr.io name": package, "its source label": source}))


def _conflict(container: ListedContainer, named: Mapping[str, str]) -> Problem:
    """`named`: what the repository is called by each that names one."""
    words = ", but ".join(f"{who} says {name}" for who, name in named.items())
    message = f"{container.listed.name}: {words}"
    ways = " or ".join(f"-R {name}" for name in named.values())
    hint = f"pass {ways}, or set repo under [services.{container.service}] in the configuration"
    return Problem("config", container.listed.name, "conflicting-repositories", message, hint)
