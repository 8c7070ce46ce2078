"""CI at deploy: what ran, at an instant known only within an error, by the table of verdicts."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence, Set
from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain
from typing import TypeAlias

from whatsrunning.facts.github import CheckFacts, CiFacts
from whatsrunning.report.container import FAILED_CONCLUSIONS, Ci, Gate
from whatsrunning.verdicts.ci.deploy_time import Instants
from whatsrunning.verdicts.ci.gates import TREE_EVENTS, Rules

Gates: TypeAlias = Mapping[str, tuple[CheckFacts, ...]]
"""Attempts by the gate's shown name, each gate's oldest first."""
_QUIET = frozenset({"skipped", "neutral"})
# Re-creating the same digest never improves a verdict: the one further left stays.
_WORST_FIRST = ("red", "pending", "raced", "no-run", "no-verdict", "unknown", "green")
_RAN = FAILED_CONCLUSIONS | {"success", ""}


def at_deploy(runs: CiFacts, rules: Rules, at: Instants) -> Ci:
    """CI at deploy, judged by the gates that the rules name."""
    ran = rules.chosen(runs.checks) or rules.chosen(chain(*runs.same_tree.values()), TREE_EVENTS)
    if rules.required and not ran:
        # Required before the merge, they do not run here: a red push must still be seen.
        ci = _worst(runs, replace(rules, required=()), at)
        return _because(ci, "no required check runs here") if ci.gates else ci
    ci = _worst(runs, rules, at)
    return _because(ci, "required checks as of today") if rules.required else ci


def _worst(runs: CiFacts, rules: Rules, at: Instants) -> Ci:
    now = _steady(runs, rules, at)
    if at.first is None or at.first >= at.at:
        return now
    first = _steady(runs, rules, replace(at, at=at.first, first=None))
    first = _because(first, f"first deployed at {at.first.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")
    return min(now, first, key=lambda ci: _WORST_FIRST.index(ci.at_deploy))


def _steady(runs: CiFacts, rules: Rules, at: Instants) -> Ci:
    """The verdict, if it is the same from the earliest to the latest instant it can have been."""
    early, likely, late = (_once(runs, rules, instant) for instant in at.span)
    if early.at_deploy == likely.at_deploy == late.at_deploy:
        return likely
    seconds = round(at.error.total_seconds(), 1)
    reason = f"CI and the deploy are closer than the clocks can tell ({seconds:g} s)"
    return Ci("unknown", reason=reason, gates=likely.gates)


def _once(runs: CiFacts, rules: Rules, at: datetime) -> Ci:
    own, others = by_gate(rules.chosen(runs.checks)), [*chain(*runs.same_tree.values())]
    ci = judge(own, at, rules.missing(runs.checks))
    tree = by_gate(rules.chosen(others, TREE_EVENTS))
    if ci.at_deploy not in ("no-run", "no-verdict") or not tree:
        return ci
    ran = {name: every for name, every in own.items() if _RAN & {c.conclusion for c in every}}
    same = judge({**tree, **ran}, at, rules.missing((*runs.checks, *others)))
    return replace(same, via="same-tree")


def _because(ci: Ci, reason: str) -> Ci:
    return replace(ci, reason=f"{ci.reason}; {reason}" if ci.reason else reason)


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
    # A conclusion without a time counts from its creation.
    gates = tuple(
        Gate(name, c.conclusion, (c.finished_at or c.created_at) if c.conclusion else None, c.url)
        for name, c in counted.items()
    )
    ends = [gate.finished_at for gate in gates if gate.finished_at]
    end = max(ends) if len(ends) == len(gates) else None
    outcome = _outcome({gate.conclusion for gate in gates})
    return Ci("green" if outcome == "success" else "no-verdict", outcome, end, gates=gates)


def _outcome(conclusions: Set[str]) -> str:
    """How it ended, in GitHub's words: failure, then cancelled, then success, then skipped."""
    if conclusions & FAILED_CONCLUSIONS:
        return "failure"
    if conclusions - _QUIET - {"success"}:
        return "cancelled"
    return "success" if "success" in conclusions else "skipped"
