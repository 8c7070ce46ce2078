"""GitHub's JSON read with distrust: a value of another type than described raises Misshapen."""

import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any, Literal

from whatsrunning.facts.records import CommitFacts, PullFacts

BODY = 4_000
"""Characters of a commit message's body that are kept (as CommitFacts says)."""
SHA = re.compile(r"[0-9a-f]{40}")
_URL = re.compile(r"https?://[\x21-\x7e]{1,2000}")
_STATES: Mapping[str, Literal["open", "closed", "merged"]] = {
    "open": "open",
    "closed": "closed",
    "merged": "merged",
}


class Misshapen(Exception):
    """A reply that GitHub's description does not allow."""


def field(value: Any, *path: str) -> Any:
    """What lies at the end of the path; null or nothing on the way gives None."""
    for name in path:
        if value is None:
            return None
        if not isinstance(value, dict):
            raise Misshapen
        value = value.get(name)
    return value


def text(value: Any, *path: str) -> str:
    """A string that must be there."""
    found = field(value, *path)
    if not isinstance(found, str):
        raise Misshapen
    return found


def text_or_empty(value: Any, *path: str) -> str:
    """A string, empty where GitHub says null or nothing."""
    return "" if field(value, *path) is None else text(value, *path)


def number(value: Any, *path: str) -> int:
    """A whole number that must be there."""
    found = field(value, *path)
    if not isinstance(found, int) or isinstance(found, bool):
        raise Misshapen
    return found


def flag(value: Any, *path: str) -> bool:
    """A boolean that must be there."""
    found = field(value, *path)
    if not isinstance(found, bool):
        raise Misshapen
    return found


def items(value: Any, *path: str) -> list[Any]:
    """A list that must be there."""
    found = field(value, *path)
    if not isinstance(found, list):
        raise Misshapen
    return found


def sha(value: Any, *path: str) -> str:
    """A whole SHA."""
    found = text(value, *path).lower()
    if not SHA.fullmatch(found):
        raise Misshapen
    return found


def moment(value: Any, *path: str) -> datetime:
    """A time, in UTC."""
    try:
        at = datetime.fromisoformat(text(value, *path))
        return (at if at.tzinfo else at.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, OverflowError):
        raise Misshapen from None


def moment_or_none(value: Any, *path: str) -> datetime | None:
    """A time, None where GitHub says null or nothing."""
    return None if field(value, *path) is None else moment(value, *path)


def web_url(value: Any, *path: str) -> str:
    """An address for a browser; anything else, as a check's author may write it, is empty."""
    found = text_or_empty(value, *path)
    return found if _URL.fullmatch(found) else ""


def message_parts(message: str) -> tuple[str, str]:
    """Subject and body as git has them: the first paragraph in one line, and the rest."""
    head, _, rest = message.replace("\r\n", "\n").strip("\n").partition("\n\n")
    return " ".join(line.strip() for line in head.split("\n")), rest.strip("\n")[:BODY]


def graphql_commit(node: Any) -> CommitFacts:
    """A GraphQL Commit with the fields of the commits query."""
    subject, body = message_parts(text(node, "message"))
    parents = tuple(sha(parent, "oid") for parent in items(node, "parents", "nodes"))
    author = text_or_empty(node, "author", "name")
    committed_at = moment(node, "committedDate")
    tree = sha(node, "tree", "oid")
    return CommitFacts(sha(node, "oid"), subject, body, author, committed_at, parents, tree)


def rest_commit(reply: Any) -> CommitFacts:
    """A REST commit."""
    inner = field(reply, "commit")
    subject, body = message_parts(text(inner, "message"))
    parents = tuple(sha(parent, "sha") for parent in items(reply, "parents"))
    author = text_or_empty(inner, "author", "name")
    committed_at = moment(inner, "committer", "date")
    tree = sha(inner, "tree", "sha")
    return CommitFacts(sha(reply, "sha"), subject, body, author, committed_at, parents, tree)


def graphql_pull(node: Any) -> PullFacts:
    """A GraphQL PullRequest with the fields of the commits query."""
    merge = field(node, "mergeCommit")
    return PullFacts(
        number=number(node, "number"),
        title=text(node, "title"),
        author=text_or_empty(node, "author", "login"),
        state=_state(text(node, "state").lower()),
        merged_by=text_or_empty(node, "mergedBy", "login"),
        merged_at=moment_or_none(node, "mergedAt"),
        merge_sha="" if merge is None else sha(merge, "oid"),
        url=web_url(node, "url"),
    )


def rest_pull(reply: Any, commits: tuple[str, ...] = ()) -> PullFacts:
    """A REST pull request, whole or from a list; a list does not tell who merged it."""
    merged_at = moment_or_none(reply, "merged_at")
    merged = merged_at is not None  # an open one's merge_commit_sha is a merge that GitHub tries
    return PullFacts(
        number=number(reply, "number"),
        title=text(reply, "title"),
        author=text_or_empty(reply, "user", "login"),
        state="merged" if merged else _state(text(reply, "state").lower()),
        merged_by=text_or_empty(reply, "merged_by", "login"),
        merged_at=merged_at,
        merge_sha=sha(reply, "merge_commit_sha") if merged else "",
        url=web_url(reply, "html_url"),
        commits=commits,
    )


def _state(word: str) -> Literal["open", "closed", "merged"]:
    if word not in _STATES:
        raise Misshapen
    return _STATES[word]


def newest_first(parents: Mapping[str, tuple[str, ...]]) -> dict[str, tuple[str, ...]]:
    """The same commits, none after its parents; GitHub lists by date, which clocks can spoil."""
    waiting = dict.fromkeys(parents, 0)
    for above in parents.values():
        for parent in above:
            if parent in waiting:
                waiting[parent] += 1
    ready = [each for each in reversed(list(parents)) if not waiting[each]]
    ordered: dict[str, tuple[str, ...]] = {}
    while ready:
        newest = ready.pop()
        ordered[newest] = parents[newest]
        for parent in reversed(parents[newest]):
            if parent in waiting:
                waiting[parent] -= 1
                if not waiting[parent]:
                    ready.append(parent)
    return ordered
