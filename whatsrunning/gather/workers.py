"""Daemon threads that make one source's calls; whatever happens there becomes an answer.

A ThreadPoolExecutor's workers would outlive the call: Python joins them when it ends
(https://docs.python.org/3/library/concurrent.futures.html#threadpoolexecutor).
"""

import queue
import threading
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias

from whatsrunning.errors import whereabouts
from whatsrunning.facts.answers import Nothing, Problem, SourceName, Unknown
from whatsrunning.facts.query import Answers, Deadline, OfCommit, Query, SourceError

Job: TypeAlias = tuple[Query[Any], ...]
"""Queries that one call of a source answers, at one of its places."""

Replies: TypeAlias = "queue.SimpleQueue[tuple[Answers, str]]"
"""Answers, each with the fault of ours that made them, or nothing."""

THREADS: Mapping[SourceName, int] = {"registry": 8, "github": 4}
"""Threads at one place of a source; the others have one each."""


def jobs(missing: Iterable[Query[Any]]) -> Iterator[Job]:
    """One job a query, but commits of one repository together."""
    together: dict[tuple[type, str], list[OfCommit[Any]]] = {}
    for query in missing:
        if isinstance(query, OfCommit):
            together.setdefault((type(query), query.repository), []).append(query)
        else:
            yield (query,)
    for commits in together.values():
        most = commits[0].most
        for start in range(0, len(commits), most):
            yield tuple(commits[start : start + most])


def _call(port: Any, job: Job, deadline: Deadline) -> Answers:
    """The answers of one port call; what has no reply is Nothing. Raises SourceError."""
    first = job[0]
    if not isinstance(first, OfCommit):
        return {first: first.ask(port, deadline)}
    shas = {query: query.sha for query in job if isinstance(query, OfCommit)}
    replies = first.ask_all(port, tuple(shas.values()), deadline)
    return {query: replies.get(sha, Nothing()) for query, sha in shas.items()}


@dataclass(slots=True)
class SourceClient:
    """One source, opened at the first query; turns whatever happens into answers."""

    opener: Callable[[], Any]
    deadline: Deadline
    _port: Any = None
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def answer(self, job: Job) -> tuple[Answers, str]:
        """An answer to each query, and the fault of ours if there was one."""
        try:
            return _call(self._opened(), job, self.deadline), ""
        except SourceError as error:
            return dict.fromkeys(job, Unknown(error.problem)), ""
        except Exception as error:  # a fault of ours is data too: the rest still prints
            fault = whereabouts(error)
            return {query: Unknown(_internal(query, fault)) for query in job}, fault

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
        """Let each thread end, and close the source as it does; nothing is waited for."""
        for _ in range(self._threads):
            self._jobs.put(None)

    def _work(self) -> None:
        while job := self._jobs.get():
            self._replies.put(self._client.answer(job))
        self._client.close()


def _internal(query: Query[Any], fault: str) -> Problem:
    message = f"a fault of whatsrunning itself ({fault}) while asking about {query.subject}"
    return query.problem("internal", message, "please report it; the rest of the answer stands")
