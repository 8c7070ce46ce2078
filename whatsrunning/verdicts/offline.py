"""What a look with `--offline` may not ask."""

from typing import Any, TypeVar

from whatsrunning.facts.answers import Answer, Problem, Unknown
from whatsrunning.facts.queries import EngineDistribution
from whatsrunning.facts.query import Query
from whatsrunning.facts.store import FactStore

T = TypeVar("T")


class Offline(FactStore):
    """Facts of a look that must not leave the machine: registries and GitHub are not asked.

    What was asked before (a saved look) still answers.
    """

    def __init__(self, facts: FactStore) -> None:
        super().__init__({})
        self._facts = facts
        self.missing, self.problems = facts.missing, facts.problems

    def get(self, query: Query[T]) -> Answer[T]:
        """The answer, or Unknown(offline) where asking would need the network."""
        if self.peek(query) is None and (problem := _offline(query)):
            self.problems[problem] = None
            return Unknown(problem)
        return self._facts.get(query)

    def peek(self, query: Query[T]) -> Answer[T] | None:
        """The answer if there is one; asks nothing."""
        return self._facts.peek(query)


def _offline(query: Query[Any]) -> Problem | None:
    """Why a query may not be asked; None where it needs no network."""
    if query.source == "github":
        return Problem("github", "", "offline", _message("GitHub"), _HINT)
    if query.source == "registry" or isinstance(query, EngineDistribution):
        return Problem("registry", "", "offline", _message("the registry"), _HINT)
    return None


def _message(where: str) -> str:
    return f"--offline: {where} was not asked"


_HINT = "leave --offline out"
