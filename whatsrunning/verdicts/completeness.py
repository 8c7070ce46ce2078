"""Whether a look saw everything, and the problems that matter to it."""

from collections.abc import Iterator

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.store import Case
from whatsrunning.report.report import LOOKED_AT, Report, problems_in

# Worth telling only where a field is unknown because of it.
_ABSENT = frozenset({"no-clone", "no-token", "offline", "not-recorded"})


def is_complete(report: Report) -> bool:
    """No engine unreachable, and nothing that the command looked up is unknown.

    What ran before is left out: an engine forgets, and that is no failure to look.
    """
    return all(engine.status == "ok" for engine in report.engines) and not any(
        problem and problem.code not in LOOKED_AT for problem in _unanswered(report)
    )


def _unanswered(report: Report) -> Iterator[Problem | None]:
    """Why what was looked up is not known; None for each that is."""
    for container in report.containers:
        yield container.proof.problem
        for answer in (
            container.deployed_at, container.repository, container.revision, container.commit,
            container.pull_requests, container.ci, container.built, container.version,
        ):  # fmt: skip
            yield answer.problem
    for swarm in report.swarms:
        yield from (swarm.services.problem, swarm.nodes.problem)
    yield from (timeline.problem for timeline in report.timelines)
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
    every = {problem.id: problem for problem in (*met, *problems_in(report))}
    return tuple(every[key] for key in sorted(every))
