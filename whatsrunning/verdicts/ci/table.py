"""The table of CI verdicts: attempts of gates and an instant in, a verdict out. Pure."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import datetime
from typing import TypeAlias

from whatsrunning.facts.github import CheckFacts
from whatsrunning.report.container import FAILED_CONCLUSIONS, Ci, Gate

Gates: TypeAlias = Mapping[str, tuple[CheckFacts, ...]]
"""Attempts by the gate's shown name, each gate's oldest first."""

_QUIET = frozenset({"skipped", "neutral"})


def by_gate(checks: Iterable[CheckFacts]) -> Gates:
    """Attempts at the same gate together: the same job of a workflow, check of an app, context."""
    # A run that is started again keeps its ID, and counts its attempts:
    # https://docs.github.com/en/actions/reference/workflows-and-actions/contexts#github-context
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
    began = {name: [c for c in every if c.created_at <= at] for name, every in gates.items()}
    # Each gate's latest attempt created by then; where no gate had one, the first that came.
    counted = {name: attempts[-1] for name, attempts in began.items() if attempts}
    late = "" if counted else "CI began only after the deploy"
    counted = counted or {name: every[0] for name, every in gates.items()}
    if not counted:
        return no_run
    ci = _at_the_end(counted)
    done = [gate for gate in ci.gates if gate.finished_at and gate.finished_at <= at]
    if any(gate.conclusion in FAILED_CONCLUSIONS for gate in done):
        return replace(ci, at_deploy="red")
    if len(done) == len(counted):
        return replace(ci, at_deploy="no-run", reason=no_run.reason) if missing else ci
    if ci.finished_at:
        return replace(ci, at_deploy="raced", reason=late)
    already = "failure" if ci.outcome == "failure" else ""
    return replace(ci, at_deploy="pending", outcome=already, reason=late)


def _at_the_end(counted: Mapping[str, CheckFacts]) -> Ci:
    """The verdict once all have finished: green if all passed that had to, and one really ran."""
    gates = tuple(Gate(n, c.conclusion, _finished(c), c.url) for n, c in counted.items())
    ends = [gate.finished_at for gate in gates if gate.finished_at]
    end = max(ends) if len(ends) == len(gates) else None
    outcome = _outcome({gate.conclusion for gate in gates})
    return Ci("green" if outcome == "success" else "no-verdict", outcome, end, gates=gates)


def _finished(check: CheckFacts) -> datetime | None:
    """When an attempt ended; a conclusion without a time counts from its creation."""
    return (check.finished_at or check.created_at) if check.conclusion else None


def _outcome(conclusions: Set[str]) -> str:
    """How it ended, in GitHub's words: failure, then cancelled, then success, then skipped."""
    if conclusions & FAILED_CONCLUSIONS:
        return "failure"
    if conclusions - _QUIET - {"success"}:
        return "cancelled"
    return "success" if "success" in conclusions else "skipped"
