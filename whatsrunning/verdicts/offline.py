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
    """Registries and GitHub are not asked; what was asked before (a saved look) still answers."""

    def __init__(self, facts: FactStore) -> None:
        super().__init__(facts._answers, last=facts._last)
        self.missing, self.problems = facts.missing, facts.problems

    def get(self, query: Query[T]) -> Answer[T]:
        # `/distribution` has the engine ask the registry.
        source: SourceName = "registry" if isinstance(query, EngineDistribution) else query.source
        if source not in _REMOTE or self.peek(query) is not None:
            return super().get(query)
        message = f"--offline: {_REMOTE[source]} was not asked"
        problem = Problem(source, "", "offline", message, "leave --offline out")
        self.problems[problem] = None
        return Unknown(problem)
