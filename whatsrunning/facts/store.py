"""What to ask next is what the verdicts look up and nobody asked yet, so that a replay, an outage
and a live look run the same code: the idea of Haxl (https://github.com/facebook/Haxl)."""

from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import wraps
from typing import Any, Concatenate, ParamSpec, TypeVar, cast

from whatsrunning.facts.answers import PENDING, Answer, Problem, SourceName, Unknown
from whatsrunning.facts.engine import EngineDistribution
from whatsrunning.facts.query import Answers, Query
from whatsrunning.facts.scope import Scope

T = TypeVar("T")
P = ParamSpec("P")
_REMOTE: Mapping[SourceName, str] = {"github": "GitHub", "registry": "the registry"}


@dataclass(frozen=True, slots=True)
class Snapshot:
    """The facts of one look: each query's answer, with what was asked about and when."""

    taken_at: datetime
    scope: Scope
    answers: Answers = field(default_factory=dict)


class FactStore:
    """The facts so far; `missing` is what verdicts looked up in vain, never asked with `last`.
    `problems` are those of the answers that were read, `verdicts` what `memo` keeps."""

    def __init__(self, answers: Mapping[Query[Any], Answer[Any]], *, last: bool = False) -> None:
        self._answers = answers
        self._last = last
        self.verdicts: dict[Hashable, Any] = {}
        self.missing: dict[Query[Any], None] = {}
        self.problems: dict[Problem, None] = {}

    def get(self, query: Query[T]) -> Answer[T]:
        """The answer; Unknown(pending) while it is asked, Unknown(not-asked) with `last`."""
        answer = self.peek(query)
        if answer is None:
            self.missing[query] = None
            code = "not-asked" if self._last else PENDING
            return Unknown(query.problem(code, "was not asked in time"))
        if isinstance(answer, Unknown):
            self.problems[answer.problem] = None
        return answer

    def peek(self, query: Query[T]) -> Answer[T] | None:
        """The answer if there is one; asks nothing."""
        return self._answers.get(query)


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


@dataclass(frozen=True, slots=True, eq=False)
class Case:
    """What verdicts are given on: the facts so far, and what the look is about."""

    facts: FactStore
    scope: Scope

    @property
    def key(self) -> Hashable:
        """What tells a case about a part of the look from others of the same store."""
        return None

    def get(self, query: Query[T]) -> Answer[T]:
        return self.facts.get(query)


C = TypeVar("C", bound=Case)


def memo(verdict: Callable[Concatenate[C, P], T]) -> Callable[Concatenate[C, P], T]:
    """A verdict that is worked out once for each set of arguments, which are hashable. It must
    depend on nothing of the scope that differs between the commands of one look, but for
    `asked_for`."""

    @wraps(verdict)
    def once(case: C, /, *args: P.args, **kwargs: P.kwargs) -> T:
        key = (verdict, case.key, case.scope.asked_for, args, tuple(kwargs.items()))
        if key not in case.facts.verdicts:
            case.facts.verdicts[key] = verdict(case, *args, **kwargs)
        return cast(T, case.facts.verdicts[key])

    return once
