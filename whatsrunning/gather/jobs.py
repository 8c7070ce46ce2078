"""Which queries one call answers, and that call."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from whatsrunning.facts.answers import Nothing, SourceName
from whatsrunning.facts.query import Answers, Deadline, OfCommit, Query


@dataclass(frozen=True, slots=True)
class Job:
    """Queries that one call of a source answers, at one of its places."""

    source: SourceName
    place: str
    queries: tuple[Query[Any], ...]


def jobs(missing: Iterable[Query[Any]]) -> Iterator[Job]:
    """One job a query, but commits of one repository together."""
    together: dict[tuple[type, str], list[OfCommit[Any]]] = {}
    for query in missing:
        if isinstance(query, OfCommit):
            together.setdefault((type(query), query.repository), []).append(query)
        else:
            yield _job((query,))
    for commits in together.values():
        most = commits[0].most
        for start in range(0, len(commits), most):
            yield _job(commits[start : start + most])


def _job(queries: Sequence[Query[Any]]) -> Job:
    return Job(queries[0].source, queries[0].place, tuple(queries))


def call(port: Any, queries: tuple[Query[Any], ...], deadline: Deadline) -> Answers:
    """The answers of one port call; what has no reply is Nothing. Raises SourceError."""
    first = queries[0]
    if not isinstance(first, OfCommit):
        return {first: first.ask(port, deadline)}
    shas = {query: query.sha for query in queries if isinstance(query, OfCommit)}
    replies = first.ask_all(port, tuple(shas.values()), deadline)
    return {query: replies.get(sha, Nothing()) for query, sha in shas.items()}
