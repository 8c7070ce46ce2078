"""Pure: the facts of one look and the time -> the Report (DESIGN sections 1, 2, 4, 5 and 6)."""

from dataclasses import replace
from datetime import datetime

from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.report.report import Report
from whatsrunning.verdicts.commands.diff import timelines
from whatsrunning.verdicts.commands.has import has
from whatsrunning.verdicts.commands.newest_change import newest_change
from whatsrunning.verdicts.commands.rollback.plan import plan
from whatsrunning.verdicts.completeness import is_answered, is_complete, problems
from whatsrunning.verdicts.containers import containers, notes
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.offline import as_allowed
from whatsrunning.verdicts.past.periods import run_history
from whatsrunning.verdicts.swarm import with_swarms


def reconcile(facts: FactStore, scope: Scope, now: datetime) -> Report:
    """The verdicts of one look; `now` is UTC. What was not asked yet collects in `facts.missing`.

    A look that is saved asks what every command would ask about every container.
    """
    allowed = as_allowed(facts, scope)
    if scope.save:
        _save(allowed, scope, now)
    report = _look(allowed, scope, now)
    complete = report.complete and is_answered(report)
    return replace(report, complete=complete, problems=problems(facts, report))


def _look(facts: FactStore, scope: Scope, now: datetime) -> Report:
    machines, chains = engines(facts, scope), containers(facts, scope)
    report = Report(
        command=scope.command,
        taken_at=now,
        complete=is_complete(machines, chains),
        engines=machines,
        containers=chains,
        problems=notes(facts, scope),
    )
    if scope.command in ("ps", "show"):
        report = with_swarms(facts, scope, report)
    match scope.command:
        case "ps":
            window = run_history(facts, scope, chains, now) if scope.since else None
            return replace(report, change=newest_change(facts, scope, chains), history=window)
        case "diff":
            return replace(report, timelines=timelines(facts, scope, chains))
        case "has":
            return replace(report, has=has(facts, scope, chains))
        case "history":
            return replace(report, history=run_history(facts, scope, chains, now))
        case "rollback-plan":
            return replace(report, rollback=plan(facts, scope, chains))
        case _:
            return report


def _save(facts: FactStore, scope: Scope, now: datetime) -> None:
    """Look up what every command that a saved look can replay would look up."""
    everything = replace(scope, services=(), argument="")
    for command in ("ps", "diff", "history"):
        _look(facts, replace(everything, command=command), now)
    for service in {one.service for one in containers(facts, everything) if one.managed}:
        _look(facts, replace(everything, command="rollback-plan", services=(service,)), now)
