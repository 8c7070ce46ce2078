"""Short marks (p1, p2, …) that lead from an unknown to the problem behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass

from whatsrunning.model.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.model.report import Report
from whatsrunning.view.blocks import Line, text


def problems_of(report: Report) -> tuple[Problem, ...]:
    """Every problem that the report lists or refers to, once, those it lists first."""
    found = {problem.id: problem for problem in reversed([*report.problems, *_within(report)])}
    return tuple(reversed(found.values()))


def _within(value: object) -> Iterator[Problem]:
    if isinstance(value, Problem):
        yield value
    elif isinstance(value, tuple):
        for part in value:
            yield from _within(part)
    elif not isinstance(value, str) and is_dataclass(value):
        for field in fields(value):
            yield from _within(getattr(value, field.name))


@dataclass(frozen=True, slots=True)
class Marks:
    """The mark of each problem id, and the problems in the order of the marks."""

    by_id: Mapping[str, str]
    problems: tuple[Problem, ...]

    @classmethod
    def of(cls, report: Report) -> "Marks":
        """Marks for everything that the report could not look at."""
        found = problems_of(report)
        return cls({p.id: f"p{place}" for place, p in enumerate(found, 1)}, found)

    def unknown(self, problem: Problem | None) -> Line:
        """`unknown (p2)`: could not look, and where the reason stands."""
        mark = self.by_id.get(problem.id, "") if problem else ""
        return text(f"unknown ({mark})" if mark else "unknown", "warn")

    def reference(self, problem: Problem | None) -> Line:
        """`(p2)`: where the reason stands."""
        mark = self.by_id.get(problem.id, "") if problem else ""
        return text(f"({mark})", "dim") if mark else ()

    def absent(self, answer: Answer[object], none: str) -> Line:
        """What a missing value is called: `none` only when somebody looked."""
        match answer:
            case Nothing():
                return text(none, "dim")
            case Unknown(problem):
                return self.unknown(problem)
            case Found():
                return ()
