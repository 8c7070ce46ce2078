"""Short marks (p1, p2, …) that lead from an unknown to the problem behind it."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.report.container import Container
from whatsrunning.report.report import Report
from whatsrunning.view.blocks import Line, text

# Everybody was asked and answered; what is unknown for such a reason was looked at all the same.
_LOOKED = frozenset({"no-such-commit", "label-not-a-sha", "swarm-worker"})


def problems_of(report: Report) -> tuple[Problem, ...]:
    """Every problem that the report lists or refers to, once, those it lists first."""
    return _once([*report.problems, *_within(replace(report, problems=()))])


def _once(problems: list[Problem]) -> tuple[Problem, ...]:
    found = {problem.id: problem for problem in reversed(problems)}
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


def _missing(report: Report) -> frozenset[str]:
    """Problems that made the look incomplete; of what ran before nobody promises to know."""
    if report.complete:
        return frozenset()
    looked = replace(report, problems=(), containers=tuple(map(_without_past, report.containers)))
    found = frozenset(p.id for p in _within(looked) if p.code not in _LOOKED)
    return found or frozenset(p.id for p in report.problems if p.code not in _LOOKED)


def _without_past(container: Container) -> Container:
    return replace(container, previous=Nothing())


@dataclass(frozen=True, slots=True)
class Footnotes:
    """The mark of each problem id that the page refers to, and the problems in their order.

    `missing` are the ids of those that made the look incomplete; the others are notes.
    """

    by_id: Mapping[str, str]
    problems: tuple[Problem, ...]
    missing: frozenset[str] = frozenset()

    @classmethod
    def of(cls, report: Report) -> "Footnotes":
        """Marks for everything that the report could not look at."""
        within, missing = list(_within(replace(report, problems=()))), _missing(report)
        found = _once([*report.problems, *within])
        found = tuple(sorted(found, key=lambda problem: problem.id not in missing))
        referred = {problem.id for problem in within} | missing
        named = [problem.id for problem in found if problem.id in referred]
        return cls({key: f"p{place}" for place, key in enumerate(named, 1)}, found, missing)

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
