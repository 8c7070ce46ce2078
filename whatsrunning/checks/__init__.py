"""The table of checks: what the on-call should know, each a pure function of the report."""

from datetime import datetime

from whatsrunning.model.report import Finding, Report
from whatsrunning.model.scope import Scope


def findings(report: Report, scope: Scope, now: datetime) -> tuple[Finding, ...]:
    """Every finding, worst first."""
    return ()
