"""GitHub's answers: by GraphQL in batches with a token, by REST without."""

import threading
import time
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import replace
from urllib.parse import urlsplit

from whatsrunning.facts.answers import Answer, Found, Problem, Unknown
from whatsrunning.facts.git import GraphFacts
from whatsrunning.facts.github import (
    CiFacts,
    CompareFacts,
    DeploymentFacts,
    GithubCommitFacts,
    PullFacts,
)
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.names.repository import is_owner_name
from whatsrunning.sources import json_reader as read
from whatsrunning.sources.github import errors, graphql, rest
from whatsrunning.sources.github import runs as ci_runs
from whatsrunning.sources.github.access import GithubAccess
from whatsrunning.sources.github.errors import RequestInfo
from whatsrunning.sources.github.http import PatientRequester, RepositoryApi, RequestFailed
from whatsrunning.sources.github.parse import SHA, SHORT_SHA
from whatsrunning.sources.interface import held

_WITHOUT_TOKEN = 10  # short SHAs of a repository: each costs a request of the 60 an hour
_REMEMBERED = 30.0  # seconds for which a repository that was refused is not asked for again


class GithubClient:
    """GitHub for all threads; a repository's present name and default branch are asked for once."""

    def __init__(self, access: GithubAccess) -> None:
        self._access = access
        # By thread and token: shared by threads, a requester mixes up their replies,
        # https://github.com/PyGithub/PyGithub/issues/1257
        self._requesters: dict[tuple[int, str], PatientRequester] = {}
        self._repositories: dict[str, tuple[str, str]] = {}
        self._refused: dict[str, tuple[Problem, float]] = {}
        self._asking: dict[str, threading.Semaphore] = {}
        self._counting = threading.Lock()
        self._counted = Counter[str]()  # short SHAs of each repository, without a token

    def commits(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[GithubCommitFacts]]:
        with self._api(repository, deadline) as api:
            asked = [sha for sha in dict.fromkeys(shas) if SHA.fullmatch(sha)]
            commits = graphql.commits if api.request.with_token else rest.commits
            answers = commits(api, asked)
            return {sha: answers.get(sha) or _no_sha(api, sha) for sha in shas}

    def prefixes(
        self, repository: str, prefixes: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[str]]:
        with self._api(repository, deadline) as api:
            asked = [short for short in dict.fromkeys(prefixes) if SHORT_SHA.fullmatch(short)]
            if api.request.with_token:
                answers = graphql.prefixes(api, asked)
            else:
                some = self._spared(repository, asked)
                unasked = Unknown(_no_token(api))
                answers = dict.fromkeys(asked, unasked) | rest.prefixes(api, some)
            return {short: answers.get(short) or _no_short_sha(api, short) for short in prefixes}

    def graph(self, repository: str, deadline: Deadline) -> GraphFacts:
        with self._api(repository, deadline) as api:
            if api.request.with_token:
                return graphql.graph(api)
        with self._present(repository, deadline) as (api, branch):
            return rest.graph(api, branch)

    def compare(
        self, repository: str, base: str, head: str, deadline: Deadline
    ) -> Answer[CompareFacts]:
        with self._present(repository, deadline) as (api, _):
            return rest.compare(api, base, head)

    def pull(self, repository: str, number: int, deadline: Deadline) -> Answer[PullFacts]:
        with self._present(repository, deadline) as (api, _):
            return rest.pull(api, number)

    def reference(self, repository: str, name: str, deadline: Deadline) -> Answer[str]:
        with self._api(repository, deadline) as api:
            return rest.reference(api, name)

    def runs(self, repository: str, sha: str, deadline: Deadline) -> Answer[CiFacts]:
        with self._present(repository, deadline) as (api, _):
            return ci_runs.runs(api, sha) if SHA.fullmatch(sha) else _no_sha(api, sha)

    def required(self, repository: str, deadline: Deadline) -> Answer[tuple[str, ...]]:
        with self._present(repository, deadline) as (api, branch):
            return rest.required(api, branch)

    def deployments(
        self, repository: str, deadline: Deadline
    ) -> Answer[tuple[DeploymentFacts, ...]]:
        with self._api(repository, deadline) as api:
            if api.request.with_token:
                return Found(graphql.deployments(api))
        with self._present(repository, deadline) as (api, _):
            return Found(rest.deployments(api))

    def api(self, repository: str, deadline: Deadline) -> RepositoryApi:
        """Requests about OWNER/NAME; a token goes only with its own repositories."""
        token = self._access.token_for(repository)
        host = urlsplit(self._access.api_url).netloc
        request = RequestInfo(repository, host, bool(token), deadline)
        if not is_owner_name(repository):
            words = "is not at GitHub: pull requests and CI are not looked up"
            hint = "name its repository at GitHub with -R OWNER/NAME, if it has one"
            raise SourceError(request.problem("other-forge", f"{repository[:200]} {words}", hint))
        thread = threading.get_ident(), token
        if thread not in self._requesters:
            self._requesters[thread] = PatientRequester(self._access, token)
        return RepositoryApi(request, repository, self._requesters[thread])

    def _spared(self, repository: str, asked: Sequence[str]) -> Sequence[str]:
        """The few short SHAs of a repository that are asked for without a token."""
        name = repository.casefold()
        with self._counting:
            left = max(0, _WITHOUT_TOKEN - self._counted[name])
            self._counted[name] += len(asked)
        return asked[:left]

    @contextmanager
    def _api(self, repository: str, deadline: Deadline) -> Iterator[RepositoryApi]:
        """The repository as it was named; a reply that GitHub does not describe is `bad-reply`."""
        api = self.api(repository, deadline)
        try:
            yield api
        except read.MalformedReply:
            raise SourceError(errors.bad_reply(api.request)) from None

    @contextmanager
    def _present(self, repository: str, deadline: Deadline) -> Iterator[tuple[RepositoryApi, str]]:
        """The repository under its present name, and its default branch."""
        # GitHub redirects from a name before a rename, but PyGithub follows without the query, and
        # pages and filters are lost:
        # https://docs.github.com/en/rest/using-the-rest-api/best-practices-for-using-the-rest-api
        with self._api(repository, deadline) as api:
            late = SourceError(errors.timed_out(api.request))
            turn = self._asking.setdefault(repository, threading.Semaphore())
            with held(turn, deadline, late):
                name, branch = self._looked_up(api)
            yield replace(api, name=name), branch

    def _looked_up(self, api: RepositoryApi) -> tuple[str, str]:
        """Asked once; a refusal is remembered too, or each query would spend a request on it."""
        repository = api.request.repository
        refused, since = self._refused.get(repository, (None, 0.0))
        if refused and time.monotonic() - since < _REMEMBERED:
            raise SourceError(refused)
        if repository not in self._repositories:
            try:
                self._repositories[repository] = rest.repository(api)
            except RequestFailed as failed:
                if failed.status in (401, 403, 404, 429):
                    self._refused[repository] = (failed.problem, time.monotonic())
                raise
        return self._repositories[repository]


def _no_sha(api: RepositoryApi, sha: str) -> Unknown:
    message = f"{sha[:64]!r} is not a whole SHA, as GitHub needs it"
    return Unknown(api.request.problem("not-a-sha", message, "give all 40 characters"))


def _no_short_sha(api: RepositoryApi, short: str) -> Unknown:
    message = f"{short[:64]!r} is no short SHA, as GitHub can be asked for it"
    return Unknown(api.request.problem("not-a-sha", message, "give 7 to 39 hex digits"))


def _no_token(api: RepositoryApi) -> Problem:
    repository = api.request.repository
    most = f"{_WITHOUT_TOKEN} short SHAs of {repository}"
    message = f"without a token, GitHub is asked for {most} at the most"
    return api.request.problem("no-token", message, f"set GH_TOKEN and name {repository} with -R")
