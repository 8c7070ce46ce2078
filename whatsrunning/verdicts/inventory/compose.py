"""What Compose (and Swarm) wrote into a container's labels and name: its number, a re-creation."""

import re
from collections.abc import Mapping, Sequence

from whatsrunning.verdicts.inventory.listed import ListedContainer

_NUMBER = ("com.docker.compose.container-number", "io.podman.compose.container-number")
_TASK = "com.docker.swarm.task.name"
# While it re-creates, Compose puts the old container's short ID before a name: the old one's own
# name in version 1, the new one's in version 2.
_HALF_WAY = re.compile(r"(?P<old>[0-9a-f]{12})_(?P<name>.+)")


def replica(one: ListedContainer) -> int | None:
    """The container's number in its service; None where nothing numbers it."""
    for label in _NUMBER:
        if one.labels.get(label, "").isdecimal():
            return int(one.labels[label][:9])
    slot = one.labels.get(_TASK, "").removeprefix(f"{one.service}.").partition(".")[0]
    return int(slot[:9]) if slot.isdecimal() else None


def replacements(everyone: Sequence[ListedContainer]) -> Mapping[tuple[str, str], str]:
    """By engine and ID of a new container: the ID of the old one that it has not replaced yet."""
    present = {(*_service(one), one.listed.name): one for one in everyone if one.project}
    found: dict[tuple[str, str], str] = {}
    for one in everyone:
        match = _HALF_WAY.fullmatch(one.listed.name)
        other = present.get((*_service(one), match["name"])) if match else None
        if match and other:
            old, new = (one, other) if _is(one, match["old"]) else (other, one)
            if _is(old, match["old"]):
                found[new.engine, new.listed.id] = old.listed.id
    return found


def _service(one: ListedContainer) -> tuple[str, str, str]:
    return one.engine, one.project, one.service


def _is(one: ListedContainer, short_id: str) -> bool:
    return one.listed.id.startswith(short_id)
