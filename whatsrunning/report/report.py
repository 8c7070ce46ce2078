"""The verdicts of one look."""

from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from datetime import datetime

from whatsrunning import names
from whatsrunning.facts.answers import Problem
from whatsrunning.report.commands import Gone, Has, History, RollbackPlan, Timeline
from whatsrunning.report.container import NOT_MANAGED, Container, Engine, Finding, NewestChange
from whatsrunning.report.swarm import Swarm

LOOKED_AT = frozenset(
    {
        "no-such-commit",
        "no-revision",
        "label-not-a-sha",
        "copied-label",
        "swarm-worker",
        NOT_MANAGED.code,
    }
)
"""Codes of problems for which everybody was asked and answered: the look is not the worse for it.

Nobody has such a commit; nothing names a revision; a label says something else; a Swarm's worker
does not know services; of an unmanaged container nobody wants to know. Of all others something is
unknown because it could not be looked at.
"""


@dataclass(frozen=True, slots=True)
class Report:
    """Everything one command says; commands fill what is theirs.

    Of a saved look `replayed_at` is when it was read again; `demo`: the look that comes along.
    `asked_repository` is the OWNER/NAME that `-R` named, else empty.
    """

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
    gone: tuple[Gone, ...] = ()
    replayed_at: datetime | None = None
    demo: bool = False
    asked_repository: str = ""

    @property
    def judged(self) -> tuple[Container, ...]:
        """Managed containers that serve; of `show` whatever was asked for."""
        managed = (container for container in self.containers if container.managed)
        return tuple(c for c in managed if c.serves or self.command == "show")

    @property
    def asked_in_vain(self) -> bool:
        """Whether nothing here comes from the repository that was asked for, as far as was told."""
        if not self.asked_repository:
            return False
        answers = [container.repository for container in self.containers]
        come = (names.same_repository(a.value_or(""), self.asked_repository) for a in answers)
        problems = filter(None, (answer.problem for answer in answers))
        return not any(come) and all(problem.code == NOT_MANAGED.code for problem in problems)


def problems_in(value: object) -> Iterator[Problem]:
    """Every problem inside a report or a part of one, as often as it is referred to."""
    if isinstance(value, str):
        return  # most of a report, and not worth a closer look
    if isinstance(value, Problem):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from problems_in(part)
    elif is_dataclass(value):
        for field in fields(value):
            yield from problems_in(getattr(value, field.name))
