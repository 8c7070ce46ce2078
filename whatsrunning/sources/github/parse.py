"""GitHub's JSON read with distrust: what its descriptions do not allow is a MalformedReply.

https://docs.github.com/en/rest and https://docs.github.com/en/graphql/reference
"""

import re
from collections.abc import Mapping
from datetime import datetime
from typing import Any, Literal

from whatsrunning.facts.records import CommitFacts, PullFacts
from whatsrunning.sources.json_reader import (
    MalformedReply,
    Object,
    inner,
    integer,
    moment,
    objects,
    text,
)

BODY = 4_000
"""Characters of a commit message's body that are kept (as CommitFacts says)."""
SHA = re.compile(r"[0-9a-f]{40}")
_URL = re.compile(r"https?://[\x21-\x7e]{1,2000}")
_STATES: Mapping[str, Literal["open", "closed", "merged"]] = {
    "open": "open",
    "closed": "closed",
    "merged": "merged",
}


def entries(value: Any) -> tuple[Object, ...]:
    """A list of objects; null is none, or what was not told would count as not there."""
    if value is None:
        raise MalformedReply("there is no list")
    return tuple(objects(value))


def flag(source: Object, key: str) -> bool:
    """A boolean that must be there."""
    if not isinstance(value := source.get(key), bool):
        raise MalformedReply(f"{key} is no boolean")
    return value


def instant(source: Object, key: str) -> datetime:
    """A time that must be there, in UTC."""
    if (at := moment(source, key)) is None:
        raise MalformedReply(f"{key} is no time")
    return at


def sha(source: Object, key: str) -> str:
    """A whole SHA."""
    if not SHA.fullmatch(value := text(source, key).lower()):
        raise MalformedReply(f"{key} is no SHA")
    return value


def shas(value: Any, key: str) -> tuple[str, ...]:
    """The SHA of each object in a list."""
    return tuple(sha(entry, key) for entry in entries(value))


def web_url(source: Object, key: str) -> str:
    """An address for a browser; anything else, as a check's author may write it, is empty."""
    url = text(source, key, "")
    return url if _URL.fullmatch(url) else ""


def message_parts(message: str) -> tuple[str, str]:
    """Subject and body as git has them: the first paragraph in one line, and the rest."""
    head, _, rest = message.replace("\r\n", "\n").strip("\n").partition("\n\n")
    return " ".join(line.strip() for line in head.split("\n")), rest.strip("\n")[:BODY]


def graphql_commit(node: Object) -> CommitFacts:
    """A GraphQL Commit with the fields of the commits query."""
    return CommitFacts(
        sha(node, "oid"),
        *message_parts(text(node, "message")),
        author=text(inner(node, "author"), "name", ""),
        committed_at=instant(node, "committedDate"),
        parents=shas(inner(node, "parents").get("nodes"), "oid"),
        tree=sha(inner(node, "tree"), "oid"),
    )


def rest_commit(reply: Object) -> CommitFacts:
    """A REST commit."""
    commit = inner(reply, "commit")
    return CommitFacts(
        sha(reply, "sha"),
        *message_parts(text(commit, "message")),
        author=text(inner(commit, "author"), "name", ""),
        committed_at=instant(inner(commit, "committer"), "date"),
        parents=shas(reply.get("parents"), "sha"),
        tree=sha(inner(commit, "tree"), "sha"),
    )


def graphql_pull(node: Object) -> PullFacts:
    """A GraphQL PullRequest with the fields of the commits query."""
    merge = inner(node, "mergeCommit")
    return PullFacts(
        number=integer(node, "number"),
        title=text(node, "title"),
        author=text(inner(node, "author"), "login", ""),
        state=_state(node),
        merged_by=text(inner(node, "mergedBy"), "login", ""),
        merged_at=moment(node, "mergedAt"),
        merge_sha=sha(merge, "oid") if merge else "",
        url=web_url(node, "url"),
    )


def rest_pull(reply: Object, commits: tuple[str, ...] = ()) -> PullFacts:
    """A REST pull request, whole or from a list; a list does not tell who merged it.

    Of an open one, `merge_commit_sha` is a merge that GitHub tries:
    https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
    """
    merged_at = moment(reply, "merged_at")
    return PullFacts(
        number=integer(reply, "number"),
        title=text(reply, "title"),
        author=text(inner(reply, "user"), "login", ""),
        state="merged" if merged_at else _state(reply),
        merged_by=text(inner(reply, "merged_by"), "login", ""),
        merged_at=merged_at,
        merge_sha=sha(reply, "merge_commit_sha") if merged_at else "",
        url=web_url(reply, "html_url"),
        commits=commits,
    )


def _state(pull: Object) -> Literal["open", "closed", "merged"]:
    if state := _STATES.get(text(pull, "state").lower()):
        return state
    raise MalformedReply("state is none of a pull request")
