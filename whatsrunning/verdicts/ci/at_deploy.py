"""The verdict of everything that ran, at an instant known only within an error. Pure."""

from dataclasses import replace
from datetime import UTC, datetime
from itertools import chain

from whatsrunning.facts.github import CiFacts
from whatsrunning.report.container import FAILED_CONCLUSIONS, Ci
from whatsrunning.verdicts.ci.deploy_time import Instants
from whatsrunning.verdicts.ci.gates import TREE_EVENTS, Rules
from whatsrunning.verdicts.ci.table import by_gate, judge

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
