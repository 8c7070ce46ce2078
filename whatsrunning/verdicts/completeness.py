"""Whether a look saw everything, and the problems that matter to it."""

from collections.abc import Iterator, Mapping
from dataclasses import fields, is_dataclass

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.store import Case
from whatsrunning.report.report import Report

# Worth telling only where a field is unknown because of it.
_ABSENT = frozenset({"no-clone", "no-token", "offline", "not-recorded"})
# Everybody was asked and answered: what is unknown for such a reason was looked at.
_LOOKED = frozenset({"no-such-commit", "no-revision"})


def is_complete(report: Report) -> bool:
    """No engine unreachable, and nothing that the command looked up is unknown.

    What ran before is left out: an engine forgets, and that is no failure to look.
    """
    return all(engine.status == "ok" for engine in report.engines) and not any(
        problem and problem.code not in _LOOKED for problem in _unanswered(report)
    )


def _unanswered(report: Report) -> Iterator[Problem | None]:
    """Why what was looked up is not known; None for each that is."""
    for container in report.containers:
        yield container.proof.problem
        for answer in (
            container.deployed_at, container.repository, container.revision, container.commit,
            container.pull_requests, container.ci, container.built,
        ):  # fmt: skip
            yield answer.problem
    for swarm in report.swarms:
        yield from (swarm.services.problem, swarm.nodes.problem)
    if report.has:
        yield report.has.resolved.problem
        yield from (live.problem for live in report.has.unknown_at)
    if report.history:
        yield from report.history.missing
    if report.rollback:
        yield report.rollback.problem
        for candidate in report.rollback.candidates:
            yield from (candidate.ci.problem, candidate.leaves.problem)


def problems(case: Case, report: Report) -> tuple[Problem, ...]:
    """Every problem that a field refers to, and every other that was met, once each, by id."""
    met = [problem for problem in case.facts.problems if problem.code not in _ABSENT]
    every = {problem.id: problem for problem in (*met, *_referred(report))}
    return tuple(every[key] for key in sorted(every))


def _referred(value: object) -> Iterator[Problem]:
    if isinstance(value, Problem):
        yield value
    elif isinstance(value, Mapping):
        for each in value.values():
            yield from _referred(each)
    elif isinstance(value, tuple):
        for each in value:
            yield from _referred(each)
    elif is_dataclass(value):
        for each in fields(value):
            yield from _referred(getattr(value, each.name))
