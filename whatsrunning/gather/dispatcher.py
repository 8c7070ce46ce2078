"""What is outstanding: hands queries to workers and takes their answers back."""

import queue
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from whatsrunning.facts.answers import SourceName, Unknown
from whatsrunning.facts.engine import EngineClient
from whatsrunning.facts.git import Git
from whatsrunning.facts.github import Github
from whatsrunning.facts.journal import Journal
from whatsrunning.facts.query import Answers, Deadline, Query
from whatsrunning.facts.registry import Registry
from whatsrunning.gather.jobs import jobs
from whatsrunning.gather.workers import Replies, SourceClient, WorkerPool

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


@dataclass(slots=True)
class Dispatcher:
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
            owing = f"{job.source} {job.place}".strip()
            self.outstanding.update(dict.fromkeys(job.queries, owing))
            self._pool(job.source, job.place).put(job)

    def waited_for(self) -> frozenset[str]:
        """The sources that still owe an answer, as a person calls them."""
        return frozenset(self.outstanding.values())

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

    def _pool(self, source: SourceName, place: str) -> WorkerPool:
        if (source, place) not in self._pools:
            client = SourceClient(self.sources.opener(source, place), self.deadline)
            self._pools[source, place] = WorkerPool(source, client, self._replies)
        return self._pools[source, place]


def timed_out(query: Query[Any]) -> Unknown:
    """The answer to a query whose reply has not come by the deadline."""
    name = query.subject if query.source == "engine" else f"({query.subject})"
    message = f"{query.source} {name} did not answer in time"
    return Unknown(query.problem("timeout", message, "allow it more time with --timeout SECONDS"))
