"""The verdict of everything that ran, at an instant known only within an error. Pure."""

from dataclasses import replace
from datetime import UTC, datetime

from whatsrunning.facts.records import CiFacts
from whatsrunning.report.container import Ci
from whatsrunning.verdicts.ci.attempts import Gates, by_gate
from whatsrunning.verdicts.ci.deploy_time import Instants
from whatsrunning.verdicts.ci.gates import TREE_EVENTS, Rules, chosen, missing
from whatsrunning.verdicts.ci.table import FAILED, judge

# Re-creating the same digest never improves a verdict: the one further left stays.
_WORST_FIRST = ("red", "pending", "raced", "no-run", "no-verdict", "unknown", "green")


def at_deploy(runs: CiFacts, rules: Rules, at: Instants) -> Ci:
    """CI at deploy, judged by the gates that the rules name."""
    if rules.required and not _required_ran(runs, rules):
        # Required before the merge, they do not run here: a red push must still be seen.
        without = replace(rules, required=())
        ci = at_deploy(runs, without, at)
        return _because(ci, "no required check runs here") if ci.gates else ci
    ci = _worst(runs, rules, at)
    return _because(ci, "required checks as of today") if rules.required else ci


def unfinished_jobs(ci: Ci, runs: CiFacts, at: Instants) -> bool:
    """Whether a job, which could be the deploy itself, is among what was unfinished."""
    urls = {gate.url for gate in ci.gates if gate.finished_at is None or gate.finished_at > at.at}
    return any(check.kind == "job" and check.url in urls for check in runs.checks)


def _worst(runs: CiFacts, rules: Rules, at: Instants) -> Ci:
    now = _steady(runs, rules, at)
    if at.first is None or at.first >= at.at:
        return now
    then = _steady(runs, rules, replace(at, at=at.first, first=None))
    if _WORST_FIRST.index(then.at_deploy) >= _WORST_FIRST.index(now.at_deploy):
        return now
    return _because(then, f"first deployed at {at.first.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}")


def _steady(runs: CiFacts, rules: Rules, at: Instants) -> Ci:
    """The verdict, if it is the same from the earliest to the latest instant it can have been."""
    early, likely, late = (_once(runs, rules, instant) for instant in at.span)
    if early.at_deploy == likely.at_deploy == late.at_deploy:
        return likely
    seconds = round(at.error.total_seconds(), 1)
    return Ci(
        "unknown",
        reason=f"CI and the deploy are closer than the clocks can tell ({seconds:g} s)",
        gates=likely.gates,
    )


def _once(runs: CiFacts, rules: Rules, at: datetime) -> Ci:
    own = by_gate(chosen(rules, runs.checks))
    ci = judge(own, at, missing(rules, runs.checks))
    if ci.at_deploy not in ("no-run", "no-verdict") or not runs.same_tree:
        return ci
    others = tuple(check for checks in runs.same_tree.values() for check in checks)
    tree = by_gate(chosen(rules, others, TREE_EVENTS))
    both = {**tree, **{name: tries for name, tries in own.items() if _ran(own, name)}}
    same = judge(both, at, missing(rules, (*runs.checks, *others)))
    return replace(same, via="same-tree") if same.gates and tree else ci


def _ran(gates: Gates, name: str) -> bool:
    said = {check.conclusion for check in gates[name]}
    return bool(said & (FAILED | {"success", ""}))


def _required_ran(runs: CiFacts, rules: Rules) -> bool:
    others = (check for checks in runs.same_tree.values() for check in checks)
    return bool(chosen(rules, runs.checks) or chosen(rules, others, TREE_EVENTS))


def _because(ci: Ci, reason: str) -> Ci:
    return replace(ci, reason=f"{ci.reason}; {reason}" if ci.reason else reason)
