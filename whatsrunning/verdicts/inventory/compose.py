"""What Compose and Swarm write on a container besides its service: its number, a re-creation."""

import re
from collections.abc import Mapping

from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.inventory.listed import ListedContainer, listed_containers

_NUMBERS = ("com.docker.compose.container-number", "io.podman.compose.container-number")
_SWARM_TASK = "com.docker.swarm.task.name"  # SERVICE.SLOT.TASK-ID
# While it re-creates, Compose puts the old container's short ID before a name: the old one's own
# name in version 1, https://github.com/docker/compose/blob/1.29.2/compose/container.py, the new
# one's in version 2, https://github.com/docker/compose/blob/v2.27.0/pkg/compose/convergence.go
_HALF_WAY = re.compile(r"(?P<old>[0-9a-f]{12})_(?P<name>.+)")


def replica(container: ListedContainer) -> int | None:
    """The container's number in its service; None where nothing numbers it."""
    task = container.labels.get(_SWARM_TASK, "").removeprefix(f"{container.service}.")
    numbers = (*(container.labels.get(label, "") for label in _NUMBERS), task.partition(".")[0])
    return next((int(number[:9]) for number in numbers if number.isdecimal()), None)


@memo
def replacements(case: Case) -> Mapping[tuple[str, str], str]:
    """By key of a new container: the ID of the old one that it has not replaced yet."""
    containers = listed_containers(case)
    by_name = {(c.engine, c.project, c.service, c.listed.name): c for c in containers if c.project}
    replaced: dict[tuple[str, str], str] = {}
    for container in containers:
        half_way = _HALF_WAY.fullmatch(container.listed.name)
        service = (container.engine, container.project, container.service)
        if half_way and (other := by_name.get((*service, half_way["name"]))):
            for old, new in ((container, other), (other, container)):
                if old.listed.id.startswith(half_way["old"]):
                    replaced[new.key] = old.listed.id
    return replaced
