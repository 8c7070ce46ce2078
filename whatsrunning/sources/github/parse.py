"""GitHub's JSON read with distrust: what its descriptions do not allow is a MalformedReply.

https://docs.github.com/en/rest and https://docs.github.com/en/graphql/reference
"""

import re
from collections.abc import Mapping
from typing import Any, Literal

from whatsrunning.facts.git import CommitFacts
from whatsrunning.facts.github import PullFacts
from whatsrunning.sources import json_reader as read

BODY = 4_000
"""Characters of a commit message's body that are kept (as CommitFacts says)."""
SHA = re.compile(r"[0-9a-f]{40}")
_URL = re.compile(r"https?://[\x21-\x7e]{1,2000}")
_STATES: Mapping[str, Literal["open", "closed", "merged"]] = {
    "open": "open",
    "closed": "closed",
    "merged": "merged",
}


def entries(value: Any, *path: str) -> tuple[read.Object, ...]:
    """A list of objects; null is none, or what was not told would count as not there."""
    return tuple(read.obj(item, "an item") for item in read.items(value, *path))


def sha(value: Any, *path: str) -> str:
    """A whole SHA."""
    if not SHA.fullmatch(found := read.text(value, *path).lower()):
        raise read.MalformedReply(f"{path[-1]} is no SHA")
    return found


def web_url(value: Any, *path: str) -> str:
    """An address for a browser; anything else, as a check's author may write it, is empty."""
    url = read.text(value, *path, default="")
    return url if _URL.fullmatch(url) else ""


def message_parts(message: str) -> tuple[str, str]:
    """Subject and body as git has them: the first paragraph in one line, and the rest."""
    head, _, rest = message.replace("\r\n", "\n").strip("\n").partition("\n\n")
    return " ".join(line.strip() for line in head.split("\n")), rest.strip("\n")[:BODY]


def graphql_commit(node: Any) -> CommitFacts:
    """A GraphQL Commit with the fields of the commits query."""
    return CommitFacts(
        sha(node, "oid"),
        *message_parts(read.text(node, "message")),
        author=read.text(node, "author", "name", default=""),
        committed_at=read.moment(node, "committedDate"),
        parents=graphql_parents(node),
        tree=sha(node, "tree", "oid"),
    )


def graphql_parents(node: Any) -> tuple[str, ...]:
    """The parents of a GraphQL Commit."""
    return tuple(sha(parent, "oid") for parent in entries(node, "parents", "nodes"))


def rest_commit(reply: Any) -> CommitFacts:
    """A REST commit."""
    return CommitFacts(
        sha(reply, "sha"),
        *message_parts(read.text(reply, "commit", "message")),
        author=read.text(reply, "commit", "author", "name", default=""),
        committed_at=read.moment(reply, "commit", "committer", "date"),
        parents=rest_parents(reply),
        tree=sha(reply, "commit", "tree", "sha"),
    )


def rest_parents(reply: Any) -> tuple[str, ...]:
    """The parents of a REST commit."""
    return tuple(sha(parent, "sha") for parent in entries(reply, "parents"))


def graphql_pull(node: Any) -> PullFacts:
    """A GraphQL PullRequest with the fields of the commits query."""
    merged = read.field(node, "mergeCommit") is not None
    return PullFacts(
        number=read.integer(node, "number"),
        title=read.text(node, "title"),
        author=read.text(node, "author", "login", default=""),
        state=_state(node),
        merged_by=read.text(node, "mergedBy", "login", default=""),
        merged_at=read.moment_or_none(node, "mergedAt"),
        merge_sha=sha(node, "mergeCommit", "oid") if merged else "",
        url=web_url(node, "url"),
    )


def rest_pull(reply: Any, commits: tuple[str, ...] = ()) -> PullFacts:
    """A REST pull request, whole or from a list; a list does not tell who merged it.

    Of an open one, `merge_commit_sha` is a merge that GitHub tries:
    https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
    """
    merged_at = read.moment_or_none(reply, "merged_at")
    return PullFacts(
        number=read.integer(reply, "number"),
        title=read.text(reply, "title"),
        author=read.text(reply, "user", "login", default=""),
        state="merged" if merged_at else _state(reply),
        merged_by=read.text(reply, "merged_by", "login", default=""),
        merged_at=merged_at,
        merge_sha=sha(reply, "merge_commit_sha") if merged_at else "",
        url=web_url(reply, "html_url"),
        commits=commits,
    )


def _state(pull: Any) -> Literal["open", "closed", "merged"]:
    if state := _STATES.get(read.text(pull, "state").lower()):
        return state
    raise read.MalformedReply("state is none of a pull request")
