"""What a check is, and what checks have in common."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from whatsrunning.report.container import Container, Severity
from whatsrunning.report.report import Report
from whatsrunning.report.services import OfService, shared_names, told_apart
from whatsrunning.report.swarm import SwarmService
from whatsrunning.text import one_line, short


@dataclass(frozen=True, slots=True)
class Hit:
    """One place where a check finds something; empty `hint` and `severity` are the check's own."""

    engine: str
    container: str
    service: str
    message: str
    hint: str = ""
    severity: Severity | None = None
    project: str = ""


@dataclass(frozen=True)
class CheckInput:
    """What checks read."""

    report: Report
    now: datetime

    @cached_property
    def shared(self) -> frozenset[str]:
        """Names of services that several projects have."""
        return shared_names(self.report)

    def service(self, of: OfService) -> str:
        """The service for a sentence, told apart from another project's of the same name."""
        return said_name(told_apart(of, self.shared))

    @property
    def serving(self) -> tuple[Container, ...]:
        """Managed containers that are meant to serve; of others nothing is found."""
        return tuple(c for c in self.report.containers if c.managed and c.serves)

    @property
    def services(self) -> tuple[tuple[str, SwarmService], ...]:
        """Managed Swarm services, each with the context of the manager that tells of it."""
        return tuple(
            (swarm.engine, service)
            for swarm in self.report.swarms
            for service in swarm.services.value_or(())
            if service.managed
        )


@dataclass(frozen=True, slots=True)
class Check:
    """A finding's code, how severe it is, how it is found, what it means, and what to do next."""

    code: str
    severity: Severity
    find: Callable[[CheckInput], Iterable[Hit]]
    meaning: str
    hint: str


def hit(container: Container, message: str, hint: str = "") -> Hit:
    """A hit at one container, the message beginning with its name."""
    sentence = f"{said_name(container.name)} {message}"
    about = (container.engine, container.name, container.service)
    return Hit(*about, sentence, hint, project=container.project)


def said_name(text: str) -> str:
    """A name from outside, safe and short enough for a sentence."""
    return one_line(text, 60)


def revision(container: Container) -> str:
    """The effective revision at 12 characters, else what stands for it in a sentence."""
    return short(container.sha) or "an unknown revision"


def claimed(container: Container) -> str:
    """The first claim at 12 characters."""
    claims = [claim for claim in container.claims if not claim.copied]
    return short(claims[0].sha) if claims else "no revision"


def listed(names: Iterable[str], most: int = 3) -> str:
    """Names in a sentence: the first few, and how many more."""
    safe = [said_name(name) for name in names]
    if len(safe) > most:
        return f"{', '.join(safe[:most])} and {len(safe) - most} more"
    return " and ".join(filter(None, (", ".join(safe[:-1]), *safe[-1:])))
