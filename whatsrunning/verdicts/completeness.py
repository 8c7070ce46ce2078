"""Whether a look saw everything, and the problems that matter to it (DESIGN section 2)."""

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import fields, is_dataclass

from whatsrunning.facts.answers import Problem, Unknown
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Container, Engine
from whatsrunning.report.report import Report

# Worth telling only where a field is unknown because of it.
_ABSENT = frozenset({"no-clone", "no-token", "offline", "not-recorded", "not-asked", "pending"})
# Everybody was asked and answered: what is unknown for such a reason was looked at.
_LOOKED = frozenset({"no-such-commit", "no-revision"})


def is_complete(engines: Iterable[Engine], containers: Iterable[Container]) -> bool:
    """No engine unreachable, and nothing that was looked up of a container is unknown.

    What ran before is left out: an engine forgets, and that is no failure to look.
    """
    return all(engine.status == "ok" for engine in engines) and not any(
        _unknown(container) for container in containers
    )


def is_answered(report: Report) -> bool:
    """Nothing that the command looked up besides containers is unknown."""
    return not any(problem.code not in _LOOKED for problem in _unanswered(report))


def _unanswered(report: Report) -> Iterator[Problem]:
    if report.has:
        yield from _within(report.has.resolved)
        yield from (one.problem for one in report.has.unknown_at if one.problem)
    if report.history:
        yield from report.history.missing
    if report.rollback:
        yield from _within(report.rollback.problem)
        for one in report.rollback.candidates:
            yield from (*_within(one.ci), *_within(one.leaves))


def _within(value: object) -> Iterator[Problem]:
    found = value.problem if isinstance(value, Unknown) else value
    if isinstance(found, Problem):
        yield found


def _unknown(it: Container) -> bool:
    looked_up = (
        it.deployed_at, it.repository, it.revision, it.commit, it.pull_requests, it.ci, it.built,
    )  # fmt: skip
    return it.proof.status == "unknown" or any(
        isinstance(each, Unknown) and each.problem.code not in _LOOKED for each in looked_up
    )


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
