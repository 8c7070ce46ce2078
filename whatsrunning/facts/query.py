"""What a query is: it carries the type of its answer, its source, and its one port call."""

import time
from abc import ABC, abstractmethod
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any, ClassVar, Generic, TypeAlias, TypeVar

from whatsrunning.facts.answers import Answer, Problem, SourceName

T_co = TypeVar("T_co", covariant=True)


class SourceError(Exception):
    """A source could not be looked at; `problem` is what the report will say."""

    def __init__(self, problem: Problem) -> None:
        super().__init__(problem.message)
        self.problem = problem


@dataclass(frozen=True, slots=True)
class Deadline:
    """One for the whole call, on the monotonic clock, in seconds."""

    ends: float

    @classmethod
    def after(cls, seconds: float) -> "Deadline":
        return cls(time.monotonic() + seconds)

    def left(self) -> float:
        """Seconds that remain, never below zero."""
        return max(0.0, self.ends - time.monotonic())


@dataclass(frozen=True, slots=True)
class Query(ABC, Generic[T_co]):
    """Something that one look can ask. Equal queries are asked once."""

    source: ClassVar[SourceName]

    @property
    @abstractmethod
    def subject(self) -> str:
        """What it is about, as messages name it: an engine's context, a repository."""

    @property
    def place(self) -> str:
        """Which of the source's hosts answers it; calls to different ones run side by side."""
        return ""

    @abstractmethod
    def ask(self, port: Any, deadline: Deadline) -> Answer[T_co]:
        """The answer of the source's port. Raises SourceError when it could not look."""

    def problem(self, code: str, message: str, hint: str = "") -> Problem:
        return Problem(self.source, self.subject, code, message, hint)


@dataclass(frozen=True, slots=True)
class OfEngine(Query[T_co], ABC):
    """A query to one engine; `engine` is the context's name."""

    source = "engine"
    engine: str

    @property
    def subject(self) -> str:
        return self.engine

    @property
    def place(self) -> str:
        return self.engine


@dataclass(frozen=True, slots=True)
class OfRepository(Query[T_co], ABC):
    """A query about one repository: OWNER/NAME, or host/path of an image repository."""

    repository: str

    @property
    def subject(self) -> str:
        return self.repository


@dataclass(frozen=True, slots=True)
class OfImageRepository(OfRepository[T_co], ABC):
    """A query about one image repository, host/path, that its registry answers."""

    source = "registry"

    @property
    def place(self) -> str:
        return self.repository.partition("/")[0]


@dataclass(frozen=True, slots=True)
class OfCommit(OfRepository[T_co], ABC):
    """A query about one commit, which its source answers for many of a repository together."""

    most: ClassVar[int]
    sha: str

    def ask(self, port: Any, deadline: Deadline) -> Answer[T_co]:
        return self.ask_all(port, (self.sha,), deadline)[self.sha]

    @abstractmethod
    def ask_all(
        self, port: Any, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[T_co]]:
        """The answers for commits of this repository, `most` at the most, by SHA."""


Answers: TypeAlias = dict[Query[Any], Answer[Any]]
