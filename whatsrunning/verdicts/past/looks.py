"""What earlier looks saw: that something served then, never by themselves that it ended."""

from collections.abc import Hashable, Mapping, Sequence
from datetime import datetime
from typing import NamedTuple

from whatsrunning.facts.answers import Found
from whatsrunning.facts.journal import JournalEntry
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import SERVING
from whatsrunning.verdicts.inventory.deployed_at import deployed_at, inspected
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers
from whatsrunning.verdicts.origin.managed import is_managed
from whatsrunning.verdicts.past.answers import is_one_off, looks_at
from whatsrunning.verdicts.past.piece import Evidence
from whatsrunning.verdicts.proof.proof import prove


class Told(NamedTuple):
    """The revision (a SHA, or empty for none) of one container, and which look told it."""

    sha: str
    text: str


class Sighting(NamedTuple):
    """A container that a look saw: `project` None where its line is too old to tell."""

    service: str
    project: str | None
    container: str


@memo
def told_by_looks(case: Case, engine: str) -> Mapping[Hashable, Told]:
    """The revision of every container that looks saw, by its ID where that is known.

    A container is of one revision for as long as it lives. Where looks that saw more and less say
    two, it is the newest one's.
    """
    return {
        _identity(look, listed): Told(look.sha, _text(look))
        for look, listed in _sightings(case, engine)
        if look.tells_revision
    }


def seen_by_looks(case: Case, engine: str) -> Sequence[tuple[Sighting, Evidence]]:
    """What served when they looked; nothing of what no look found out a revision of."""
    told, names = told_by_looks(case, engine), _by_name(case, engine)
    pieces: list[tuple[Sighting, Evidence]] = []
    for look, same in _sightings(case, engine):
        revision = told.get(_identity(look, same))
        named = same or names.get(look.container)
        if revision is None or (named and is_one_off(named.labels)):
            continue
        project = look.project if look.container_id else None
        sighting = Sighting(look.service, project, look.container)
        # What a container without a label is of may be told in another way since.
        if named and (same or look.service == look.container):
            sighting = Sighting(named.service, named.project, look.container)
        pieces.append((sighting, _piece(look, same, _now_known(same, revision.sha))))
    return pieces


def _now_known(same: ListedContainer | None, sha: str) -> str:
    """The present look's word for the same container, else the journal's."""
    if same is None or not is_managed(same).value_or(False):
        return sha
    _, revision = prove(same)
    return sha if revision.problem else revision.then(lambda of: Found(of.sha)).value_or("")


def _piece(look: JournalEntry, same: ListedContainer | None, sha: str) -> Evidence:
    """A look tells no end: the container that it saw does, if it is still listed."""
    seen = Evidence(sha, look.since, look.at, _text(look), exact=False, seen=look.at)
    if same is None:
        return seen
    inspection = inspected(same)
    began = deployed_at(same, inspection).then(lambda of: Found(of.at)).value_or(None)
    details = inspection.value_or(None)
    if same.listed.state in SERVING:
        return _serving(seen, began, is_listed_too=is_managed(same).value_or(False))
    ended = details.finished_at if details else None
    if ended is None or ended < look.at or (began and began > look.at):
        return seen
    return Evidence(sha, look.since, ended, f"{seen.text}; its container stopped", seen=look.at)


def _serving(seen: Evidence, began: datetime | None, *, is_listed_too: bool) -> Evidence:
    """It serves still; what was started again since has a piece of its own, if it is managed."""
    since, text = seen.since, f"{seen.text}; its container still serves"
    if began and seen.seen and began > seen.seen:
        if is_listed_too:
            return seen
        since = began
    return Evidence(seen.sha, since, None, text, seen=seen.seen)


@memo
def _sightings(case: Case, engine: str) -> Sequence[tuple[JournalEntry, ListedContainer | None]]:
    """Every line with the container that it saw, if the engine still lists that very one."""
    names = _by_name(case, engine)
    by_id = {container.listed.id: container for container in names.values()}
    pairs = []
    for look in looks_at(case, engine).value_or(()):
        same = names.get(look.container)
        if look.container_id:
            same = by_id.get(look.container_id)
        elif same and not _may_be(look, same):
            same = None
        pairs.append((look, same))
    return pairs


def _may_be(look: JournalEntry, named: ListedContainer) -> bool:
    """Whether a line that names no ID means the container that has its name now."""
    listed = named.listed
    return listed.created_at <= look.at and look.image_id in ("", listed.image_id)


@memo
def _by_name(case: Case, engine: str) -> Mapping[str, ListedContainer]:
    """All containers that the engine lists, managed or not."""
    listed = (container for container in listed_containers(case) if container.engine == engine)
    return {container.listed.name: container for container in listed}


def _identity(look: JournalEntry, same: ListedContainer | None) -> Hashable:
    own = same.listed.id if same else look.container_id
    return own or (look.container, look.image_id, look.since)


def _text(look: JournalEntry) -> str:
    return f"a look at {look.at:%Y-%m-%dT%H:%M:%SZ}"
