"""GitHub's REST API: the way without a token, and what GraphQL has no word for.

An unknown SHA is 422, in an empty repository 409: https://docs.github.com/en/rest/commits/commits
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import replace
from typing import TypeVar
from urllib.parse import quote

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.git import GraphFacts
from whatsrunning.facts.github import CompareFacts, DeploymentFacts, GithubCommitFacts, PullFacts
from whatsrunning.facts.query import SourceError
from whatsrunning.facts.topology import newest_first
from whatsrunning.names.repository import is_owner_name
from whatsrunning.sources import json_reader as read
from whatsrunning.sources.github import parse
from whatsrunning.sources.github.http import RepositoryApi, RequestFailed

T = TypeVar("T")
PULL_PAGES = 3
PULL_COMMITS = 250
"""GitHub lists no more: https://docs.github.com/en/rest/pulls/pulls#list-commits-on-a-pull-request"""
DEPLOYMENTS = 10
"""Each costs a request of the 60 an hour that there are without a token."""
_SHORT = re.compile(r"[0-9a-f]{7,40}")
# What git allows in no name: https://git-scm.com/docs/git-check-ref-format
_NO_REFERENCE = re.compile(
    r"[\x00-\x20\x7f~^:?*\[\\\ud800-\udfff]|\.\.|@\{|//|^[-/.]|/\.|[/.]$|\.lock(?:/|$)"
)


def repository(api: RepositoryApi) -> tuple[str, str]:
    """The repository's present OWNER/NAME, which a rename changes, and its default branch."""
    reply = api.get("")
    name, branch = read.text(reply, "full_name"), read.text(reply, "default_branch")
    if not is_owner_name(name):
        raise read.MalformedReply("full_name is no OWNER/NAME")
    return name, branch


def commits(api: RepositoryApi, asked: Sequence[str]) -> dict[str, Answer[GithubCommitFacts]]:
    """Whole SHAs, two requests each."""
    return _one_by_one(api, asked, _commit)


def prefixes(api: RepositoryApi, asked: Sequence[str]) -> dict[str, Answer[str]]:
    """Whole SHAs of short ones, a request each."""
    return _one_by_one(api, asked, _prefix)


def _one_by_one(
    api: RepositoryApi, asked: Sequence[str], ask: Callable[[RepositoryApi, str], Answer[T]]
) -> dict[str, Answer[T]]:
    """What was answered before a failure stands."""
    answers: dict[str, Answer[T]] = {}
    for commit in asked:
        try:
            answers[commit] = ask(api, commit)
        except SourceError as error:
            if not answers:
                raise
            return dict.fromkeys(asked, Unknown(error.problem)) | answers
    return answers


def _prefix(api: RepositoryApi, short: str) -> Answer[str]:
    reply = api.find(f"/commits/{short}", 409, 422, per_page=1)
    return reply.then(lambda commit: parse.sha_that_begins(commit, short, "sha"))


def _commit(api: RepositoryApi, commit: str) -> Answer[GithubCommitFacts]:
    def with_pulls(reply: read.Object) -> Answer[GithubCommitFacts]:
        pulls = parse.entries(api.get(f"/commits/{commit}/pulls", per_page=10))
        facts, url = parse.rest_commit(reply), parse.web_url(reply, "html_url")
        return Found(GithubCommitFacts(facts, url, tuple(map(parse.rest_pull, pulls))))

    return api.find(f"/commits/{commit}", 409, 422, per_page=1).then(with_pulls)


def graph(api: RepositoryApi, branch: str) -> GraphFacts:
    """The newest commits of the default branch."""
    try:
        listed, more = api.pages("/commits", parse.HISTORY_PAGES, sha=branch)
    except RequestFailed as failed:
        failed.nothing(409)
        listed, more = [], False
    parents = {parse.sha(entry, "sha"): parse.shas(entry, "sha", "parents") for entry in listed}
    head = next(iter(parents), "")
    return GraphFacts(branch, head, newest_first(parents), whole=not more)


def compare(api: RepositoryApi, base: str, head: str) -> Answer[CompareFacts]:
    """How head stands against base; the caller knows that the repository is there."""
    path = f"/compare/{quote(base, safe='')}...{quote(head, safe='')}"
    return api.find(path, 404, 422, per_page=1).then(_counts)


def _counts(reply: read.Object) -> Answer[CompareFacts]:
    # They are whole, although no page lists more than 250 commits:
    # https://docs.github.com/en/rest/commits/commits#compare-two-commits
    return Found(CompareFacts(read.integer(reply, "ahead_by"), read.integer(reply, "behind_by")))


def pull(api: RepositoryApi, number: int) -> Answer[PullFacts]:
    """A pull request with its commits; the caller knows that the repository is there."""

    def with_commits(reply: read.Object) -> Answer[PullFacts]:
        listed, _ = api.pages(f"/pulls/{number}/commits", PULL_PAGES)
        commits = tuple(parse.sha(entry, "sha") for entry in listed)
        return Found(replace(parse.rest_pull(reply), commits=commits[:PULL_COMMITS]))

    return api.find(f"/pulls/{number}", 404).then(with_commits)


def reference(api: RepositoryApi, name: str) -> Answer[str]:
    """The SHA of a branch, else of a tag, else of a short SHA."""
    if not name or _NO_REFERENCE.search(name):
        return Nothing()
    short = [name] if _SHORT.fullmatch(name) else []
    for way in (f"heads/{name}", f"tags/{name}", *short):
        commit = api.find(f"/commits/{quote(way)}", 409, 422, per_page=1).value_or(None)
        if commit is not None:
            return Found(parse.sha(commit, "sha"))
    return Nothing()


def required(api: RepositoryApi, branch: str) -> Answer[tuple[str, ...]]:
    """The names of the checks that the branch's protection requires today."""
    return api.find(f"/branches/{quote(branch, safe='')}", 404).then(_required)


def _required(branch: read.Object) -> Answer[tuple[str, ...]]:
    if not read.flag(branch, "protected"):
        return Nothing()
    rules = read.field(branch, "protection", "required_status_checks")
    names = [read.text(check, "context") for check in read.objects(rules, "checks")]
    names += read.texts(rules, "contexts")
    return Found(tuple(dict.fromkeys(names))) if names else Nothing()


def deployments(api: RepositoryApi) -> tuple[DeploymentFacts, ...]:
    """The newest deployments, each with its newest status."""
    listed = parse.entries(api.get("/deployments", per_page=DEPLOYMENTS))
    return tuple(_deployment(api, entry) for entry in listed[:DEPLOYMENTS])


def _deployment(api: RepositoryApi, entry: read.Object) -> DeploymentFacts:
    number = read.integer(entry, "id")
    statuses = parse.entries(api.get(f"/deployments/{number}/statuses", per_page=1))
    newest = statuses[0] if statuses else {}
    return DeploymentFacts(
        id=number,
        sha=parse.sha(entry, "sha"),
        environment=read.text(entry, "environment"),
        created_at=read.moment(entry, "created_at"),
        state=read.text(newest, "state", default=""),
        url=parse.web_url(newest, "log_url") or parse.web_url(newest, "environment_url"),
    )
