"""Queries to answers, until nothing more is missing or the deadline has passed.

There are no barriers: each reply starts its own next queries, so one hung engine delays nothing.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from whatsrunning.facts.answers import Answer
from whatsrunning.facts.query import Answers, Deadline, Query
from whatsrunning.facts.store import FactStore
from whatsrunning.gather.dispatcher import Dispatcher, Sources, timed_out

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
    known: Mapping[Query[Any], Answer[Any]] | None = None,
    on_waiting: Callable[[frozenset[str]], None] = lambda _sources: None,
) -> Gathered[T]:
    """Judge, ask what was missing, and judge again; `known` is not asked again.

    Whatever is late is Unknown(timeout). `on_waiting` is told which sources are waited for.
    """
    dispatcher = Dispatcher(sources, deadline)
    try:
        answers, judgement = _gathered(dispatcher, judge, dict(known or {}), on_waiting)
    finally:
        dispatcher.close()
    return Gathered(answers, judgement, tuple(dispatcher.faults))


def _gathered(
    dispatcher: Dispatcher,
    judge: Callable[[FactStore], T],
    answers: Answers,
    on_waiting: Callable[[frozenset[str]], None],
) -> tuple[Answers, T]:
    while dispatcher.deadline.left():
        began = time.monotonic()
        facts = FactStore(answers)
        judgement = judge(facts)
        dispatcher.send(facts.missing)
        if not dispatcher.outstanding:
            return answers, judgement
        on_waiting(dispatcher.waited_for())
        answers.update(dispatcher.receive(linger=time.monotonic() - began))
    answers.update({query: timed_out(query) for query in dispatcher.outstanding})
    return answers, judge(FactStore(answers, last=True))
