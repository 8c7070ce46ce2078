"""Short marks (p1, p2, …) that lead from an unknown to the problem behind it."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from typing import TypeVar

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem
from whatsrunning.report.container import NOT_MANAGED
from whatsrunning.report.report import LOOKED_AT, Report, problems_in
from whatsrunning.view.blocks import Line, text

T = TypeVar("T")


def problems_of(report: Report) -> tuple[Problem, ...]:
    """Every problem that the report lists or refers to, once."""
    return _once((*report.problems, *problems_in(replace(report, problems=()))))


def _once(problems: tuple[Problem, ...]) -> tuple[Problem, ...]:
    by_id = {problem.id: problem for problem in reversed(problems)}
    return tuple(reversed(by_id.values()))


def _missing(report: Report) -> frozenset[str]:
    """Problems that made the look incomplete; of what ran before nobody promises to know."""
    if report.complete:
        return frozenset()
    containers = tuple(replace(c, previous=Nothing()) for c in report.containers)
    looked_up = replace(report, problems=(), containers=containers)
    return _not_looked_at(problems_in(looked_up)) or _not_looked_at(report.problems)


def _not_looked_at(problems: Iterable[Problem]) -> frozenset[str]:
    return frozenset(problem.id for problem in problems if problem.code not in LOOKED_AT)


@dataclass(frozen=True, slots=True)
class Footnotes:
    """The mark of each problem id that the page refers to, and the problems in their order.

    `missing` are the ids of those that made the look incomplete; the others are notes. That an
    unmanaged container was not looked up is no problem to a reader.
    """

    by_id: Mapping[str, str]
    problems: tuple[Problem, ...]
    missing: frozenset[str] = frozenset()

    @classmethod
    def of(cls, report: Report) -> "Footnotes":
        """Marks for everything that the report could not look at."""
        missing, within = _missing(report), tuple(problems_in(replace(report, problems=())))
        told = _once((*report.problems, *within))
        every = [problem for problem in told if problem.code != NOT_MANAGED.code]
        ordered = sorted(every, key=lambda problem: problem.id not in missing)
        referred = {problem.id for problem in within} | missing
        marked = [problem.id for problem in ordered if problem.id in referred]
        marks = {key: f"p{place}" for place, key in enumerate(marked, 1)}
        return cls(marks, tuple(ordered), missing)

    def unknown(self, problem: Problem | None) -> Line:
        """`unknown (p2)`: could not look, and where the reason stands."""
        mark = self.by_id.get(problem.id, "") if problem else ""
        return text(f"unknown ({mark})" if mark else "unknown", "warn")

    def reference(self, problem: Problem | None) -> Line:
        """`(p2)`: where the reason stands."""
        mark = self.by_id.get(problem.id, "") if problem else ""
        return text(f"({mark})", "dim") if mark else ()

    def absent(self, answer: Answer[object], none: str) -> Line:
        """What a value that is not there is called: `none` only when somebody looked."""
        return self.unknown(answer.problem) if answer.problem else text(none, "dim")

    def shown(self, answer: Answer[T], words: Callable[[T], Line], none: str) -> Line:
        """The words for a value that was found, else what its absence is called."""
        return words(answer.value) if isinstance(answer, Found) else self.absent(answer, none)
