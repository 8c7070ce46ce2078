"""The verdicts of one look, shaped as the JSON contract (DESIGN section 6)."""

from dataclasses import dataclass, field
from datetime import datetime

from whatsrunning.facts.answers import Problem
from whatsrunning.report.commands import Has, History, RollbackPlan, Timeline
from whatsrunning.report.container import Container, Engine, Finding, NewestChange
from whatsrunning.report.swarm import Swarm


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one command says; commands fill what is theirs."""

    command: str
    taken_at: datetime
    complete: bool
    engines: tuple[Engine, ...]
    containers: tuple[Container, ...]
    findings: tuple[Finding, ...] = ()
    problems: tuple[Problem, ...] = ()
    change: NewestChange | None = None
    timelines: tuple[Timeline, ...] = ()
    has: Has | None = None
    history: History | None = None
    rollback: RollbackPlan | None = None
    swarms: tuple[Swarm, ...] = ()
    replay: bool = field(default=False)
