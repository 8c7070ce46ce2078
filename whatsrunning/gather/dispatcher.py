"""What is outstanding: sends questions to lanes and takes the replies back."""

import queue
import time
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from whatsrunning.facts.answers import Answer, Problem, Unknown
from whatsrunning.facts.ports import Deadline, EngineClient, Git, Github, Journal, Registry
from whatsrunning.facts.queries import Query
from whatsrunning.facts.store import source_of
from whatsrunning.gather.jobs import Answers, jobs, subject_of
from whatsrunning.gather.workers import SourceClient, WorkerPool

GRACE = 0.1
"""Seconds past the deadline in which a source may still say itself why it is late."""


@dataclass(frozen=True, slots=True)
class Sources:
    """How to open each source. Opening is left to the lane that needs it, and done once."""

    engines: Mapping[str, Callable[[], EngineClient]]
    registry: Callable[[], Registry]
    git: Callable[[], Git]
    github: Callable[[], Github]
    journal: Callable[[], Journal]


@dataclass(slots=True)
class Dispatcher:
    """What is outstanding: sends jobs to lanes and takes replies back."""

    sources: Sources
    deadline: Deadline
    open: dict[Query, str] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    _lanes: dict[tuple[str, str], WorkerPool] = field(default_factory=dict)
    _replies: "queue.SimpleQueue[tuple[Answers, str]]" = field(default_factory=queue.SimpleQueue)

    def send(self, wanted: Iterable[Query]) -> None:
        """Put what is not yet outstanding on its lanes."""
        for job in jobs(question for question in wanted if question not in self.open):
            self.open.update(dict.fromkeys(job.questions, " ".join(filter(None, job.lane))))
            self._lane(job.lane).put(job)

    def lanes(self) -> frozenset[str]:
        """The sources that still owe an answer, as a person calls them."""
        return frozenset(self.open.values())

    def receive(self, linger: float) -> Answers:
        """All replies that are there, waiting for the first; none when the deadline has passed.

        It lingers as long as the last judgement took: judging again costs that much.
        """
        replies: Answers = {}
        until = self.deadline.ends + GRACE
        while self.open:
            try:
                answers, fault = self._replies.get(timeout=max(0.0, until - time.monotonic()))
            except queue.Empty:
                break
            if not replies:
                until = min(until, time.monotonic() + linger)
            self._take(answers, fault, replies)
        return replies

    def _take(self, answers: Answers, fault: str, replies: Answers) -> None:
        replies.update(answers)
        for question in answers:
            self.open.pop(question, None)
        if fault:
            self.faults.append(fault)

    def _lane(self, key: tuple[str, str]) -> WorkerPool:
        if key not in self._lanes:
            caller = SourceClient(_opener(self.sources, key), self.deadline)
            self._lanes[key] = WorkerPool(key[0], caller, self._replies)
        return self._lanes[key]


def timed_out(question: Query) -> Answer[Any]:
    """The answer to a question whose reply has not come by the deadline."""
    source, subject = source_of(question), subject_of(question)
    name = f"engine {subject}" if source == "engine" else f"{source} ({subject})"
    hint = "allow it more time with --timeout SECONDS"
    return Unknown(Problem(source, subject, "timeout", f"{name} did not answer in time", hint))


def _opener(sources: Sources, lane: tuple[str, str]) -> Callable[[], Any]:
    match lane:
        case ("engine", name):
            return sources.engines[name]
        case ("registry", _):
            return sources.registry
        case ("git", _):
            return sources.git
        case ("github", _):
            return sources.github
    return sources.journal
