"""The table of CI verdicts (DESIGN section 5): gates and an instant in, a verdict out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from whatsrunning.model.report import Ci, Gate
from whatsrunning.reconcile.ci.attempts import Attempt, Gates

FAILED = frozenset({"failure", "timed_out", "startup_failure", "action_required", "error"})
QUIET = frozenset({"skipped", "neutral"})


def judge(gates: Gates, at: datetime, missing: Sequence[str] = ()) -> Ci:
    """CI at `at`. `missing` names configured gates without any attempt."""
    counted, late = _counted(gates, at)
    if not counted:
        return Ci("no-run", reason=_missing(missing))
    said = _outcome(counted)
    shown = tuple(_gate(name, attempt) for name, attempt in counted.items())
    ends = [gate.finished_at for gate in shown if gate.finished_at]
    end = max(ends) if len(ends) == len(shown) else None
    if any(a.finished_by(at) and a.check.conclusion in FAILED for a in counted.values()):
        return Ci("red", "failure", end, gates=shown)
    if all(a.finished_by(at) for a in counted.values()):
        return _settled(said, end, shown, missing)
    reason = "CI began only after the deploy" if late else ""
    if any(a.finished is None for a in counted.values()):
        return Ci(
            "pending", "failure" if said == "failure" else "", None, reason=reason, gates=shown
        )
    return Ci("raced", said, end, reason=reason, gates=shown)


def _settled(
    said: str, end: datetime | None, shown: tuple[Gate, ...], missing: Sequence[str]
) -> Ci:
    if missing:
        return Ci("no-run", said, end, reason=_missing(missing), gates=shown)
    if said == "success":
        return Ci("green", said, end, gates=shown)
    return Ci("no-verdict", said, end, gates=shown)


def _counted(gates: Gates, at: datetime) -> tuple[Mapping[str, Attempt], bool]:
    """Each gate's latest attempt created by then; where no gate had one, the first that came."""
    counted = {
        name: tries[-1]
        for name, every in gates.items()
        if (tries := [attempt for attempt in every if attempt.created <= at])
    }
    if counted:
        return counted, False
    return {name: every[0] for name, every in gates.items() if every}, True


def _outcome(counted: Mapping[str, Attempt]) -> str:
    """How it ended, in GitHub's words: failure, then cancelled, then success, then skipped."""
    said = {attempt.check.conclusion for attempt in counted.values()}
    if said & FAILED:
        return "failure"
    if said - QUIET - {"success"}:
        return "cancelled"
    return "success" if "success" in said else "skipped"


def _gate(name: str, attempt: Attempt) -> Gate:
    return Gate(name, attempt.check.conclusion, attempt.finished, attempt.check.url)


def _missing(names: Sequence[str]) -> str:
    return f"no run of {', '.join(names)}" if names else ""
