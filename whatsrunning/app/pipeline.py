"""One look: what is asked, the verdicts, the findings; live or over saved facts."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import datetime

from whatsrunning.app import factory
from whatsrunning.app.replay import completable, judge_saved
from whatsrunning.app.select import check_names
from whatsrunning.checks.findings import findings
from whatsrunning.config.options import Flags, Options
from whatsrunning.contexts.resolve import ResolvedContext, engines_of
from whatsrunning.facts.query import Answers, Deadline
from whatsrunning.facts.scope import Scope, Target
from whatsrunning.facts.store import Case, FactStore, Snapshot
from whatsrunning.gather.gather import Gathered, gather
from whatsrunning.report.report import Report
from whatsrunning.terminal.spinner import OnWaiting
from whatsrunning.verdicts.report import judge

_ONE_ARGUMENT = frozenset({"show", "has", "rollback-plan"})
"""Commands with exactly one argument; those of the others are services."""


@dataclass(frozen=True, slots=True)
class Request:
    """A command, its arguments and flags; `replay` is a saved look to read, `demo` the packaged."""

    command: str
    arguments: tuple[str, ...]
    flags: Flags
    replay: Snapshot | None = None
    demo: bool = False


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
    on_waiting: OnWaiting = lambda _sources: None,
    known: Answers | None = None,
    began: float | None = None,
) -> LookResult:
    """Ask or replay, and judge; `known` is not asked. Raises Refused for what is wrongly named.

    `now` is the real clock, also for a replay, which is judged as of when it was taken. The
    deadline counts from `began` (monotonic), or from now.
    """
    if request.replay is not None:
        looked = _replayed(request, request.replay, options, on_waiting)
        # The demo is the same every day: its clock stands still.
        read_at = request.replay.taken_at if request.demo else now
        report = replace(looked.report, replayed_at=read_at, demo=request.demo)
        return replace(looked, report=report)
    deadline = Deadline((began or time.monotonic()) + options.timeout.value)
    engines = engines_of(options)
    github = factory.github_access(options, deadline)
    scope = live_scope(request, options, github, engines)
    opened = factory.sources(options, github, engines, deadline)
    gathered = gather(opened, deadline, _judge(scope, now), known, on_waiting)
    return _result(scope, now, gathered)


def _replayed(
    request: Request, saved: Snapshot, options: Options, on_waiting: OnWaiting
) -> LookResult:
    scope, now = scope_for(request, options, saved.scope), saved.taken_at
    if not request.flags.resolve:
        return _result(scope, now, Gathered(*judge_saved(saved, _judge(scope, now))))
    deadline = Deadline.after(options.timeout.value)
    github = factory.github_access(options, deadline)
    scope = replace(scope, github_token=factory.has_token(github), offline=options.flags.offline)
    live = factory.sources(options, github, (), deadline)
    opened = replace(live, engines=factory.recorded_engines(scope.targets))
    gathered = gather(opened, deadline, _judge(scope, now), completable(saved), on_waiting)
    return _result(scope, now, gathered)


def _judge(scope: Scope, now: datetime) -> Callable[[FactStore], Report]:
    return lambda facts: judge(facts, scope, now)


def _result(scope: Scope, now: datetime, gathered: Gathered[Report]) -> LookResult:
    """The report with its findings. Raises Refused for names that lead to nothing."""
    facts, plain = FactStore(gathered.answers, last=True), replace(scope, save=False)
    # What --save asked besides must not show: the answer is the same with it and without it.
    report = judge(facts, plain, now) if scope.save else gathered.judgement
    check_names(report, Case(facts, plain))
    report = replace(report, findings=findings(report, now))
    return LookResult(report, Snapshot(now, plain, gathered.answers), gathered.faults)


def live_scope(
    request: Request, options: Options, github: factory.Access, engines: Iterable[ResolvedContext]
) -> Scope:
    """The scope of a look that asks engines."""
    config = options.config
    scope = Scope(
        command=request.command,
        targets=tuple(Target(engine.name, engine.address, engine.chosen_by) for engine in engines),
        revision_labels=options.revision_labels.value,
        project=options.flags.repo,
        service_rules=config.services,
        image_rules=config.images,
        repo_rules=config.repos,
        github_host=factory.github_host(github),
        github_token=factory.has_token(github),
        offline=options.flags.offline,
        journal=options.journal.value,
    )
    return scope_for(request, options, scope)


def scope_for(request: Request, options: Options, scope: Scope) -> Scope:
    """The scope with this request's command and names; of a saved look the rest stays as it was."""
    return replace(
        scope,
        command=request.command,
        services=() if request.command in ("show", "has") else request.arguments,
        argument=request.arguments[0] if request.command in _ONE_ARGUMENT else "",
        all_containers=options.flags.all_containers,
        save=bool(options.flags.save),
        since=options.since,
    )
