"""What the on-call should know: every check of the table, asked about one report."""

from datetime import datetime

from whatsrunning.checks.catalogue import CATALOGUE
from whatsrunning.checks.check import Check, CheckInput, Hit
from whatsrunning.report.container import Finding
from whatsrunning.report.report import Report

_ORDER = ("critical", "warning", "info")


def findings(report: Report, now: datetime) -> tuple[Finding, ...]:
    """Every finding, worst first, then in the table's order, then in the report's."""
    given = CheckInput(report, now)
    every = [_finding(check, hit) for check in CATALOGUE for hit in check.find(given)]
    return tuple(sorted(every, key=lambda finding: _ORDER.index(finding.severity)))


def _finding(check: Check, hit: Hit) -> Finding:
    return Finding(
        code=check.code,
        severity=hit.severity or check.severity,
        engine=hit.engine,
        container=hit.container,
        service=hit.service,
        message=hit.message,
        hint=hit.hint or check.hint,
        project=hit.project,
    )
