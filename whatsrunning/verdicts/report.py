"""The verdicts of one look, from the ground up: facts and the time in, the Report out. Pure."""

from dataclasses import replace
from datetime import datetime

from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.report.report import Report
from whatsrunning.verdicts.commands.diff import timelines
from whatsrunning.verdicts.commands.has import has
from whatsrunning.verdicts.commands.newest_change import newest_change
from whatsrunning.verdicts.commands.rollback.plan import plan
from whatsrunning.verdicts.completeness import is_answered, is_complete, problems
from whatsrunning.verdicts.containers import containers, notes
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.offline import Offline
from whatsrunning.verdicts.past.periods import run_history
from whatsrunning.verdicts.swarm import with_swarms


def judge(facts: FactStore, scope: Scope, now: datetime) -> Report:
    """The verdicts of one look; `now` is UTC. What was not asked yet collects in `facts.missing`.

    A look that is saved asks what every command would ask about every container.
    """
    case = Case(Offline(facts) if scope.offline else facts, scope)
    if scope.save:
        _save(case, now)
    report = _look(case, now)
    complete = report.complete and is_answered(report)
    return replace(report, complete=complete, problems=problems(case, report))


def _look(case: Case, now: datetime) -> Report:
    machines, chains = engines(case), containers(case)
    report = Report(
        command=case.scope.command,
        taken_at=now,
        complete=is_complete(machines, chains),
        engines=machines,
        containers=chains,
        problems=notes(case),
    )
    if case.scope.command in ("ps", "show"):
        report = with_swarms(case, report)
    match case.scope.command:
        case "ps":
            window = run_history(case, chains, now) if case.scope.since else None
            return replace(report, change=newest_change(case, chains), history=window)
        case "diff":
            return replace(report, timelines=timelines(case, chains))
        case "has":
            return replace(report, has=has(case, chains))
        case "history":
            return replace(report, history=run_history(case, chains, now))
        case "rollback-plan":
            return replace(report, rollback=plan(case, chains))
        case _:
            return report


def _save(case: Case, now: datetime) -> None:
    """Look up what every command that a saved look can replay would look up."""
    for command in ("ps", "diff", "history"):
        _look(_narrowed(case, command), now)
    every = containers(_narrowed(case, "ps"))
    for service in {container.service for container in every if container.managed}:
        _look(_narrowed(case, "rollback-plan", service), now)


def _narrowed(case: Case, command: str, *services: str) -> Case:
    return replace(case, scope=replace(case.scope, command=command, services=services, argument=""))
