"""Daemon threads that make one source's calls; whatever happens there becomes an answer.

A ThreadPoolExecutor's workers would outlive the call: Python joins them when it ends
(https://docs.python.org/3/library/concurrent.futures.html#threadpoolexecutor).
"""

import queue
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from whatsrunning.errors import whereabouts
from whatsrunning.facts.answers import Problem, SourceName, Unknown
from whatsrunning.facts.query import Answers, Deadline, Query, SourceError
from whatsrunning.gather.jobs import Job, call

Replies: TypeAlias = "queue.SimpleQueue[tuple[Answers, str]]"
"""Answers, each with the fault of ours that made them, or nothing."""

THREADS: Mapping[SourceName, int] = {"registry": 8, "github": 4}
"""Threads at one place of a source; the others have one each."""


@dataclass(slots=True)
class SourceClient:
    """One source, opened at the first query; turns whatever happens into answers."""

    opener: Callable[[], Any]
    deadline: Deadline
    _port: Any = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, queries: tuple[Query[Any], ...]) -> tuple[Answers, str]:
        """An answer to each query, and the fault of ours if there was one."""
        try:
            return call(self._opened(), queries, self.deadline), ""
        except SourceError as error:
            return dict.fromkeys(queries, Unknown(error.problem)), ""
        except Exception as error:  # a fault of ours is data too: the rest still prints
            fault = whereabouts(error)
            return {query: Unknown(_internal(query, fault)) for query in queries}, fault

    def close(self) -> None:
        """End what the source holds open, if it holds anything: over ssh that is a process."""
        close = getattr(self._port, "close", None)
        if close is not None:
            close()

    def _opened(self) -> Any:
        with self._lock:
            if self._port is None:
                self._port = self.opener()
            return self._port


class WorkerPool:
    """The threads at one place of a source, started one by one as calls pile up."""

    def __init__(self, source: SourceName, client: SourceClient, replies: Replies) -> None:
        self._jobs: queue.SimpleQueue[Job | None] = queue.SimpleQueue()
        self._source, self._client, self._replies = source, client, replies
        self._threads = 0

    def put(self, job: Job) -> None:
        """Have the job done by the next thread that is free."""
        self._jobs.put(job)
        if self._threads < THREADS.get(self._source, 1):
            self._threads += 1
            threading.Thread(target=self._work, name=self._source, daemon=True).start()

    def close(self) -> None:
        """Let the threads end, and close the source; one that hangs is not waited for."""
        for _ in range(self._threads):
            self._jobs.put(None)
        self._client.close()

    def _work(self) -> None:
        while job := self._jobs.get():
            self._replies.put(self._client.answer(job.queries))


def _internal(query: Query[Any], fault: str) -> Problem:
    message = f"a fault of whatsrunning itself ({fault}) while asking about {query.subject}"
    return query.problem("internal", message, "please report it; the rest of the answer stands")
