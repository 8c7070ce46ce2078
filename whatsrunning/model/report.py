"""The verdicts of one look, shaped as the JSON contract (DESIGN section 6)."""

from dataclasses import dataclass, field
from datetime import datetime

from whatsrunning.model.answers import Problem
from whatsrunning.model.commands import (
    BuiltTag,
    Candidate,
    Concern,
    Entry,
    Has,
    History,
    Live,
    RollbackPlan,
    RunningOn,
    Spell,
    Timeline,
)
from whatsrunning.model.container import (
    Built,
    Change,
    Ci,
    CiVerdict,
    Claim,
    ClaimedBy,
    Commit,
    Container,
    DeployedAt,
    Engine,
    Finding,
    Gate,
    IdentifiedBy,
    Image,
    Position,
    Previous,
    Proof,
    ProofStatus,
    PullRequest,
    Revision,
    Severity,
    Waiting,
)
from whatsrunning.model.swarms import Swarm, SwarmNode, SwarmService, SwarmTask, SwarmUpdate

__all__ = [
    "Built",
    "BuiltTag",
    "Candidate",
    "Change",
    "Ci",
    "CiVerdict",
    "Claim",
    "ClaimedBy",
    "Commit",
    "Concern",
    "Container",
    "DeployedAt",
    "Engine",
    "Entry",
    "Finding",
    "Gate",
    "Has",
    "History",
    "IdentifiedBy",
    "Image",
    "Live",
    "Position",
    "Previous",
    "Proof",
    "ProofStatus",
    "PullRequest",
    "Report",
    "Revision",
    "RollbackPlan",
    "RunningOn",
    "Severity",
    "Spell",
    "Swarm",
    "SwarmNode",
    "SwarmService",
    "SwarmTask",
    "SwarmUpdate",
    "Timeline",
    "Waiting",
]


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
    change: Change | None = None
    timelines: tuple[Timeline, ...] = ()
    has: Has | None = None
    history: History | None = None
    rollback: RollbackPlan | None = None
    swarms: tuple[Swarm, ...] = ()
    replay: bool = field(default=False)
