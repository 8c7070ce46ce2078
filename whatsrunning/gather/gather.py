"""Questions to answers: the threads, the deadline, and the only `except SourceError`.

There are no barriers: each reply starts its own next questions, so one hung engine delays nothing.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from whatsrunning.facts.answers import Answer
from whatsrunning.facts.ports import Deadline
from whatsrunning.facts.queries import Question
from whatsrunning.facts.store import Facts
from whatsrunning.gather.dispatcher import Desk, Sources, late
from whatsrunning.gather.jobs import Answers

__all__ = ["Answers", "Look", "Sources", "gather"]

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Look(Generic[T]):
    """What was asked and answered, and the last judgement of it. `faults` name faults of ours."""

    answers: Answers
    judgement: T
    faults: tuple[str, ...] = ()


def gather(
    sources: Sources,
    deadline: Deadline,
    judge: Callable[[Facts], T],
    known: Mapping[Question, Answer[Any]] | None = None,
    waiting: Callable[[frozenset[str]], None] = lambda _lanes: None,
) -> Look[T]:
    """Ask until nothing more is wanted or the deadline has passed; `known` is not asked again.

    Whatever is late is Unknown(timeout) (DESIGN section 3). `waiting` is told what is waited for.
    """
    answers: Answers = dict(known or {})
    desk = Desk(sources, deadline)
    while deadline.left():
        began = time.monotonic()
        facts = Facts(answers)
        judgement = judge(facts)
        desk.send(facts.wanted)
        if not desk.open:
            return Look(answers, judgement, tuple(desk.faults))
        waiting(desk.lanes())
        answers.update(desk.receive(linger=time.monotonic() - began))
    answers.update({question: late(question) for question in desk.open})
    return Look(answers, judge(Facts(answers, last=True)), tuple(desk.faults))
