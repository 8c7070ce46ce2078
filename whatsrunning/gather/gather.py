"""Questions to answers: the threads, the deadline, and the only `except SourceError`.

There are no barriers: each reply starts its own next questions, so one hung engine delays nothing.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from whatsrunning.facts.answers import Answer
from whatsrunning.facts.ports import Deadline
from whatsrunning.facts.queries import Query
from whatsrunning.facts.store import FactStore
from whatsrunning.gather.dispatcher import Dispatcher, Sources, timed_out
from whatsrunning.gather.jobs import Answers

__all__ = ["Answers", "Gathered", "Sources", "gather"]

T = TypeVar("T")


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
    known: Mapping[Query, Answer[Any]] | None = None,
    waiting: Callable[[frozenset[str]], None] = lambda _lanes: None,
) -> Gathered[T]:
    """Ask until nothing more is wanted or the deadline has passed; `known` is not asked again.

    Whatever is late is Unknown(timeout) (DESIGN section 3). `waiting` is told what is waited for.
    """
    answers: Answers = dict(known or {})
    desk = Dispatcher(sources, deadline)
    while deadline.left():
        began = time.monotonic()
        facts = FactStore(answers)
        judgement = judge(facts)
        desk.send(facts.missing)
        if not desk.open:
            return Gathered(answers, judgement, tuple(desk.faults))
        waiting(desk.lanes())
        answers.update(desk.receive(linger=time.monotonic() - began))
    answers.update({question: timed_out(question) for question in desk.open})
    return Gathered(answers, judge(FactStore(answers, last=True)), tuple(desk.faults))
