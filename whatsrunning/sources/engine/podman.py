"""Health of containers from Podman's own list: its Docker-compatible one lacks it. Pure."""

import re
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from whatsrunning.facts.records import ContainerFacts
from whatsrunning.sources import json_reader as j

VERSION = re.compile(r"\d{1,3}\.\d{1,3}\.\d{1,3}")
"""What the version of Podman's own API begins with; its paths need all three numbers."""

_WORDS = {"healthy": "(healthy)", "unhealthy": "(unhealthy)", "starting": "(health: starting)"}
_UNKNOWN = "(health: unknown)"


def healths(body: Any) -> Mapping[str, str]:
    """`GET /libpod/containers/json`: the health check's last word by container ID."""
    return {j.text(item, "Id"): j.text(item, "Status", "") for item in j.objects(body)}


def with_health(
    listed: tuple[ContainerFacts, ...], known: Mapping[str, str] | None
) -> tuple[ContainerFacts, ...]:
    """The list with health in its statuses, as Docker writes it; None says that it is not known."""
    return tuple(_with(one, known) for one in listed)


def _with(one: ContainerFacts, known: Mapping[str, str] | None) -> ContainerFacts:
    if one.state not in ("running", "paused") or one.status.endswith(")"):
        return one
    word = _UNKNOWN if known is None else _WORDS.get(known.get(one.id, ""), "")
    return replace(one, status=f"{one.status} {word}".strip())
