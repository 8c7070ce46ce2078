"""Which containers the reader is on call for; all others are unmanaged."""

from collections import defaultdict
from collections.abc import Hashable, Iterator, Mapping

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, any_of, first_unknown
from whatsrunning.facts.store import Case, memo
from whatsrunning.names.labels import SWARM_SERVICE
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers, matching
from whatsrunning.verdicts.origin.claims import claims_of
from whatsrunning.verdicts.origin.clones import clones, holders, known_names
from whatsrunning.verdicts.origin.inherited import own_labels, source_of


@memo
def is_managed(container: ListedContainer) -> Answer[bool]:
    """Found(True) or Nothing; `show` manages what it names. Unknown as `is_ours` is."""
    asked_for = container.case.scope.command == "show" and container in _shown(container.case)
    return Found(True) if asked_for else is_ours(container)


@memo
def is_ours(container: ListedContainer) -> Answer[bool]:
    """Found(True) where it or what runs beside it says so, else Nothing. Unknown: it may belong to
    a clone that could not be read."""
    alone = _by_itself(container)
    if alone == Found(True):
        return alone
    others = _managed_groups(container.case)
    return Found(True) if any(others.get(group) for group in _groups(container)) else alone


@memo
def managed_containers(case: Case) -> tuple[ListedContainer, ...]:
    """The managed containers of every engine that answered, in the engine's order."""
    return tuple(c for c in listed_containers(case) if is_managed(c).value_or(False))


def identified_as(container: ListedContainer) -> str:
    """OWNER/NAME that the image's own labels name along with a commit; else empty."""
    claims = (claim for claim in claims_of(container).claims if claim.claimed_by != "image-tag")
    speaks = any(claims) and own_labels(container) != Nothing()
    return source_of(container) if speaks else ""


@memo
def _shown(case: Case) -> tuple[ListedContainer, ...]:
    return tuple(matching(case.scope.argument, listed_containers(case)))


@memo
def _by_itself(container: ListedContainer) -> Answer[bool]:
    """Whether it is managed for what it is itself, whatever runs beside it."""
    scope, image = container.scope, container.image.repository
    labelled = any(label in container.labels for label in scope.revision_labels)
    if labelled or container.rule or container.configured_repository:
        return Found(True)
    if container.name_unknown:
        return container.name_unknown
    known = known_names(container.case)
    if any(names.in_path(image, name) for name in known):
        return Found(True)
    source = source_of(container) if own_labels(container) == Found(True) else ""
    if source and any(names.same_repository(source, name) for name in known):
        return Found(True)
    said = claims_of(container)
    held = any_of(holders(container.case, c.sha) for c in (*said.claims, *said.doubtful))
    if held.value_or(()):
        return Found(True)
    # A local name, as `web`, leads to no clone, and what names its repository to no other's;
    # everything else may be of a clone that could not be read.
    unread = held if not source_of(container) else Nothing()
    may_be = first_unknown((clones(container.case), unread))
    return may_be if may_be and names.names_registry(image) else Nothing()


@memo
def _managed_groups(case: Case) -> Mapping[Hashable, bool]:
    managed: defaultdict[Hashable, bool] = defaultdict(bool)
    for container in listed_containers(case):
        if _by_itself(container) == Found(True):
            managed.update(dict.fromkeys(_groups(container), True))
    return dict(managed)


def _groups(container: ListedContainer) -> Iterator[Hashable]:
    """What it shares with others that are managed for it: image repository, service."""
    if names.names_registry(container.image.repository):
        yield container.image.repository
    if service := container.labels.get(SWARM_SERVICE, ""):
        yield container.engine, service
    if container.project:
        yield container.engine, container.project, container.service
