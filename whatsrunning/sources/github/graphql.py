"""What a token makes cheap: 50 commits, or 100 of a history, in one GraphQL query."""

from collections.abc import Sequence
from typing import Any

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.ports import SourceError
from whatsrunning.facts.records import DeploymentFacts, GithubCommitFacts, GraphFacts
from whatsrunning.sources.github.errors import bad_reply, forbidden, not_found
from whatsrunning.sources.github.http import RepositoryApi
from whatsrunning.sources.github.parse import (
    field,
    flag,
    graphql_commit,
    graphql_pull,
    items,
    moment,
    newest_first,
    number,
    sha,
    text,
    text_or_empty,
    web_url,
)

BATCH = 50
"""Commits in one query, well below GitHub's limits on nodes."""
HISTORY_PAGES = 3
"""Pages of 100 commits that a graph is made of."""
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


def commits(talk: RepositoryApi, shas: Sequence[str]) -> dict[str, Answer[GithubCommitFacts]]:
    """Whole SHAs, 50 in one query; an object that is no commit is Nothing."""
    answers: dict[str, Answer[GithubCommitFacts]] = {}
    for start in range(0, len(shas), BATCH):
        answers |= _batch(talk, shas[start : start + BATCH])
    return answers


def _batch(talk: RepositoryApi, shas: Sequence[str]) -> dict[str, Answer[GithubCommitFacts]]:
    lines = " ".join(f'c{i}: object(oid: "{oid}") {{ ...Whole }}' for i, oid in enumerate(shas))
    query = f"query Commits({_ARGUMENTS}) {{ {_REPOSITORY} {{ {lines} }} }}{_COMMIT}"
    data, errors = _ask(talk, query)
    failed = _failed_parts(talk, errors)
    answers: dict[str, Answer[GithubCommitFacts]] = {}
    for i, asked in enumerate(shas):
        problem = failed.get(f"c{i}")
        answers[asked] = Unknown(problem) if problem else _commit(field(data, f"c{i}"))
    return answers


def graph(talk: RepositoryApi) -> GraphFacts:
    """The newest commits of the default branch; a branch that moves meanwhile changes nothing."""
    branch = field(_whole(talk, _HEAD), "defaultBranchRef")
    if branch is None:
        return GraphFacts("", "", {}, whole=True)
    page = field(branch, "target")
    head = sha(page, "oid")
    parents = _parents(page)
    for _ in range(HISTORY_PAGES - 1):
        if not _has_more(page):
            break
        after = text(page, "history", "pageInfo", "endCursor")
        page = field(_whole(talk, _NEXT, after=after, head=head), "object")
        parents |= _parents(page)
    return GraphFacts(text(branch, "name"), head, newest_first(parents), whole=not _has_more(page))


def deployments(talk: RepositoryApi) -> tuple[DeploymentFacts, ...]:
    """The newest deployments, each with its newest status."""
    nodes = items(_whole(talk, _DEPLOYMENTS), "deployments", "nodes")
    return tuple(_deployment(node) for node in nodes)


def _deployment(node: Any) -> DeploymentFacts:
    status = field(node, "latestStatus")
    return DeploymentFacts(
        id=number(node, "databaseId"),
        sha=sha(node, "commitOid"),
        environment=text_or_empty(node, "environment"),
        created_at=moment(node, "createdAt"),
        state=text_or_empty(status, "state").lower(),
        url=web_url(status, "logUrl") or web_url(status, "environmentUrl"),
    )


def _commit(node: Any) -> Answer[GithubCommitFacts]:
    if not node:  # null: not there; no field: a tree, a blob or a tag
        return Nothing()
    pulls = field(node, "associatedPullRequests", "nodes") or []
    facts = tuple(graphql_pull(pull) for pull in pulls)
    return Found(GithubCommitFacts(graphql_commit(node), web_url(node, "url"), facts))


def _parents(page: Any) -> dict[str, tuple[str, ...]]:
    return {
        sha(node, "oid"): tuple(sha(parent, "oid") for parent in items(node, "parents", "nodes"))
        for node in items(page, "history", "nodes")
    }


def _has_more(page: Any) -> bool:
    return flag(page, "history", "pageInfo", "hasNextPage")


def _whole(talk: RepositoryApi, query: str, **variables: str) -> Any:
    """The repository of a reply in which nothing may be missing."""
    repository, errors = _ask(talk, query, **variables)
    if errors:
        raise SourceError(_worst(talk, errors))
    return repository


def _ask(talk: RepositoryApi, query: str, **variables: str) -> tuple[Any, list[Any]]:
    """The repository of a reply, and the errors that concern only parts of it."""
    owner, _, name = talk.asked.repository.partition("/")
    data, errors = talk.query(query, owner=owner, name=name, **variables)
    repository = data.get("repository")
    if repository is None:
        raise SourceError(_worst(talk, errors))
    return repository, errors


def _worst(talk: RepositoryApi, errors: list[Any]) -> Problem:
    """What the errors of a reply amount to."""
    kinds = {text_or_empty(error, "type") for error in errors}
    if "NOT_FOUND" in kinds:
        return not_found(talk.asked)
    if "FORBIDDEN" in kinds:
        said = " ".join(text_or_empty(error, "message").lower() for error in errors)
        return forbidden(talk.asked, {}, sso="saml" in said or "sso" in said)
    return bad_reply(talk.asked)


def _failed_parts(talk: RepositoryApi, errors: list[Any]) -> dict[str, Problem]:
    """The commits that errors are about; an error about anything else is one about all."""
    failed: dict[str, Problem] = {}
    for error in errors:
        path = field(error, "path")
        if not isinstance(path, list) or len(path) < 2 or not isinstance(path[1], str):
            raise SourceError(_worst(talk, errors))
        failed[path[1]] = _worst(talk, [error])
    return failed
