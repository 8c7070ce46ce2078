"""What a token makes cheap: 50 commits, or 100 short SHAs, in one GraphQL query."""

from collections.abc import Callable, Sequence
from typing import Any, Literal, TypeVar

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.git import GraphFacts
from whatsrunning.facts.github import DeploymentFacts, GithubCommit, GithubCommitFacts, GithubPrefix
from whatsrunning.facts.query import SourceError
from whatsrunning.facts.topology import newest_first
from whatsrunning.sources import json_reader as read
from whatsrunning.sources.github import parse
from whatsrunning.sources.github.errors import bad_reply, forbidden, not_found
from whatsrunning.sources.github.http import RepositoryApi

T = TypeVar("T")
DEPLOYMENTS = 30
_ARGUMENTS = "$owner: String!, $name: String!"
_REPOSITORY = "repository(owner: $owner, name: $name)"
_COMMIT = """
fragment Whole on Commit {
  oid message committedDate url author { name } tree { oid } parents(first: 20) { nodes { oid } }
  associatedPullRequests(first: 5) { nodes {
    number title url state mergedAt author { login } mergedBy { login } mergeCommit { oid }
  } }
}"""
_OID = " fragment Whole on Commit { oid }"
_PAGE = """
fragment Page on Commit {
  oid history(first: 100, after: $after) {
    pageInfo { hasNextPage endCursor } nodes { oid parents(first: 20) { nodes { oid } } }
  }
}"""
_HEAD = f"""query Head({_ARGUMENTS}, $after: String) {{
  {_REPOSITORY} {{ defaultBranchRef {{ name target {{ ...Page }} }} }}
}}{_PAGE}"""
_NEXT = f"""query Next({_ARGUMENTS}, $after: String, $head: GitObjectID!) {{
  {_REPOSITORY} {{ object(oid: $head) {{ ...Page }} }}
}}{_PAGE}"""
_DEPLOYMENTS = f"""query Deployments({_ARGUMENTS}) {{
  {_REPOSITORY} {{ deployments(
    first: {DEPLOYMENTS}, orderBy: {{ field: CREATED_AT, direction: DESC }}
  ) {{ nodes {{
    databaseId commitOid environment createdAt latestStatus {{ state logUrl environmentUrl }}
  }} }} }}
}}"""


def commits(api: RepositoryApi, asked: Sequence[str]) -> dict[str, Answer[GithubCommitFacts]]:
    """Whole SHAs, 50 in one query; an object that is no commit is Nothing."""
    answers: dict[str, Answer[GithubCommitFacts]] = {}
    for start in range(0, len(asked), GithubCommit.most):
        some = asked[start : start + GithubCommit.most]
        answers |= _batch(api, some, "oid", _COMMIT, _commit)
    return answers


def prefixes(api: RepositoryApi, asked: Sequence[str]) -> dict[str, Answer[str]]:
    """Whole SHAs of short ones, 100 in one query; a branch of that name is no short SHA."""
    answers: dict[str, Answer[str]] = {}
    for start in range(0, len(asked), GithubPrefix.most):
        some = asked[start : start + GithubPrefix.most]
        answers |= _batch(api, some, "expression", _OID, parse.sha_that_begins)
    return answers


def _batch(
    api: RepositoryApi,
    asked: Sequence[str],
    by: Literal["oid", "expression"],
    fragment: str,
    read_commit: Callable[[Any, str], Answer[T]],
) -> dict[str, Answer[T]]:
    """One query; an object that is not there, or is no commit, is Nothing."""
    lines = " ".join(f'c{i}: object({by}: "{name}") {{ ...Whole }}' for i, name in enumerate(asked))
    query = f"query Commits({_ARGUMENTS}) {{ {_REPOSITORY} {{ {lines} }} }}{fragment}"
    repository, errors = _ask(api, query)
    failed = _failed_parts(api, errors)

    def answer(part: str, name: str) -> Answer[T]:
        if part in failed:
            return failed[part]
        node = read.field(repository, part)
        # null: not there, or several; no field: a tree, a blob or a tag
        return read_commit(node, name) if node else Nothing()

    return {name: answer(f"c{i}", name) for i, name in enumerate(asked)}


