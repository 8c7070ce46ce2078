"""The verdicts of one look, from the ground up: facts and the time in, the Report out. Pure."""

from dataclasses import replace
from datetime import datetime

from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, FactStore, Offline
from whatsrunning.names.service import address
from whatsrunning.report.report import Report
from whatsrunning.verdicts.commands.diff import timelines
from whatsrunning.verdicts.commands.has import has
from whatsrunning.verdicts.commands.newest_change import newest_change
from whatsrunning.verdicts.commands.rollback.plan import plan
from whatsrunning.verdicts.completeness import is_complete, problems
from whatsrunning.verdicts.containers import containers, label_problems
from whatsrunning.verdicts.inventory.engines import engines
from whatsrunning.verdicts.past.periods import run_history
from whatsrunning.verdicts.swarm import swarms, worker_problems


def judge(facts: FactStore, scope: Scope, now: datetime) -> Report:
    """The verdicts of one look; `now` is UTC. What was not asked yet is in `facts.missing`."""
    case = Case(Offline(facts) if scope.offline else facts, scope)
    if scope.save:  # then any command can be answered from it
        _ask_for_every_command(case, now)
    report = _look(case, now)
    return replace(report, complete=is_complete(report), problems=problems(case, report))


def _look(case: Case, now: datetime) -> Report:
    """Everything that the command says; whether that is complete is judged at the end."""
    command, judged = case.scope.command, containers(case)
    shows_containers = command in ("ps", "show")
    dated = command == "history" or (command == "ps" and case.scope.since is not None)
    return Report(
        command=command,
        taken_at=now,
        complete=False,
        engines=engines(case),
        containers=judged,
        problems=(*label_problems(case), *(worker_problems(case) if shows_containers else ())),
        swarms=swarms(case, judged) if shows_containers else (),
        change=newest_change(case, judged) if command == "ps" else None,
        timelines=timelines(case, judged) if command == "diff" else (),
        has=has(case, judged) if command == "has" else None,
        history=run_history(case, judged, now) if dated else None,
        rollback=plan(case, judged) if command == "rollback-plan" else None,
        asked_repository=case.scope.project,
    )


def _ask_for_every_command(case: Case, now: datetime) -> None:
    for command in ("ps", "diff", "history"):
        _look(_narrowed(case, command), now)
    judged = containers(_narrowed(case, "ps"))
    for service in {address(c.project, c.service) for c in judged if c.managed}:
        _look(_narrowed(case, "rollback-plan", service), now)


def _narrowed(case: Case, command: str, *services: str) -> Case:
    return replace(case, scope=replace(case.scope, command=command, services=services, argument=""))
