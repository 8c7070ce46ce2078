"""What a look with `--offline` may not ask."""

from collections.abc import Mapping
from typing import TypeVar

from whatsrunning.facts.answers import Answer, Problem, SourceName, Unknown
from whatsrunning.facts.engine import EngineDistribution
from whatsrunning.facts.query import Query
from whatsrunning.facts.store import FactStore

T = TypeVar("T")
_REMOTE: Mapping[SourceName, str] = {"github": "GitHub", "registry": "the registry"}


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
        # `/distribution` has the engine ask the registry.
        source: SourceName = "registry" if isinstance(query, EngineDistribution) else query.source
        if source not in _REMOTE or self.peek(query) is not None:
            return self._facts.get(query)
        message = f"--offline: {_REMOTE[source]} was not asked"
        problem = Problem(source, "", "offline", message, "leave --offline out")
        self.problems[problem] = None
        return Unknown(problem)

    def peek(self, query: Query[T]) -> Answer[T] | None:
        """The answer if there is one; asks nothing."""
        return self._facts.peek(query)
