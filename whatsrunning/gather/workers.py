"""Daemon threads that make one source's calls; whatever happens there becomes an answer.

A ThreadPoolExecutor's workers would outlive the call (DESIGN section 3).
"""

import queue
import threading
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from whatsrunning.errors import whereabouts
from whatsrunning.facts.answers import Problem, Unknown
from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.facts.queries import Query
from whatsrunning.facts.store import source_of
from whatsrunning.gather.jobs import Answers, Job, call, subject_of


@dataclass(slots=True)
class SourceClient:
    """One source, opened at the first question; turns whatever happens into answers."""

    opener: Callable[[], Any]
    deadline: Deadline
    _port: Any = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, questions: tuple[Query, ...]) -> tuple[Answers, str]:
        """An answer to each question, and the fault of ours if there was one."""
        try:
            return call(self._opened(), questions, self.deadline), ""
        except SourceError as error:
            return dict.fromkeys(questions, Unknown(error.problem)), ""
        except Exception as error:  # a fault of ours is data too: the rest still prints
            fault = whereabouts(error)
            return {q: Unknown(_internal(q, fault)) for q in questions}, fault

    def _opened(self) -> Any:
        with self._lock:
            if self._port is None:
                self._port = self.opener()
            return self._port


THREADS = {"registry": 8, "github": 4}
"""Threads of a lane; engines, git and the journal have one each."""


class WorkerPool:
    """Daemon threads that make one source's calls; started one by one as calls pile up."""

    def __init__(
        self, name: str, caller: SourceClient, replies: "queue.SimpleQueue[tuple[Answers, str]]"
    ) -> None:
        self._jobs: queue.SimpleQueue[Job] = queue.SimpleQueue()
        self._name, self._caller, self._replies = name, caller, replies
        self._threads = 0

    def put(self, job: Job) -> None:
        self._jobs.put(job)
        if self._threads < THREADS.get(self._name, 1):
            self._threads += 1
            threading.Thread(target=self._work, name=self._name, daemon=True).start()

    def _work(self) -> None:
        while True:
            self._replies.put(self._caller.answer(self._jobs.get().questions))


def _internal(question: Query, fault: str) -> Problem:
    message = f"a fault of whatsrunning itself ({fault}) while asking about {subject_of(question)}"
    hint = "please report it; the rest of the answer stands"
    return Problem(source_of(question), subject_of(question), "internal", message, hint)
