"""GraphQL over the same ground: executed by graphql-core, on GitHub's own schema."""

from collections.abc import Mapping, Sequence
from functools import cache
from typing import Any

from graphql import (
    GraphQLError,
    GraphQLSchema,
    OperationDefinitionNode,
    OperationType,
    build_schema,
    execute_sync,
    parse,
    validate,
)

from tests.world.github.bodies import SITE
from tests.world.github.contract import DATA
from tests.world.github.ground import GitCommit, Ground
from tests.world.github.rest import Answered, Call

_PAGE = 100


@cache
def schema() -> GraphQLSchema:
    """GitHub's schema as it is vendored; the cut took `Query.id` out, which Node wants."""
    text = (DATA / "github-graphql-schema.graphql").read_text("utf-8")
    return build_schema(text, assume_valid=True)


def answer(call: Call, request: Any) -> tuple[Answered, list[str]]:
    """The reply to a POST, and what was wrong with the query or with the stand-in's own data."""
    query = request.get("query") if isinstance(request, dict) else None
    if not isinstance(query, str):
        return Answered(400, {"message": "A query attribute must be specified"}), ["no query"]
    wrong = _wrong(query)
    if wrong:
        return Answered(200, {"errors": [{"message": each} for each in wrong]}), wrong
    result = execute_sync(
        schema(),
        parse(query),
        root_value={"repository": lambda **named: _repository(call, **named)},
        variable_values=request.get("variables"),
        field_resolver=_resolve,
    )
    errors = [_error(each) for each in result.errors or ()]
    body = {"data": result.data} | ({"errors": errors} if errors else {})
    ours = [each["message"] for each in errors if each["type"] != "NOT_FOUND"]
    return Answered(200, body), ours


def _wrong(query: str) -> list[str]:
    """What GitHub would refuse; and mutations, which nobody here may send."""
    try:
        document = parse(query)
    except GraphQLError as problem:
        return [problem.message]
    for each in document.definitions:
        if isinstance(each, OperationDefinitionNode) and each.operation != OperationType.QUERY:
            return ["only queries are answered"]
    return [problem.message for problem in validate(schema(), document)]


class NotFound(GraphQLError):
    """GitHub's own word for a repository that is not there."""


def _error(problem: GraphQLError) -> dict[str, Any]:
    kind = "NOT_FOUND" if isinstance(problem.original_error, NotFound) else "INTERNAL"
    return {"type": kind, "path": problem.path, "message": problem.message}


def _resolve(source: Any, info: Any, **arguments: Any) -> Any:
    """A field of our data; one that we do not have is an error, never a silent null."""
    if info.field_name not in source:
        raise GraphQLError(f"the stand-in has no {info.parent_type.name}.{info.field_name}")
    value = source[info.field_name]
    return value(**arguments) if callable(value) else value


def _repository(call: Call, owner: str, name: str, **_: Any) -> dict[str, Any]:
    ground = call.ground
    asked = f"{owner}/{name}".lower()
    if asked not in {each.lower() for each in (ground.repository, *ground.old_names)}:
        text = f"Could not resolve to a Repository with the name '{owner}/{name}'."
        raise NotFound(text)
    head = ground.commit(f"heads/{ground.branch}")
    branch = {"name": ground.branch, "target": _commit(ground, head) if head else None}
    return {
        "__typename": "Repository",
        "object": lambda **named: _object(ground, **named),
        "defaultBranchRef": branch if head else None,
        "deployments": lambda first, **_: _deployments(call, first),
    }


def _object(ground: Ground, oid: str = "", expression: str = "") -> dict[str, Any] | None:
    """An object by its SHA or by an expression, which git takes for a branch or a tag first."""
    oid = oid or ground.oid(expression)
    kind = ground.kind(oid)
    found = ground.commit(oid) if kind == "Commit" else None
    if found is not None:
        return _commit(ground, found)
    return {"__typename": kind, "oid": oid} if kind else None


def _commit(ground: Ground, found: GitCommit) -> dict[str, Any]:
    return {
        "__typename": "Commit",
        "oid": found.sha,
        "message": found.message,
        "committedDate": found.committed_at,
        "url": f"{SITE}/{ground.repository}/commit/{found.sha}",
        "author": {"name": found.author},
        "tree": {"__typename": "Tree", "oid": found.tree},
        "parents": lambda first: {"nodes": [{"oid": each} for each in found.parents[:first]]},
        "associatedPullRequests": lambda first, **_: _pulls(ground, found.sha, first),
        "history": lambda first, after=None: _history(ground, found.sha, first, after),
    }


def _pulls(ground: Ground, sha: str, first: int) -> dict[str, Any]:
    told = [ground.pulls[number] for number in ground.pulls_of.get(sha, ())]
    return {"nodes": [_pull(ground, each) for each in told[:first]]}


def _pull(ground: Ground, told: Mapping[str, Any]) -> dict[str, Any]:
    return {
        "number": told["number"],
        "title": told["title"],
        "url": f"{SITE}/{ground.repository}/pull/{told['number']}",
        "state": told["state"].upper(),
        "mergedAt": told["merged_at"],
        "author": _actor(told["author_login"]),
        "mergedBy": _actor(told["merged_by"]) if told["merged_by"] else None,
        "mergeCommit": {"oid": told["merge_sha"]} if told["merge_sha"] else None,
    }


def _actor(login: str) -> dict[str, Any]:
    return {"__typename": "Bot" if login.endswith("[bot]") else "User", "login": login}


def _history(ground: Ground, sha: str, first: int, after: str | None) -> dict[str, Any]:
    if first > _PAGE:
        raise GraphQLError("Requesting more than 100 records on the `history` connection")
    every = ground.history(sha)
    start = int(after.split()[1]) + 1 if after else 0
    some = every[start : start + first]
    found = (ground.commit(each) for each in some)
    end = f"{sha} {start + len(some) - 1}"
    return {
        "pageInfo": {"hasNextPage": len(every) > start + len(some), "endCursor": end},
        "nodes": [_commit(ground, each) for each in found if each],
    }


def _deployments(call: Call, first: int) -> dict[str, Sequence[Any]]:
    return {"nodes": [_deployment(each) for each in call.deployments()[:first]]}


def _deployment(told: Mapping[str, Any]) -> dict[str, Any]:
    states = told["states"]
    state = states[-1].upper() if states else ""
    newest = {"state": state, "logUrl": told["url"], "environmentUrl": None}
    return {
        "databaseId": told["id"],
        "commitOid": told["sha"],
        "environment": told["environment"],
        "createdAt": told["created_at"],
        "latestStatus": newest if states else None,
    }
