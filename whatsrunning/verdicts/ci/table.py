"""The table of CI verdicts (DESIGN section 5): gates and an instant in, a verdict out."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from whatsrunning.facts.records import CheckFacts
from whatsrunning.report.container import Ci, Gate
from whatsrunning.verdicts.ci.attempts import Gates, finished, finished_by

FAILED = frozenset({"failure", "timed_out", "startup_failure", "action_required", "error"})
QUIET = frozenset({"skipped", "neutral"})


def judge(gates: Gates, at: datetime, missing: Sequence[str] = ()) -> Ci:
    """CI at `at`. `missing` names configured gates without any attempt."""
    counted, late = _counted(gates, at)
    if not counted:
        return Ci("no-run", reason=_missing(missing))
    tries = tuple(counted.values())
    said = _outcome(tries)
    shown = tuple(_gate(name, check) for name, check in counted.items())
    ends = [gate.finished_at for gate in shown if gate.finished_at]
    end = max(ends) if len(ends) == len(shown) else None
    if any(finished_by(check, at) and check.conclusion in FAILED for check in tries):
        return Ci("red", "failure", end, gates=shown)
    if all(finished_by(check, at) for check in tries):
        return _settled(Ci("no-verdict", said, end, gates=shown), missing)
    reason = "CI began only after the deploy" if late else ""
    if end is None:
        already = "failure" if said == "failure" else ""
        return Ci("pending", already, reason=reason, gates=shown)
    return Ci("raced", said, end, reason=reason, gates=shown)


def _settled(ci: Ci, missing: Sequence[str]) -> Ci:
    """None red and none unfinished: green needs every gate passed, and one that really ran."""
    if missing:
        return Ci("no-run", ci.outcome, ci.finished_at, reason=_missing(missing), gates=ci.gates)
    if ci.outcome == "success":
        return Ci("green", ci.outcome, ci.finished_at, gates=ci.gates)
    return ci


def _counted(gates: Gates, at: datetime) -> tuple[Mapping[str, CheckFacts], bool]:
    """Each gate's latest attempt created by then; where no gate had one, the first that came."""
    counted = {
        name: tries[-1]
        for name, every in gates.items()
        if (tries := [check for check in every if check.created_at <= at])
    }
    if counted:
        return counted, False
    return {name: every[0] for name, every in gates.items()}, True


def _outcome(tries: Sequence[CheckFacts]) -> str:
    """How it ended, in GitHub's words: failure, then cancelled, then success, then skipped."""
    said = {check.conclusion for check in tries}
    if said & FAILED:
        return "failure"
    if said - QUIET - {"success"}:
        return "cancelled"
    return "success" if "success" in said else "skipped"


def _gate(name: str, check: CheckFacts) -> Gate:
    return Gate(name, check.conclusion, finished(check), check.url)


def _missing(names: Sequence[str]) -> str:
    return f"no run of {', '.join(names)}" if names else ""
