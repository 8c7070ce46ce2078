"""Queries to answers, until nothing more is missing or the deadline has passed.

There are no barriers: each reply starts its own next queries, so one hung engine delays nothing.
"""

import queue
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Generic, TypeVar

from whatsrunning.facts.answers import SourceName, Unknown
from whatsrunning.facts.engine import EngineClient
from whatsrunning.facts.git import Git
from whatsrunning.facts.github import Github
from whatsrunning.facts.journal import Journal
from whatsrunning.facts.query import Answers, Deadline, Query
from whatsrunning.facts.registry import Registry
from whatsrunning.facts.store import FactStore
from whatsrunning.gather.workers import Replies, SourceClient, WorkerPool, jobs

T = TypeVar("T")

GRACE = 0.1
"""Seconds past the deadline in which a source may still say itself why it is late."""


@dataclass(frozen=True, slots=True)
class Sources:
    """How to open each source; its own worker does so, once, when it is first asked."""

    engines: Mapping[str, Callable[[], EngineClient]]
    registry: Callable[[], Registry]
    git: Callable[[], Git]
    github: Callable[[], Github]
    journal: Callable[[], Journal]

    def opener(self, source: SourceName, place: str) -> Callable[[], Any]:
        """What opens the source at one of its places."""
        if source == "engine":
            return self.engines[place]
        openers: Mapping[str, Callable[[], Any]] = {
            "registry": self.registry,
            "git": self.git,
            "github": self.github,
            "journal": self.journal,
        }
        return openers[source]


@dataclass(frozen=True, slots=True)
class Gathered(Generic[T]):
    """What was asked and answered, and the last judgement of it. `faults` name faults of ours."""

    answers: Answers
    judgement: T
    faults: tuple[str, ...] = ()


def gather(
    sources: Sources,
    deadline: Deadline,
    judge: Callable[[FactStore], T],
    known: Answers | None = None,
    on_waiting: Callable[[frozenset[str]], None] = lambda _sources: None,
) -> Gathered[T]:
    """Judge, ask what was missing, and judge again; `known` is not asked again.

    Whatever is late is Unknown(timeout). `on_waiting` is told which sources are waited for.
    """
    answers = dict(known or {})
    dispatcher = _Dispatcher(sources, deadline)
    try:
        while deadline.left():
            began = time.monotonic()
            facts = FactStore(answers)
            judgement = judge(facts)
            dispatcher.send(facts.missing)
            if not dispatcher.outstanding:
                return Gathered(answers, judgement, tuple(dispatcher.faults))
            on_waiting(frozenset(dispatcher.outstanding.values()))
            answers.update(dispatcher.receive(linger=time.monotonic() - began))
    finally:
        dispatcher.close()
    answers.update({query: _timed_out(query) for query in dispatcher.outstanding})
    return Gathered(answers, judge(FactStore(answers, last=True)), tuple(dispatcher.faults))


@dataclass(slots=True)
class _Dispatcher:
    """Sends each query once. `outstanding` holds, for each, the source that still owes it."""

    sources: Sources
    deadline: Deadline
    outstanding: dict[Query[Any], str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _pools: dict[tuple[SourceName, str], WorkerPool] = field(default_factory=dict)
    _replies: Replies = field(default_factory=queue.SimpleQueue)

    def send(self, missing: Iterable[Query[Any]]) -> None:
        """Hand out what is not outstanding yet."""
        for job in jobs(query for query in missing if query not in self.outstanding):
            source, place = job[0].source, job[0].place
            self.outstanding.update(dict.fromkeys(job, f"{source} {place}".strip()))
            if (source, place) not in self._pools:
                client = SourceClient(self.sources.opener(source, place), self.deadline)
                self._pools[source, place] = WorkerPool(source, client, self._replies)
            self._pools[source, place].put(job)

    def receive(self, linger: float) -> Answers:
        """All replies that are there, waiting for the first; none when the deadline has passed.

        It lingers as long as the last judgement took, in seconds: judging again costs that much.
        """
        answers: Answers = {}
        until = self.deadline.ends + GRACE
        while self.outstanding:
            try:
                reply, fault = self._replies.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if not answers:
                until = min(until, time.monotonic() + linger)
            answers.update(reply)
            for query in reply:
                self.outstanding.pop(query, None)
            self.faults += [fault] if fault else []
        return answers

    def close(self) -> None:
        """End the threads and close the sources: a watch looks again and again."""
        for pool in self._pools.values():
            pool.close()


def _timed_out(query: Query[Any]) -> Unknown:
    name = query.subject if query.source == "engine" else f"({query.subject})"
    message = f"{query.source} {name} did not answer in time"
    return Unknown(query.problem("timeout", message, "allow it more time with --timeout SECONDS"))
