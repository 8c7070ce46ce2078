"""GitHub as the Forge: GraphQL in batches with a token, REST without (DESIGN section 7)."""

import threading
import time
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from typing import TypeVar

from whatsrunning.facts import ports
from whatsrunning.facts.answers import Answer, Found, Problem, Unknown
from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.facts.records import (
    CiFacts,
    CompareFacts,
    DeploymentFacts,
    GithubCommitFacts,
    GraphFacts,
    PullFacts,
)
from whatsrunning.sources.github import graphql, rest
from whatsrunning.sources.github import runs as ci_runs
from whatsrunning.sources.github.access import GithubAccess
from whatsrunning.sources.github.errors import bad_reply, timed_out
from whatsrunning.sources.github.http import GithubHttp, Refusal, RepositoryApi
from whatsrunning.sources.github.parse import SHA, Misshapen

T = TypeVar("T")
REMEMBERED = 30.0
"""Seconds for which a repository that was refused is not asked for again."""


def open_github(access: GithubAccess) -> ports.Github:
    """The Forge for that access, to be shared by threads; nothing is asked yet."""
    return _Github(access)


class _Github:
    """Threads share it; the homes (present name and default branch) are asked once a repository."""

    def __init__(self, access: GithubAccess) -> None:
        self._wire = GithubHttp(access)
        self._homes: dict[str, tuple[str, str]] = {}
        self._refused: dict[str, tuple[Problem, float]] = {}
        self._asking: defaultdict[str, threading.Lock] = defaultdict(threading.Lock)

    def commits(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[GithubCommitFacts]]:
        talk = self._wire.talk(repository, deadline)
        answers: dict[str, Answer[GithubCommitFacts]] = {
            sha: _no_sha(talk, sha) for sha in shas if not SHA.fullmatch(sha)
        }
        asked = [sha for sha in dict.fromkeys(shas) if sha not in answers]
        if not talk.asked.with_token:
            return answers | _read(talk, lambda: rest.commits(talk, asked))
        return answers | _read(talk, lambda: graphql.commits(talk, asked))

    def graph(self, repository: str, deadline: Deadline) -> GraphFacts:
        talk = self._wire.talk(repository, deadline)
        if talk.asked.with_token:
            return _read(talk, lambda: graphql.graph(talk))
        talk, branch = self._at_home(repository, deadline)
        return _read(talk, lambda: rest.graph(talk, branch))

    def compare(
        self, repository: str, base: str, head: str, deadline: Deadline
    ) -> Answer[CompareFacts]:
        talk, _ = self._at_home(repository, deadline)
        return _read(talk, lambda: rest.compare(talk, base, head))

    def pull(self, repository: str, number: int, deadline: Deadline) -> Answer[PullFacts]:
        talk, _ = self._at_home(repository, deadline)
        return _read(talk, lambda: rest.pull(talk, number))

    def reference(self, repository: str, name: str, deadline: Deadline) -> Answer[str]:
        talk = self._wire.talk(repository, deadline)
        return _read(talk, lambda: rest.reference(talk, name))

    def runs(self, repository: str, sha: str, deadline: Deadline) -> Answer[CiFacts]:
        talk, _ = self._at_home(repository, deadline)
        if not SHA.fullmatch(sha):
            return _no_sha(talk, sha)
        return _read(talk, lambda: ci_runs.runs(talk, sha))

    def required(self, repository: str, deadline: Deadline) -> Answer[tuple[str, ...]]:
        talk, branch = self._at_home(repository, deadline)
        return _read(talk, lambda: rest.required(talk, branch))

    def deployments(
        self, repository: str, deadline: Deadline
    ) -> Answer[tuple[DeploymentFacts, ...]]:
        talk = self._wire.talk(repository, deadline)
        if talk.asked.with_token:
            return Found(_read(talk, lambda: graphql.deployments(talk)))
        talk, _ = self._at_home(repository, deadline)
        return Found(_read(talk, lambda: rest.deployments(talk)))

    def _at_home(self, repository: str, deadline: Deadline) -> tuple[RepositoryApi, str]:
        """Calls under the repository's present name, and its default branch.

        PyGithub follows a rename without the query, so pages and filters need the present name.
        """
        talk = self._wire.talk(repository, deadline)
        lock = self._asking[repository]
        if not lock.acquire(timeout=deadline.left()):
            raise SourceError(timed_out(talk.asked))
        try:
            name, branch = self._home(talk)
        finally:
            lock.release()
        return replace(talk, name=name), branch

    def _home(self, talk: RepositoryApi) -> tuple[str, str]:
        """Asked once; a refusal is remembered too, or each question would spend a request on it."""
        repository = talk.asked.repository
        refused, since = self._refused.get(repository, (None, 0.0))
        if refused is not None and time.monotonic() - since < REMEMBERED:
            raise SourceError(refused)
        if repository not in self._homes:
            try:
                self._homes[repository] = _read(talk, lambda: rest.home(talk))
            except Refusal as refusal:
                if refusal.status in (401, 403, 404, 429):
                    self._refused[repository] = (refusal.problem, time.monotonic())
                raise
        return self._homes[repository]


def _read(talk: RepositoryApi, ask: Callable[[], T]) -> T:
    """What is asked, or SourceError `bad-reply` where a reply is not what GitHub describes."""
    try:
        return ask()
    except Misshapen:
        raise SourceError(bad_reply(talk.asked)) from None


def _no_sha(talk: RepositoryApi, sha: str) -> Unknown:
    message = f"{sha[:64]!r} is not a whole SHA, as GitHub needs it"
    return Unknown(talk.asked.problem("not-a-sha", message, "give all 40 characters"))
