"""The table of CI verdicts: attempts of gates and an instant in, a verdict out. Pure."""

from collections import Counter, defaultdict
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from whatsrunning.facts.records import CheckFacts
from whatsrunning.report.container import FAILED_CONCLUSIONS, Ci, Gate

Gates: TypeAlias = Mapping[str, tuple[CheckFacts, ...]]
"""Attempts by the gate's shown name, each gate's oldest first."""

_QUIET = frozenset({"skipped", "neutral"})


def by_gate(checks: Iterable[CheckFacts]) -> Gates:
    """Attempts at the same gate together: the same job of a workflow, check of an app, context.

    A run that is started again keeps its ID, and counts its attempts:
    https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context
    """
    gates: dict[tuple[str, str, str], list[CheckFacts]] = defaultdict(list)
    for check in checks:
        origin = (check.workflow or check.workflow_path) if check.kind == "job" else check.app
        gates[check.kind, origin, check.name].append(check)
    same_name = Counter(name for *_, name in gates)
    return {
        name if same_name[name] == 1 else f"{origin or kind} / {name}": tuple(
            sorted(attempts, key=lambda check: (check.created_at, check.attempt))
        )
        for (kind, origin, name), attempts in sorted(gates.items())
    }


def judge(gates: Gates, at: datetime, missing: Sequence[str] = ()) -> Ci:
    """CI at `at`. `missing` names configured gates without any attempt."""
    no_run = Ci("no-run", reason=f"no run of {', '.join(missing)}" if missing else "")
    by_then = {name: [c for c in every if c.created_at <= at] for name, every in gates.items()}
    late = not any(by_then.values())
    # Each gate's latest attempt created by then; where no gate had one, the first that came.
    counted = {name: every[0] for name, every in gates.items()}
    if not late:
        counted = {name: attempts[-1] for name, attempts in by_then.items() if attempts}
    if not counted:
        return no_run
    ends = {name: end for name, check in counted.items() if (end := _finished(check))}
    shown = tuple(Gate(n, c.conclusion, ends.get(n), c.url) for n, c in counted.items())
    end = max(ends.values()) if len(ends) == len(counted) else None
    ci = Ci("green", _outcome(counted.values()), end, gates=shown)
    done = [check for name, check in counted.items() if name in ends and ends[name] <= at]
    if any(check.conclusion in FAILED_CONCLUSIONS for check in done):
        return replace(ci, at_deploy="red", outcome="failure")
    if len(done) == len(counted):
        if missing:
            return replace(ci, at_deploy="no-run", reason=no_run.reason)
        return ci if ci.outcome == "success" else replace(ci, at_deploy="no-verdict")
    reason = "CI began only after the deploy" if late else ""
    if end:
        return replace(ci, at_deploy="raced", reason=reason)
    already = "failure" if ci.outcome == "failure" else ""
    return replace(ci, at_deploy="pending", outcome=already, reason=reason)


def _finished(check: CheckFacts) -> datetime | None:
    """When an attempt ended; a conclusion without a time counts from its creation."""
    return (check.finished_at or check.created_at) if check.conclusion else None


def _outcome(checks: Collection[CheckFacts]) -> str:
    """How it ended, in GitHub's words: failure, then cancelled, then success, then skipped."""
    conclusions = {check.conclusion for check in checks}
    if conclusions & FAILED_CONCLUSIONS:
        return "failure"
    if conclusions - _QUIET - {"success"}:
        return "cancelled"
    return "success" if "success" in conclusions else "skipped"
