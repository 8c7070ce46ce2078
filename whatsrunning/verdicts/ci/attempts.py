"""What ran on a commit, as attempts of gates: pure, without any judgement of time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import TypeAlias

from whatsrunning.facts.records import CheckFacts

Gates: TypeAlias = Mapping[str, tuple[CheckFacts, ...]]
"""Attempts by the gate's shown name, each gate's oldest first."""


def by_gate(checks: Iterable[CheckFacts]) -> Gates:
    """Attempts at the same gate together: the same job of a workflow, check of an app, context."""
    gates: dict[tuple[str, str, str], list[CheckFacts]] = defaultdict(list)
    for check in checks:
        gates[_key(check)].append(check)
    names = [name for _, _, name in gates]
    return {
        _shown(key, names): tuple(sorted(tries, key=lambda one: (one.created_at, one.attempt)))
        for key, tries in sorted(gates.items())
    }


def finished(check: CheckFacts) -> datetime | None:
    """When an attempt ended; a conclusion without a time counts from its creation."""
    return (check.finished_at or check.created_at) if check.conclusion else None


def finished_by(check: CheckFacts, at: datetime) -> bool:
    """Whether an attempt had ended by then."""
    end = finished(check)
    return end is not None and end <= at


def _key(check: CheckFacts) -> tuple[str, str, str]:
    if check.kind == "job":
        return ("job", check.workflow or check.workflow_path, check.name)
    return (check.kind, check.app, check.name)


def _shown(key: tuple[str, str, str], names: list[str]) -> str:
    kind, origin, name = key
    return name if names.count(name) == 1 else f"{origin or kind} / {name}"
