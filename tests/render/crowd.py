"""A fleet that is too big for one message."""

from dataclasses import replace

from tests.reports import NOW, SAMPLES
from tests.reports.parts import PROD, container
from whatsrunning.report.report import Report


def crowd(count: int) -> Report:
    """A fleet too big for a message, the bad ones in its middle."""
    listed = tuple(container(f"svc-{n}-1", f"svc-{n}", minutes=n + 1) for n in range(count))
    findings = tuple(
        replace(SAMPLES["ps"].findings[1], container=f"svc-{n}-1", service=f"svc-{n}")
        for n in (count // 2, count // 2 + 1)
    )
    return Report("ps", NOW, True, (PROD,), listed, findings)
