"""How verdicts ask: what is still being asked, and what may not be asked at all."""

from collections.abc import Mapping
from typing import Any

from whatsrunning.facts.answers import Answer, Problem, Unknown
from whatsrunning.facts.queries import EngineDistribution, Query
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore, source_of

UNREACHABLE = frozenset(
    {"timeout", "refused", "no-such-host", "tls", "broken", "unreachable", "network"}
)


def is_pending(answer: object) -> bool:
    """Whether the question is still being asked: then no second way is tried yet."""
    return isinstance(answer, Unknown) and answer.problem.code == "pending"


class Offline(FactStore):
    """Facts of a look that must not leave the machine: registries and GitHub are not asked.

    What was asked before (a saved look) still answers.
    """

    def __init__(self, facts: FactStore) -> None:
        answers: Mapping[Query, Answer[Any]] = {}
        super().__init__(answers)
        self._facts = facts
        self.missing, self.problems = facts.missing, facts.problems

    def get(self, question: Query) -> Answer[Any]:
        """The answer, or Unknown(offline) where asking would need the network."""
        if self.peek(question) is None and _needs_network(question):
            problem = _offline(question)
            self.problems[problem] = None
            return Unknown(problem)
        return self._facts.get(question)

    def peek(self, question: Query) -> Answer[Any] | None:
        """The answer if there is one; asks nothing."""
        return self._facts.peek(question)


def as_allowed(facts: FactStore, scope: Scope) -> FactStore:
    """The facts, or with `--offline` those that need no network."""
    return Offline(facts) if scope.offline else facts


def _needs_network(question: Query) -> bool:
    return source_of(question) in ("registry", "github") or isinstance(question, EngineDistribution)


def _offline(question: Query) -> Problem:
    source = "github" if source_of(question) == "github" else "registry"
    where = "GitHub" if source == "github" else "the registry"
    return Problem(
        "github" if source == "github" else "registry", "", "offline",
        f"--offline: {where} was not asked", "leave --offline out",
    )  # fmt: skip
