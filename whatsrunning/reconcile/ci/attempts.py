"""What ran on a commit, as attempts of gates: pure, without any judgement of time."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeAlias

from whatsrunning.model.facts import CheckFacts


@dataclass(frozen=True, slots=True)
class Attempt:
    """One attempt of a gate; `created` is when its whole run began, not when its turn came."""

    check: CheckFacts
    created: datetime

    def finished_by(self, at: datetime) -> bool:
        """Whether it had ended by then."""
        return self.finished is not None and self.finished <= at

    @property
    def finished(self) -> datetime | None:
        """When it ended; a conclusion without a time counts from its creation."""
        if not self.check.conclusion:
            return None
        return self.check.finished_at or self.check.created_at


Gates: TypeAlias = Mapping[str, tuple[Attempt, ...]]


def by_gate(checks: Iterable[CheckFacts]) -> Gates:
    """Attempts by the gate's shown name, each gate's oldest first."""
    known = tuple(checks)
    begun = _run_starts(known)
    gates: dict[tuple[str, str, str], list[Attempt]] = defaultdict(list)
    for check in [c for c in known if c.kind != "status"] + _statuses(known):
        created = begun.get((check.run_id, check.attempt), check.created_at)
        gates[_key(check)].append(Attempt(check, min(created, check.created_at)))
    names = [name for _, _, name in gates]
    return {
        _shown(key, names): tuple(sorted(tries, key=lambda one: (one.created, one.check.attempt)))
        for key, tries in sorted(gates.items())
    }


def _key(check: CheckFacts) -> tuple[str, str, str]:
    if check.kind == "job":
        return ("job", check.workflow or check.workflow_path, check.name)
    return (check.kind, check.app, check.name)


def _shown(key: tuple[str, str, str], names: list[str]) -> str:
    kind, origin, name = key
    return name if names.count(name) == 1 else f"{origin or kind} / {name}"


def _run_starts(checks: Iterable[CheckFacts]) -> dict[tuple[int, int], datetime]:
    """When each run attempt began: a job that needs another is created only when its turn comes.

    A re-run lists copies of the jobs it did not repeat, with their old times: an attempt cannot
    have begun before the one before it ended.
    """
    runs: dict[tuple[int, int], list[CheckFacts]] = defaultdict(list)
    for check in checks:
        if check.run_id:
            runs[check.run_id, check.attempt].append(check)
    starts: dict[tuple[int, int], datetime] = {}
    for (run, attempt), jobs in sorted(runs.items()):
        floor = max((j.finished_at for j in runs.get((run, attempt - 1), ()) if j.finished_at),
                    default=None)  # fmt: skip
        own = [job.created_at for job in jobs if floor is None or job.created_at >= floor]
        if own:
            starts[run, attempt] = min(own)
    return starts


def _statuses(checks: Iterable[CheckFacts]) -> list[CheckFacts]:
    """Statuses are a log: a pending entry ended when its context's next verdict came."""
    logs: dict[str, list[CheckFacts]] = defaultdict(list)
    for check in checks:
        if check.kind == "status":
            logs[check.name].append(check)
    folded: list[CheckFacts] = []
    for log in logs.values():
        end: CheckFacts | None = None
        for entry in sorted(log, key=lambda one: one.created_at, reverse=True):
            if entry.conclusion:
                end = entry
                folded.append(entry)
            elif end is not None:
                ended = end.finished_at or end.created_at
                folded.append(replace(entry, conclusion=end.conclusion, finished_at=ended))
            else:
                folded.append(entry)
    return folded
