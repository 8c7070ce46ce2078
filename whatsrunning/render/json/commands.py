"""What single commands add to the JSON document (DESIGN section 6)."""

from collections.abc import Iterable

from whatsrunning.render.json.swarm import swarm
from whatsrunning.render.json.values import (
    Fields,
    answered,
    ci,
    instant,
    instant_or_null,
    pull_requests,
    revision,
)
from whatsrunning.report.commands import (
    BuiltTag,
    Candidate,
    Entry,
    Has,
    History,
    Live,
    RollbackPlan,
    Timeline,
)
from whatsrunning.report.container import NewestChange
from whatsrunning.report.report import Report


def command_fields(report: Report) -> Fields:
    """The keys that belong to the report's command."""
    match report.command:
        case "ps":
            change = _change(report.change) if report.change else None
            window = _window(report.history) if report.history else {}
            return {"newest_change": change, "swarms": _swarms(report), **window}
        case "show":
            return {"swarms": _swarms(report)}
        case "diff":
            return {"timelines": [_timeline(timeline) for timeline in report.timelines]}
        case "has" if report.has:
            return _has(report.has)
        case "history" if report.history:
            return _history(report.history)
        case "rollback-plan" if report.rollback:
            return _rollback(report.rollback)
    return {}


def _swarms(report: Report) -> list[Fields]:
    return [swarm(each) for each in report.swarms]


def _change(change: NewestChange) -> Fields:
    return {
        "service": change.service,
        "engine": change.engine,
        "at": instant(change.at),
        "from_sha": change.from_sha,
        "to_sha": change.to_sha,
        "pull_requests": answered(change.pull_requests, pull_requests),
    }


def _timeline(timeline: Timeline) -> Fields:
    return {
        "repository": timeline.repository,
        "services": list(timeline.services),
        "default_branch": timeline.default_branch,
        "entries": [_entry(entry) for entry in timeline.entries],
        "built_not_deployed": list(timeline.built_not_deployed),
        "merged_never_built": answered(timeline.merged_never_built, _items),
        "running_without_tag": list(timeline.running_without_tag),
    }


def _items(shas: Iterable[str]) -> Fields:
    return {"items": list(shas)}


def _entry(entry: Entry) -> Fields:
    return {
        "sha": entry.sha,
        "subject": entry.subject,
        "pull_requests": answered(entry.pull_requests, pull_requests),
        "committed_at": instant_or_null(entry.committed_at),
        "built": answered(entry.built, _tag),
        "latest": entry.latest,
        "running_on": [{"engine": on.engine, "container": on.container} for on in entry.running_on],
    }


def _tag(built: BuiltTag) -> Fields:
    return {"tag": built.tag, "digest": built.digest}


def _has(has: Has) -> Fields:
    return {
        "ref": has.ref,
        "resolved": answered(has.resolved, lambda shas: {"shas": list(shas)}),
        "live": [_live(live) for live in has.live],
        "not_live": [_live(live) for live in has.not_live],
        "unknown_at": [_unknown(live) for live in has.unknown_at],
    }


def _live(live: Live) -> Fields:
    return {
        "engine": live.engine,
        "service": live.service,
        "container": live.container,
        "sha": live.sha,
        "by": live.by,
        "reverted_by": live.reverted_by,
    }


def _unknown(live: Live) -> Fields:
    return {**_live(live), "problem": live.problem.id if live.problem else None}


def _history(history: History) -> Fields:
    entries = [
        {
            "service": spell.service,
            "engine": spell.engine,
            "sha": spell.sha,
            "from": instant(spell.since),
            "until": instant_or_null(spell.until),
            "evidence": spell.evidence,
        }
        for spell in history.entries
    ]
    return {
        "entries": entries,
        "covers_since": instant_or_null(history.covers_since),
        **_window(history),
    }


def _window(history: History) -> Fields:
    """What `--since` tells apart; null and empty without it."""
    return {
        "since": instant_or_null(history.since),
        "changed": list(history.changed),
        "restarted": list(history.restarted),
    }


def _rollback(plan: RollbackPlan) -> Fields:
    return {
        "service": plan.service,
        "running": answered(plan.running, revision),
        "candidates": [_candidate(candidate) for candidate in plan.candidates],
        "problem": plan.problem.id if plan.problem else None,
    }


def _candidate(candidate: Candidate) -> Fields:
    concerns = [{"code": c.code, "message": c.message} for c in candidate.concerns]
    return {
        "sha": candidate.sha,
        "digest": candidate.digest,
        "rank": candidate.rank,
        "recommended": candidate.recommended,
        "image": candidate.image,
        "ci": answered(candidate.ci, ci),
        "leaves": answered(candidate.leaves, pull_requests),
        "concerns": concerns,
        "change": candidate.change,
        "subject": candidate.subject,
    }
