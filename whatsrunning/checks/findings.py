"""What the on-call should know: a table of checks, each a pure function of the report."""

from collections.abc import Mapping
from datetime import datetime

from whatsrunning.checks import ci, history, image, rollout, runtime
from whatsrunning.checks.catalogue import CATALOGUE
from whatsrunning.checks.check import Check, CheckDoc, CheckInput, Hit
from whatsrunning.facts.scope import Scope
from whatsrunning.report.container import Finding, Severity
from whatsrunning.report.report import Report

__all__ = ["CATALOGUE", "CHECKS", "CheckDoc", "findings"]

CHECKS: Mapping[str, Check] = {
    "nothing-running": runtime.nothing_running,
    "crash-looping": runtime.crash_looping,
    "unhealthy": runtime.unhealthy,
    "contradicted-label": image.contradicted_label,
    "built-outside-ci": image.built_outside_ci,
    "ci-red": ci.ci_red,
    "raced-then-red": ci.raced_then_red,
    "deployed-before-ci-finished": ci.deployed_before_ci_finished,
    "no-ci-run": ci.no_ci_run,
    "not-on-default-branch": history.not_on_default_branch,
    "reverted": history.reverted,
    "fix-waiting": history.fix_waiting,
    "update-paused": rollout.update_paused,
    "rolled-back": rollout.rolled_back,
    "replicas-missing": rollout.replicas_missing,
    "re-creation": rollout.re_creation,
    "split-revisions": history.split_revisions,
    "differs": image.differs,
    "never-pushed": image.never_pushed,
    "dirty-build": image.dirty_build,
    "update-running": rollout.update_running,
    "latest-moved": history.latest_moved,
    "running-without-tag": image.running_without_tag,
    "label-only": image.label_only,
    "local-image-gone": image.local_image_gone,
    "clock-skew": runtime.clock_skew,
    "stale-clone": history.stale_clone,
}
_RANK: Mapping[Severity, int] = {"critical": 0, "warning": 1, "info": 2}


def findings(report: Report, scope: Scope, now: datetime) -> tuple[Finding, ...]:
    """Every finding, worst first, then in the catalogue's order, then in the report's."""
    looked = CheckInput(report, scope, now)
    found = [_finding(doc, at) for doc in CATALOGUE for at in CHECKS[doc.code](looked)]
    return tuple(sorted(found, key=lambda finding: _RANK[finding.severity]))


def _finding(doc: CheckDoc, at: Hit) -> Finding:
    return Finding(
        code=doc.code,
        severity=at.severity or doc.severity,
        engine=at.engine,
        container=at.container,
        service=at.service,
        message=at.message,
        hint=at.hint or doc.hint,
    )
