"""One look: what is asked, the verdicts, the findings; live or over saved facts."""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from whatsrunning.app.factory import recorded_engines, sources, surroundings
from whatsrunning.app.replay import completable, judge_saved
from whatsrunning.app.request import Request, about, engines_of, live_scope
from whatsrunning.app.select import check_names, narrowed
from whatsrunning.checks.findings import findings
from whatsrunning.config.options import Options
from whatsrunning.facts.answers import Answer
from whatsrunning.facts.ports import Deadline
from whatsrunning.facts.query import Query
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, FactStore, Snapshot
from whatsrunning.gather.gather import Gathered, gather
from whatsrunning.report.report import Report
from whatsrunning.verdicts.report import judge

OnWaiting = Callable[[frozenset[str]], None]


@dataclass(frozen=True, slots=True)
class LookResult:
    """What a look found: the report, the facts to save, and faults of ours on the way."""

    report: Report
    snapshot: Snapshot
    faults: tuple[str, ...] = ()


def look(
    request: Request,
    options: Options,
    now: datetime,
    waiting: OnWaiting,
    known: Mapping[Query[Any], Answer[Any]] | None = None,
    began: float | None = None,
) -> LookResult:
    """Ask or replay, and judge; `known` is not asked. Raises Refused for what is wrongly named.

    The deadline counts from `began` (monotonic), or from now.
    """
    if request.replay is not None:
        return _replayed(request, request.replay, options, waiting)
    deadline = Deadline((began or time.monotonic()) + options.timeout.value)
    around = surroundings(options, deadline)
    engines = engines_of(options, around)
    scope = live_scope(request, options, around, engines)
    asked = sources(options, around, engines, deadline)
    return _judged(scope, now, gather(asked, deadline, _judge(scope, now), known, waiting))


def _replayed(
    request: Request, saved: Snapshot, options: Options, waiting: OnWaiting
) -> LookResult:
    scope = about(saved.scope, request, options)
    if not request.flags.resolve:
        answers, report = judge_saved(saved, _judge(scope, saved.taken_at))
        return _judged(scope, saved.taken_at, Gathered(answers, report))
    deadline = Deadline.after(options.timeout.value)
    around = surroundings(options, deadline)
    scope = replace(scope, github_token=around.has_token, offline=options.flags.offline)
    live = sources(options, around, (), deadline)
    asked = replace(live, engines=recorded_engines(scope.targets))
    judge = _judge(scope, saved.taken_at)
    found = gather(asked, deadline, judge, known=completable(saved), on_waiting=waiting)
    return _judged(scope, saved.taken_at, found)


def _judge(scope: Scope, now: datetime) -> Callable[[FactStore], Report]:
    return lambda facts: judge(facts, scope, now)


def _judged(scope: Scope, now: datetime, found: Gathered[Report]) -> LookResult:
    """The report, with its findings. Raises Refused for names that lead to nothing."""
    facts, plain = FactStore(found.answers, last=True), replace(scope, save=False)
    # What --save asked besides must not show: the answer is the same with it and without it.
    report = judge(facts, plain, now) if scope.save else found.judgement
    case = Case(facts, plain)
    check_names(report, case)
    report = narrowed(report, case)
    report = replace(report, findings=findings(report, plain, now))
    return LookResult(report, Snapshot(now, plain, found.answers), found.faults)
