"""How a service is called where two projects have one of the same name."""

from collections import Counter
from typing import Protocol

from whatsrunning.names.service import address
from whatsrunning.report.report import Report


class OfService(Protocol):
    """What belongs to a service: a container, a finding."""

    @property
    def project(self) -> str:
        """Compose's project, or Swarm's stack; empty for none."""
        ...

    @property
    def service(self) -> str:
        """The service's own name."""
        ...


def shared_names(report: Report) -> frozenset[str]:
    """Names of services that managed containers of several projects have, on whatever engines."""
    managed = {(c.service, c.project) for c in report.containers if c.managed}
    services = managed | {(one.service, one.project) for one in report.gone}
    counts = Counter(service for service, _ in services)
    return frozenset(service for service, count in counts.items() if count > 1)


def told_apart(of: OfService, shared: frozenset[str]) -> str:
    """The service, with its project before it where another project has one of that name."""
    return address(of.project, of.service) if of.service in shared else of.service
