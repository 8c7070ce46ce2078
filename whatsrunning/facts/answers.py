"""The one distinction that carries everything: none is not unknown (DESIGN section 2)."""

from dataclasses import dataclass
from typing import Generic, Literal, TypeAlias, TypeVar

T_co = TypeVar("T_co", covariant=True)

SourceName = Literal["engine", "registry", "git", "github", "journal", "config"]


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
        """The identifier that JSON fields refer to.

        The same problem has the same id in every look.
        """
        return f"{self.source}/{self.code}/{self.subject}"


@dataclass(frozen=True, slots=True)
class Found(Generic[T_co]):
    """We looked, and this is the value."""

    value: T_co


@dataclass(frozen=True, slots=True)
class Nothing:
    """We looked, and it is not there."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """We could not look."""

    problem: Problem


Answer: TypeAlias = Found[T_co] | Nothing | Unknown
