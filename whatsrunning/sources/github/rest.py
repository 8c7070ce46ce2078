"""GitHub's REST API: the way without a token, and what GraphQL has no word for."""

import re
from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.ports import SourceError
from whatsrunning.facts.records import (
    CompareFacts,
    DeploymentFacts,
    GithubCommitFacts,
    GraphFacts,
    PullFacts,
)
from whatsrunning.sources.github.http import Refusal, RepositoryApi, is_repository
from whatsrunning.sources.github.parse import (
    Misshapen,
    field,
    flag,
    items,
    moment,
    newest_first,
    number,
    rest_commit,
    rest_pull,
    sha,
    text,
    text_or_empty,
    web_url,
)

HISTORY_PAGES = 3
PULL_PAGES = 3
PULL_COMMITS = 250
"""GitHub lists no more commits of a pull request."""
DEPLOYMENTS = 10
"""Each costs a request of the 60 an hour that there are without a token."""
_SHORT = re.compile(r"[0-9a-f]{7,40}")
_NO_REFERENCE = re.compile(
    r"[\x00-\x20\x7f~^:?*\[\\\ud800-\udfff]|\.\.|@\{|//|^[-/.]|/\.|[/.]$|\.lock(?:/|$)"
)


def home(talk: RepositoryApi) -> tuple[str, str]:
    """The repository's present OWNER/NAME, which a rename changes, and its default branch."""
    body = talk.get("").body
    name, branch = text(body, "full_name"), text(body, "default_branch")
    if not is_repository(name):
        raise Misshapen
    return name, branch


def commits(talk: RepositoryApi, shas: Sequence[str]) -> dict[str, Answer[GithubCommitFacts]]:
    """Whole SHAs, two requests each; what was answered before a failure stands."""
    answers: dict[str, Answer[GithubCommitFacts]] = {}
    for asked in shas:
        try:
            answers[asked] = _commit(talk, asked)
        except SourceError as error:
            if not answers:
                raise
            return dict.fromkeys(shas, Unknown(error.problem)) | answers
    return answers


def _commit(talk: RepositoryApi, asked: str) -> Answer[GithubCommitFacts]:
    """A commit with its pull requests; an unknown SHA is 422, in an empty repository 409."""
    try:
        reply = talk.get(f"/commits/{asked}", per_page=1).body
    except Refusal as refusal:
        return _nothing(refusal, 409, 422)
    pulls = items(talk.get(f"/commits/{asked}/pulls", per_page=10).body)
    facts = tuple(rest_pull(pull) for pull in pulls)
    return Found(GithubCommitFacts(rest_commit(reply), web_url(reply, "html_url"), facts))


def graph(talk: RepositoryApi, branch: str) -> GraphFacts:
    """The newest commits of the default branch."""
    parents: dict[str, tuple[str, ...]] = {}
    more = False
    try:
        for page in talk.pages("/commits", HISTORY_PAGES, sha=branch):
            for entry in items(page.body):
                above = tuple(sha(parent, "sha") for parent in items(entry, "parents"))
                parents[sha(entry, "sha")] = above
            more = page.more
    except Refusal as refusal:
        _nothing(refusal, 409)
    head = next(iter(parents), "")
    return GraphFacts(branch, head, newest_first(parents), whole=not more)


def compare(talk: RepositoryApi, base: str, head: str) -> Answer[CompareFacts]:
    """How head stands against base; the caller knows that the repository is there."""
    path = f"/compare/{quote(base, safe='')}...{quote(head, safe='')}"
    try:
        reply = talk.get(path, per_page=1).body
    except Refusal as refusal:
        return _nothing(refusal, 404, 422)
    return Found(CompareFacts(number(reply, "ahead_by"), number(reply, "behind_by")))


def pull(talk: RepositoryApi, asked: int) -> Answer[PullFacts]:
    """A pull request with its commits; the caller knows that the repository is there."""
    try:
        reply = talk.get(f"/pulls/{asked}").body
    except Refusal as refusal:
        return _nothing(refusal, 404)
    pages = talk.pages(f"/pulls/{asked}/commits", PULL_PAGES)
    shas = [sha(entry, "sha") for page in pages for entry in items(page.body)]
    return Found(rest_pull(reply, tuple(shas[:PULL_COMMITS])))


def reference(talk: RepositoryApi, name: str) -> Answer[str]:
    """The SHA of a branch, else of a tag, else of a short SHA."""
    if not name or _NO_REFERENCE.search(name):
        return Nothing()  # git allows no such name
    ways = [f"heads/{name}", f"tags/{name}"]
    if _SHORT.fullmatch(name):
        ways.append(name)
    for way in ways:
        try:
            return Found(sha(talk.get(f"/commits/{quote(way)}", per_page=1).body, "sha"))
        except Refusal as refusal:
            _nothing(refusal, 409, 422)
    return Nothing()


def required(talk: RepositoryApi, branch: str) -> Answer[tuple[str, ...]]:
    """The names of the checks that the branch's protection requires today."""
    try:
        reply = talk.get(f"/branches/{quote(branch, safe='')}").body
    except Refusal as refusal:
        return _nothing(refusal, 404)
    rules = field(reply, "protection", "required_status_checks")
    if not flag(reply, "protected") or rules is None:
        return Nothing()
    names = [text(check, "context") for check in field(rules, "checks") or []]
    names += [text({"name": name}, "name") for name in field(rules, "contexts") or []]
    return Found(tuple(dict.fromkeys(names))) if names else Nothing()


def deployments(talk: RepositoryApi) -> tuple[DeploymentFacts, ...]:
    """The newest deployments, each with its newest status."""
    entries = items(talk.get("/deployments", per_page=DEPLOYMENTS).body)
    return tuple(_deployment(talk, entry) for entry in entries[:DEPLOYMENTS])


def _deployment(talk: RepositoryApi, entry: Any) -> DeploymentFacts:
    made = number(entry, "id")
    statuses = items(talk.get(f"/deployments/{made}/statuses", per_page=1).body)
    newest = statuses[0] if statuses else None
    return DeploymentFacts(
        id=made,
        sha=sha(entry, "sha"),
        environment=text(entry, "environment"),
        created_at=moment(entry, "created_at"),
        state=text_or_empty(newest, "state"),
        url=web_url(newest, "log_url") or web_url(newest, "environment_url"),
    )


def _nothing(refusal: Refusal, *statuses: int) -> Nothing:
    """Nothing for the statuses by which GitHub says that it is not there; else the refusal."""
    if refusal.status in statuses:
        return Nothing()
    raise refusal
