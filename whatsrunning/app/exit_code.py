"""The exit code of a look that was shown; nobody else decides it."""

from whatsrunning.errors import Exit
from whatsrunning.facts.answers import Unknown
from whatsrunning.report.commands import Has
from whatsrunning.report.report import Report


def decide(report: Report, *, check: bool, faults: bool = False) -> Exit:
    """The exit code of a look that was shown."""
    if faults:
        return Exit.FAULT
    if report.engines and all(engine.status == "unreachable" for engine in report.engines):
        return Exit.NO_ENGINE
    if report.command == "has":
        return _has(report.has, report.complete)
    if check:
        return _check(report)
    return Exit.OK


def _has(has: Has | None, complete: bool) -> Exit:
    if has is None:
        return Exit.UNVOUCHED
    # What was taken back since is in there, and yet no longer in force.
    if any(not live.reverted_by for live in has.live):
        return Exit.OK
    answered = complete and not has.unknown_at and not isinstance(has.resolved, Unknown)
    return Exit.NO if answered else Exit.UNVOUCHED


def _check(report: Report) -> Exit:
    if any(finding.severity != "info" for finding in report.findings):
        return Exit.NO
    return Exit.OK if report.complete else Exit.UNVOUCHED
