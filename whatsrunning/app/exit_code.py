"""The exit code of a look that was shown; nobody else decides it."""

from whatsrunning.errors import Exit
from whatsrunning.report.commands import Has
from whatsrunning.report.report import Report


def decide(report: Report, *, check: bool, faults: bool = False) -> Exit:
    """The exit code of a look that was shown; `check` is --check, `faults` are ours."""
    if faults:
        return Exit.FAULT
    if report.engines and all(engine.status == "unreachable" for engine in report.engines):
        return Exit.NO_ENGINE
    if report.command == "has":
        return _of_has(report.has, vouched=report.complete and bool(report.judged))
    if check and any(finding.severity != "info" for finding in report.findings):
        return Exit.NO
    vouched = report.complete and report.judged and not report.asked_in_vain
    return Exit.UNVOUCHED if check and not vouched else Exit.OK


def _of_has(has: Has | None, *, vouched: bool) -> Exit:
    if has is None:
        return Exit.UNVOUCHED
    # What was reverted since is in there, and yet no longer in force.
    if any(not live.reverted_by for live in has.live):
        return Exit.OK
    answered = vouched and not has.unknown_at and not has.resolved.problem
    return Exit.NO if answered else Exit.UNVOUCHED
