"""GitHub's JSON read with distrust: what its descriptions do not allow is a MalformedReply.

https://docs.github.com/en/rest and https://docs.github.com/en/graphql/reference
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from whatsrunning.facts.records import CommitFacts, PullFacts
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


def entries(value: Any) -> tuple[read.Object, ...]:
    """A list of objects; null is none, or what was not told would count as not there."""
    if value is None:
        raise read.MalformedReply("there is no list")
    return tuple(read.objects(value))


def flag(source: read.Object, key: str) -> bool:
    """A boolean that must be there."""
    if not isinstance(value := source.get(key), bool):
        raise read.MalformedReply(f"{key} is no boolean")
    return value


def instant(source: read.Object, key: str) -> datetime:
    """A time that must be there, in UTC."""
    if (at := read.moment(source, key)) is None:
        raise read.MalformedReply(f"{key} is no time")
    return at


def sha(source: read.Object, key: str) -> str:
    """A whole SHA."""
    if not SHA.fullmatch(value := read.text(source, key).lower()):
        raise read.MalformedReply(f"{key} is no SHA")
    return value


def shas(value: Any, key: str) -> tuple[str, ...]:
    """The SHA of each object in a list."""
    return tuple(sha(entry, key) for entry in entries(value))


def web_url(source: read.Object, key: str) -> str:
    """An address for a browser; anything else, as a check's author may write it, is empty."""
    url = read.text(source, key, "")
    return url if _URL.fullmatch(url) else ""


def message_parts(message: str) -> tuple[str, str]:
    """Subject and body as git has them: the first paragraph in one line, and the rest."""
    head, _, rest = message.replace("\r\n", "\n").strip("\n").partition("\n\n")
    return " ".join(line.strip() for line in head.split("\n")), rest.strip("\n")[:BODY]


def graphql_commit(node: read.Object) -> CommitFacts:
    """A GraphQL Commit with the fields of the commits query."""
    return CommitFacts(
        sha(node, "oid"),
        *message_parts(read.text(node, "message")),
        author=read.text(read.inner(node, "author"), "name", ""),
        committed_at=instant(node, "committedDate"),
        parents=shas(read.inner(node, "parents").get("nodes"), "oid"),
        tree=sha(read.inner(node, "tree"), "oid"),
    )


def rest_commit(reply: read.Object) -> CommitFacts:
    """A REST commit."""
    commit = read.inner(reply, "commit")
    return CommitFacts(
        sha(reply, "sha"),
        *message_parts(read.text(commit, "message")),
        author=read.text(read.inner(commit, "author"), "name", ""),
        committed_at=instant(read.inner(commit, "committer"), "date"),
        parents=shas(reply.get("parents"), "sha"),
        tree=tree(reply),
    )


def tree(reply: read.Object) -> str:
    """The tree of a REST commit."""
    return sha(read.inner(read.inner(reply, "commit"), "tree"), "sha")


def graphql_pull(node: read.Object) -> PullFacts:
    """A GraphQL PullRequest with the fields of the commits query."""
    merge = node.get("mergeCommit")
    return PullFacts(
        number=read.integer(node, "number"),
        title=read.text(node, "title"),
        author=read.text(read.inner(node, "author"), "login", ""),
        state=_state(node),
        merged_by=read.text(read.inner(node, "mergedBy"), "login", ""),
        merged_at=read.moment(node, "mergedAt"),
        merge_sha="" if merge is None else sha(read.obj(merge), "oid"),
        url=web_url(node, "url"),
    )


def rest_pull(reply: read.Object, commits: tuple[str, ...] = ()) -> PullFacts:
    """A REST pull request, whole or from a list; a list does not tell who merged it.

    Of an open one, `merge_commit_sha` is a merge that GitHub tries:
    https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
    """
    merged_at = read.moment(reply, "merged_at")
    return PullFacts(
        number=read.integer(reply, "number"),
        title=read.text(reply, "title"),
        author=read.text(read.inner(reply, "user"), "login", ""),
        state="merged" if merged_at else _state(reply),
        merged_by=read.text(read.inner(reply, "merged_by"), "login", ""),
        merged_at=merged_at,
        merge_sha=sha(reply, "merge_commit_sha") if merged_at else "",
        url=web_url(reply, "html_url"),
        commits=commits,
    )


def _state(pull: read.Object) -> Literal["open", "closed", "merged"]:
    if state := _STATES.get(read.text(pull, "state").lower()):
        return state
    raise read.MalformedReply("state is none of a pull request")
