"""The one distinction that carries everything: none is not unknown.

An answer is handed on: `then` the next step, `or_else` a second way, `value_or` at the end.
"""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, Literal, TypeAlias, TypeVar

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
    problem: ClassVar[None] = None

    def then(self, step: "Callable[[T_co], Answer[U]]") -> "Answer[U]":
        return step(self.value)

    def or_else(self, second: Callable[[], object]) -> "Found[T_co]":  # noqa: ARG002
        return self

    def value_or(self, default: object) -> T_co:  # noqa: ARG002
        return self.value


@dataclass(frozen=True, slots=True)
class Nothing:
    """We looked, and it is not there."""

    problem: ClassVar[None] = None

    def then(self, step: Callable[[Any], object]) -> "Nothing":  # noqa: ARG002
        return self

    def or_else(self, second: Callable[[], U]) -> U:
        return second()

    def value_or(self, default: U) -> U:
        return default


@dataclass(frozen=True, slots=True)
class Unknown:
    """We could not look."""

    problem: Problem

    def then(self, step: Callable[[Any], object]) -> "Unknown":  # noqa: ARG002
        return self

    def or_else(self, second: Callable[[], U]) -> "U | Unknown":
        return self if self.problem.code == PENDING else second()

    def value_or(self, default: U) -> U:
        return default


Answer: TypeAlias = Found[T_co] | Nothing | Unknown


def together(answers: Iterable[Answer[U]]) -> Answer[tuple[Answer[U], ...]]:
    """All of them, once each has been answered in whatever way."""
    every = tuple(answers)
    pending = (answer for answer in every if answer.problem and answer.problem.code == PENDING)
    return first_unknown(pending) or Found(every)


def first_answer(answers: Iterable[Answer[U]]) -> Answer[U]:
    """The first that is not Nothing, else Nothing; those behind it are not even made."""
    return next((answer for answer in answers if not isinstance(answer, Nothing)), Nothing())


def any_of(answers: Iterable[Answer[U]]) -> Answer[U]:
    """The first that was found; where none was, the first Unknown, else Nothing."""
    every = tuple(answers)
    return first_answer((*(answer for answer in every if not answer.problem), *every))


def first_unknown(answers: Iterable[Answer[object]]) -> Unknown | None:
    """The first that could not be looked at."""
    return next((answer for answer in answers if isinstance(answer, Unknown)), None)


def values_of(answers: Iterable[Answer[U]]) -> Answer[tuple[U, ...]]:
    """The values that were found, in order; as unknown as any of them is."""
    every = tuple(answers)
    values = Found(tuple(answer.value for answer in every if isinstance(answer, Found)))
    return together(every).then(lambda _: first_unknown(every) or values)
