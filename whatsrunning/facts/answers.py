"""The one distinction that carries everything: none is not unknown.

An answer is handed on with its own methods, so that a verdict says what it wants and not what it
may have got: `then` for the next step, `or_else` for a second way, `value_or` for the end.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Generic, Literal, TypeAlias, TypeVar

T_co = TypeVar("T_co", covariant=True)
U = TypeVar("U")

SourceName = Literal["engine", "registry", "git", "github", "journal", "config"]


PENDING = "pending"
"""The code of what is still being asked: the store makes it, and only this file reads it."""


@dataclass(frozen=True, slots=True)
class Problem:
    """Why something could not be looked at: what happened, to what, and what to do next."""

    source: SourceName
    subject: str
    code: str
    message: str
    hint: str = ""

    @property
    def id(self) -> str:
        """The identifier that JSON fields refer to: the same problem has the same one always."""
        return f"{self.source}/{self.code}/{self.subject}"


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """We looked, and this is the value."""

    value: T_co

    @property
    def problem(self) -> None:
        """Nothing stood in the way."""

    def then(self, step: "Callable[[T_co], Answer[U]]") -> "Answer[U]":
        """What the next step makes of the value."""
        return step(self.value)

    def or_else(self, second: Callable[[], object]) -> "Found[T_co]":  # noqa: ARG002
        """No second way is needed."""
        return self

    def value_or(self, default: object) -> T_co:  # noqa: ARG002
        """The value."""
        return self.value


@dataclass(frozen=True, slots=True)
class Nothing:
    """We looked, and it is not there."""

    @property
    def problem(self) -> None:
        """Nothing stood in the way."""

    def then(self, step: Callable[[Any], object]) -> "Nothing":  # noqa: ARG002
        """Nothing comes of nothing."""
        return self

    def or_else(self, second: Callable[[], U]) -> U:
        """What the second way says."""
        return second()

    def value_or(self, default: U) -> U:
        """The default."""
        return default


@dataclass(frozen=True, slots=True)
class Unknown:
    """We could not look."""

    problem: Problem

    def then(self, step: Callable[[Any], object]) -> "Unknown":  # noqa: ARG002
        """What follows from it is as unknown."""
        return self

    def or_else(self, second: Callable[[], U]) -> "U | Unknown":
        """What the second way says, which is not tried before the first has answered."""
        return self if self.problem.code == PENDING else second()

    def value_or(self, default: U) -> U:
        """The default."""
        return default


Answer: TypeAlias = Found[T_co] | Nothing | Unknown


def together(answers: Iterable[Answer[U]]) -> Answer[tuple[Answer[U], ...]]:
    """All of them, once each has been answered in whatever way."""
    every = tuple(answers)
    asked = (answer for answer in every if answer.problem and answer.problem.code == PENDING)
    return next((answer for answer in asked if isinstance(answer, Unknown)), Found(every))


def first_unknown(answers: Iterable[Answer[object]]) -> Unknown | None:
    """The first that could not be looked at."""
    return next((answer for answer in answers if isinstance(answer, Unknown)), None)


def values_of(answers: Iterable[Answer[U]]) -> Answer[tuple[U, ...]]:
    """The values that were found, in order; as unknown as any of them is."""
    return together(answers).then(_values)


def _values(answers: tuple[Answer[U], ...]) -> Answer[tuple[U, ...]]:
    found = tuple(answer.value for answer in answers if isinstance(answer, Found))
    return first_unknown(answers) or Found(found)
