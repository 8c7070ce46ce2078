"""What a check is: its documentation, and how it finds."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TypeAlias

from whatsrunning.facts.answers import Found
from whatsrunning.facts.scope import Scope
from whatsrunning.report.container import Container, Severity
from whatsrunning.report.report import Report
from whatsrunning.report.swarm import SwarmService
from whatsrunning.text import one_line, short

SERVING = frozenset({"running", "restarting", "paused"})
"""States of a container that is meant to serve now."""


@dataclass(frozen=True, slots=True)
class CheckDoc:
    """A finding's code with its severity, what it means, and what to do next."""

    code: str
    severity: Severity
    meaning: str
    hint: str


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a check finds something; empty `hint` and `severity` are the check's own."""

    engine: str
    container: str
    service: str
    message: str
    hint: str = ""
    severity: Severity | None = None


@dataclass(frozen=True, slots=True)
class CheckInput:
    """What checks read."""

    report: Report
    scope: Scope
    now: datetime

    @property
    def serving(self) -> tuple[Container, ...]:
        """Containers of ours that are meant to serve; the others are nobody's trouble here."""
        return tuple(c for c in self.report.containers if c.managed and c.state in SERVING)

    @property
    def services(self) -> tuple[tuple[str, SwarmService], ...]:
        """Swarm services of ours, each with the context of the manager that tells of it."""
        return tuple(
            (swarm.engine, service)
            for swarm in self.report.swarms
            if isinstance(swarm.services, Found)
            for service in swarm.services.value
            if service.managed
        )


Check: TypeAlias = Callable[[CheckInput], Iterable[Hit]]


def hit(container: Container, message: str, hint: str = "") -> Hit:
    """A sign at one container, the message beginning with its name."""
    said = f"{said_name(container.name)} {message}"
    return Hit(container.engine, container.name, container.service, said, hint)


def said_name(text: str) -> str:
    """A name from outside, safe and short enough for a sentence."""
    return one_line(text, 60)


def revision(container: Container) -> str:
    """The effective revision at 12 characters, else what stands for it in a sentence."""
    if isinstance(container.revision, Found):
        return short(container.revision.value.sha)
    return "an unknown revision"


def claimed(container: Container) -> str:
    """The first claim at 12 characters."""
    return short(container.claims[0].sha) if container.claims else "no revision"


def listed(names: Iterable[str], most: int = 3) -> str:
    """Names in a sentence: the first few, and how many more."""
    known = [said_name(name) for name in names]
    if len(known) > most:
        return f"{', '.join(known[:most])} and {len(known) - most} more"
    if len(known) > 1:
        return f"{', '.join(known[:-1])} and {known[-1]}"
    return "".join(known)