def _commit(node: Any, _: str) -> Answer[GithubCommitFacts]:
    pulls = read.objects(node, "associatedPullRequests", "nodes")
    facts = tuple(map(parse.graphql_pull, pulls))
    return Found(GithubCommitFacts(parse.graphql_commit(node), parse.web_url(node, "url"), facts))


def graph(api: RepositoryApi) -> GraphFacts:
    """The newest commits of the default branch; a branch that moves meanwhile changes nothing."""
    branch = read.field(_whole(api, _HEAD), "defaultBranchRef")
    if branch is None:
        return GraphFacts("", "", {}, whole=True)
    head, pages = parse.sha(branch, "target", "oid"), 1
    parents, after = _history(read.field(branch, "target", "history"))
    while after is not None and pages < parse.HISTORY_PAGES:
        repository, pages = _whole(api, _NEXT, after=after, head=head), pages + 1
        more, after = _history(read.field(repository, "object", "history"))
        parents |= more
    return GraphFacts(read.text(branch, "name"), head, newest_first(parents), whole=after is None)


def _history(page: Any) -> tuple[dict[str, tuple[str, ...]], str | None]:
    """The parents of a page's commits, and where the next page begins, if there is one."""
    nodes = parse.entries(page, "nodes")
    parents = {
        parse.sha(node, "oid"): parse.shas(node, "oid", "parents", "nodes") for node in nodes
    }
    more = read.flag(page, "pageInfo", "hasNextPage")
    return parents, read.text(page, "pageInfo", "endCursor") if more else None


def deployments(api: RepositoryApi) -> tuple[DeploymentFacts, ...]:
    """The newest deployments, each with its newest status."""
    return tuple(map(_deployment, parse.entries(_whole(api, _DEPLOYMENTS), "deployments", "nodes")))


def _deployment(node: Any) -> DeploymentFacts:
    status = read.field(node, "latestStatus")
    return DeploymentFacts(
        id=read.integer(node, "databaseId"),
        sha=parse.sha(node, "commitOid"),
        environment=read.text(node, "environment", default=""),
        created_at=read.moment(node, "createdAt"),
        state=read.text(status, "state", default="").lower(),
        url=parse.web_url(status, "logUrl") or parse.web_url(status, "environmentUrl"),
    )


def _whole(api: RepositoryApi, query: str, **variables: str) -> read.Object:
    """The repository of a reply in which nothing may be missing."""
    repository, errors = _ask(api, query, **variables)
    if errors:
        raise SourceError(_worst(api, errors))
    return repository


def _ask(
    api: RepositoryApi, query: str, **variables: str
) -> tuple[read.Object, tuple[read.Object, ...]]:
    """The repository of a reply, and the errors that concern only parts of it."""
    owner, _, name = api.request.repository.partition("/")
    data, errors = api.query(query, owner=owner, name=name, **variables)
    if data.get("repository") is None:
        raise SourceError(_worst(api, errors))
    return read.obj(data["repository"]), errors


def _worst(api: RepositoryApi, errors: Sequence[read.Object]) -> Problem:
    kinds = {read.text(error, "type", default="") for error in errors}
    if "NOT_FOUND" in kinds:
        return not_found(api.request)
    if "FORBIDDEN" in kinds:
        words = " ".join(read.text(error, "message", default="").lower() for error in errors)
        return forbidden(api.request, {}, sso="saml" in words or "sso" in words)
    return bad_reply(api.request)


def _failed_parts(api: RepositoryApi, errors: Sequence[read.Object]) -> dict[str, Unknown]:
    """The commits that errors are about; an error about anything else is one about all."""
    failed: dict[str, Unknown] = {}
    for error in errors:
        match error.get("path"):
            case [_, str(part), *_]:
                failed[part] = Unknown(_worst(api, [error]))
            case _:
                raise SourceError(_worst(api, errors))
    return failed
