"""One look: what is asked, the verdicts, the findings; live or over saved facts."""

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime

from whatsrunning.app.opening import (
    Surroundings,
    recorded_engines,
    sources,
    surroundings,
)
from whatsrunning.app.replay import completable, judge_saved
from whatsrunning.app.request import Request, about, engines_of, live_scope
from whatsrunning.checks import findings
from whatsrunning.gather import Look, Sources, gather
from whatsrunning.model.report import Report
from whatsrunning.model.scope import Scope, Snapshot
from whatsrunning.options import Options
from whatsrunning.ports import Deadline
from whatsrunning.questions import Facts
from whatsrunning.reconcile import reconcile

Waiting = Callable[[frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class Looked:
    """What a look found: the report, the facts to save, and faults of ours on the way."""

    report: Report
    snapshot: Snapshot
    faults: tuple[str, ...] = ()


def look(request: Request, options: Options, now: datetime, waiting: Waiting) -> Looked:
    """Ask or replay, and judge. Raises Refused before anything is asked."""
    deadline = Deadline.after(options.timeout.value)
    around = surroundings(options, deadline)
    if request.replay is None:
        engines = engines_of(options, around)
        scope = live_scope(request, options, around, engines)
        asked = sources(options, around, engines, deadline)
        return _judged(scope, now, gather(asked, deadline, _judge(scope, now), waiting=waiting))
    return _replayed(request, request.replay, options, around, deadline, waiting)


def _replayed(
    request: Request,
    saved: Snapshot,
    options: Options,
    around: Surroundings,
    deadline: Deadline,
    waiting: Waiting,
) -> Looked:
    scope = about(saved.scope, request, options)
    judge = _judge(scope, saved.taken_at)
    if not request.flags.resolve:
        answers, report = judge_saved(saved, judge)
        return _judged(scope, saved.taken_at, Look(answers, report))
    scope = replace(scope, forge_token=around.has_token, offline=options.flags.offline)
    asked = _without_engines(sources(options, around, (), deadline), scope)
    judge = _judge(scope, saved.taken_at)
    found = gather(asked, deadline, judge, known=completable(saved), waiting=waiting)
    return _judged(scope, saved.taken_at, found)


def _without_engines(asked: Sources, scope: Scope) -> Sources:
    return replace(asked, engines=recorded_engines(scope.targets))


def _judge(scope: Scope, now: datetime) -> Callable[[Facts], Report]:
    return lambda facts: reconcile(facts, scope, now)


def _judged(scope: Scope, now: datetime, found: Look[Report]) -> Looked:
    report = found.judgement
    report = replace(report, findings=findings(report, scope, now))
    return Looked(report, Snapshot(now, scope, dict(found.answers)), found.faults)
