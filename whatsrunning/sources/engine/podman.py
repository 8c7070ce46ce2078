"""Health of containers from Podman's own list: its Docker-compatible one lacks it.

See https://github.com/containers/podman/issues/27786.
"""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from whatsrunning.facts.engine import ContainerFacts
from whatsrunning.sources import json_reader as j

VERSION = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}")
"""What the version of Podman's own API begins with; its paths need all three numbers."""

_STATUSES = {"healthy": "(healthy)", "unhealthy": "(unhealthy)", "starting": "(health: starting)"}
_UNKNOWN = "(health: unknown)"


def healths(body: Any) -> Mapping[str, str]:
    """`GET /libpod/containers/json`: the last result of each health check, by container ID."""
    return {j.text(item, "Id"): j.text(item, "Status", default="") for item in j.objects(body)}


def with_health(container: ContainerFacts, results: Mapping[str, str] | None) -> ContainerFacts:
    """The container with health in its status, as Docker writes it; None: health is not known."""
    if container.state not in ("running", "paused") or container.status.endswith(")"):
        return container
    word = _UNKNOWN if results is None else _STATUSES.get(results.get(container.id, ""), "")
    return replace(container, status=f"{container.status} {word}".strip())
