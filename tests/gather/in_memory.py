"""Sources in memory, and queries asked of them."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

from whatsrunning.facts.query import Answers, Deadline, Query
from whatsrunning.facts.store import FactStore
from whatsrunning.gather.gather import Gathered, Sources, gather

PATIENT = 30.0
"""Seconds that no test comes near."""


@dataclass(slots=True)
class Port:
    """Any source: what each method answers, and how it was called."""

    replies: Mapping[str, Callable[..., Any]]
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def close(self) -> None:
        """As an engine's port; written down where a test replies to it."""
        self.replies.get("close", lambda: None)()

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*about: Any, **named: Any) -> Any:
            given = (*about, *named.values())
            arguments = tuple(value for value in given if not isinstance(value, Deadline))
            self.calls.append((method, arguments))
            return self.replies[method](*arguments)

        return call


def engine(value: Any = "engine") -> Port:
    """An engine that says this of itself, and has no container."""
    return Port({"info": lambda: value, "containers": lambda: ()})


def sources(engines: Mapping[str, Any] | None = None, **others: Any) -> Sources:
    """What opens these engines, and the other sources by name; those not given cannot answer."""

    def opener(port: Any) -> Callable[[], Any]:
        return lambda: port

    return Sources(
        engines={name: opener(port) for name, port in (engines or {}).items()},
        registry=opener(others.get("registry")),
        git=opener(others.get("git")),
        github=opener(others.get("github")),
        journal=opener(others.get("journal")),
    )


def ask(openers: Sources, *queries: Query[Any], seconds: float = PATIENT) -> Gathered[Answers]:
    """These queries and their answers."""

    def judge(facts: FactStore) -> Answers:
        return {query: facts.get(query) for query in queries}

    return gather(openers, Deadline.after(seconds), judge)
