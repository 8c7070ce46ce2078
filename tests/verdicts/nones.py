"""Where a document says none, in its own word or in disguise, and where it says unknown."""

from collections.abc import Iterator, Mapping
from typing import Any

NAMES = ("id", "sha", "repository", "container", "service", "code", "name")
"""By the first of these that it has an item of a list is known again."""
SAYING = frozenset({
    "pull_requests", "candidates", "leaves", "built_not_deployed", "merged_never_built",
    "running_without_tag", "matching_shas", "live", "not_live", "gone",
})  # fmt: skip
"""Lists that say none by being empty."""
NOT_BUILT, NO_RUN = ("position", "not-built"), ("at_deploy", "no-run")
PROOFS = ("denied", "differs", "label-only", "unlabelled")
"""Proofs that say that the registry, or a label, has something not."""


def nones(value: Any, place: str = "") -> Iterator[str]:
    """Every place that says none; not of a list that says beside it why it may not be all."""
    if isinstance(value, Mapping):
        if value.get("status") == "none":
            yield place
        yield from (f"{place}={said[1]}" for said in (NOT_BUILT, NO_RUN) if said in value.items())
        if place.endswith(".proof") and value["status"] in PROOFS:
            yield f"{place}={value['status']}"
        for key, held in value.items():
            if held == [] and key in SAYING and not _is_told(value):
                yield f"{place}.{key}"
            yield from nones(held, f"{place}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from nones(item, f"{place}[{_name(item, number)}]")


def unknowns(value: Any, place: str = "") -> Iterator[str]:
    """Every place that says unknown, but for what ran before: an engine forgets."""
    if isinstance(value, Mapping):
        if value.get("status") == "unknown" and not place.endswith(".previous"):
            yield place
        for key, held in value.items():
            yield from unknowns(held, f"{place}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from unknowns(item, f"{place}[{_name(item, number)}]")


def places(value: Any, place: str = "") -> Iterator[str]:
    """Every place of a document."""
    yield place
    if isinstance(value, Mapping):
        for key, held in value.items():
            yield from places(held, f"{place}.{key}")
    elif isinstance(value, list):
        for number, item in enumerate(value):
            yield from places(item, f"{place}[{_name(item, number)}]")


def _is_told(value: Mapping[str, Any]) -> bool:
    """Whether a record says why its lists may lack something."""
    return bool(value.get("problem") or value.get("unknown_at")) or value.get("complete") is False


def _name(item: Any, number: int) -> str:
    named = isinstance(item, Mapping) and next((item[key] for key in NAMES if item.get(key)), "")
    return str(named or number)
