"""What to ask next, found by running the verdicts themselves.

What they look up and nobody asked yet is asked next.

So a replay, an outage and a live look run the same code, and no list of questions can drift from
the verdicts.
"""

from collections.abc import Callable, Hashable, Mapping
from typing import Any, TypeVar, cast

from whatsrunning.facts.answers import Answer, Problem, SourceName, Unknown
from whatsrunning.facts.queries import Query

T = TypeVar("T")

_SOURCES: dict[str, SourceName] = {
    "Engine": "engine",
    "Registry": "registry",
    "Local": "git",
    "Forge": "github",
    "Earlier": "journal",
}


def source_of(question: Query) -> SourceName:
    """The source that answers a question."""
    name = type(question).__name__
    return next(source for prefix, source in _SOURCES.items() if name.startswith(prefix))


class FactStore:
    """The facts so far. One judgement reads them through `get`.

    What is missing collects in `missing`.
    """

    def __init__(self, answers: Mapping[Query, Answer[Any]], *, last: bool = False) -> None:
        self._answers = answers
        self._last = last
        self._made: dict[Hashable, Any] = {}
        self.missing: dict[Query, None] = {}
        self.problems: dict[Problem, None] = {}

    def get(self, question: Query) -> Answer[Any]:
        """The answer, or Unknown(pending) while it is asked.

        A last judgement says Unknown(not-asked).
        """
        answer = self.peek(question)
        if answer is None:
            self.missing[question] = None
            return Unknown(self._missing(question))
        if isinstance(answer, Unknown):
            self.problems[answer.problem] = None
        return answer

    def peek(self, question: Query) -> Answer[Any] | None:
        """The answer if there is one; asks nothing."""
        return self._answers.get(question)

    def memo(self, key: Hashable, make: Callable[[], T]) -> T:
        """What `make` gives, worked out once for this judgement."""
        if key not in self._made:
            self._made[key] = make()
        return cast(T, self._made[key])

    def _missing(self, question: Query) -> Problem:
        code = "not-asked" if self._last else "pending"
        subject = str(getattr(question, "engine", "") or getattr(question, "repository", ""))
        return Problem(source_of(question), subject, code, "was not asked in time", "")
