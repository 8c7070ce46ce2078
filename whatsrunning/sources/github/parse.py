"""GitHub's JSON read with distrust: what its descriptions do not allow is a MalformedReply.

https://docs.github.com/en/rest and https://docs.github.com/en/graphql/reference
"""

import re
from typing import Any, Literal, get_args

from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.git import CommitFacts
from whatsrunning.facts.github import PullFacts
from whatsrunning.sources import json_reader as read

HISTORY_PAGES = 3
"""Pages of 100 commits that a graph is made of."""
_BODY = 4_000  # characters that are kept, as CommitFacts says
SHA = re.compile(r"[0-9a-f]{40}")
SHORT_SHA = re.compile(r"[0-9a-f]{7,39}")
_URL = re.compile(r"https?://[\x21-\x7e]{1,2000}")
State = Literal["open", "closed", "merged"]
_STATES: dict[str, State] = {state: state for state in get_args(State)}


def entries(value: Any, *path: str) -> tuple[read.Object, ...]:
    """A list of objects; null is none, or what was not told would count as not there."""
    return tuple(read.obj(item, "an item") for item in read.items(value, *path))


def sha(value: Any, *path: str) -> str:
    """A whole SHA."""
    if not SHA.fullmatch(found := read.text(value, *path).lower()):
        raise read.MalformedReply(f"{path[-1]} is no SHA")
    return found


def sha_that_begins(commit: Any, prefix: str, key: str = "oid") -> Answer[str]:
    """The SHA of a commit that was asked for by a short one."""
    # GitHub takes the short one for a branch or a tag first, as git does:
    # https://git-scm.com/docs/gitrevisions#_specifying_revisions
    whole = sha(commit, key)
    return Found(whole) if whole.startswith(prefix) else Nothing()


def shas(value: Any, key: str, *path: str) -> tuple[str, ...]:
    """The SHAs of a list of commits."""
    return tuple(sha(commit, key) for commit in entries(value, *path))


def web_url(value: Any, *path: str) -> str:
    """An address for a browser; anything else, as a check's author may write it, is empty."""
    url = read.text(value, *path, default="")
    return url if _URL.fullmatch(url) else ""


def message_parts(message: str) -> tuple[str, str]:
    """Subject and body as git has them: the first paragraph in one line, and the rest."""
    head, _, rest = message.replace("\r\n", "\n").strip("\n").partition("\n\n")
    return " ".join(line.strip() for line in head.split("\n")), rest.strip("\n")[:_BODY]


def graphql_commit(node: Any) -> CommitFacts:
    """A GraphQL Commit with the fields of the commits query."""
    parents = shas(node, "oid", "parents", "nodes")
    return _commit(node, node, "oid", parents, "committedDate")


def rest_commit(reply: Any) -> CommitFacts:
    """A REST commit."""
    commit = read.field(reply, "commit")
    parents = shas(reply, "sha", "parents")
    return _commit(reply, commit, "sha", parents, "committer", "date")


def _commit(outer: Any, inner: Any, key: str, parents: tuple[str, ...], *when: str) -> CommitFacts:
    subject, body = message_parts(read.text(inner, "message"))
    author, tree = read.text(inner, "author", "name", default=""), sha(inner, "tree", key)
    at = read.moment(inner, *when)
    return CommitFacts(sha(outer, key), subject, body, author, at, parents, tree)


def graphql_pull(node: Any) -> PullFacts:
    """A GraphQL PullRequest with the fields of the commits query."""
    merged = read.field(node, "mergeCommit") is not None
    merge_sha = sha(node, "mergeCommit", "oid") if merged else ""
    return _pull(node, "author", "mergedBy", "mergedAt", "url", merge_sha)


def rest_pull(reply: Any) -> PullFacts:
    """A REST pull request, whole or from a list; a list does not tell who merged it."""
    # Of an open one, `merge_commit_sha` is a merge that GitHub tries:
    # https://docs.github.com/en/rest/pulls/pulls#get-a-pull-request
    merged_at = read.moment_or_none(reply, "merged_at")
    merge_sha = sha(reply, "merge_commit_sha") if merged_at else ""
    return _pull(reply, "user", "merged_by", "merged_at", "html_url", merge_sha)


def _pull(
    pull: Any, author: str, merged_by: str, merged_at: str, url: str, merge_sha: str
) -> PullFacts:
    at = read.moment_or_none(pull, merged_at)
    return PullFacts(
        number=read.integer(pull, "number"),
        title=read.text(pull, "title"),
        author=read.text(pull, author, "login", default=""),
        state="merged" if at else _state(pull),
        merged_by=read.text(pull, merged_by, "login", default=""),
        merged_at=at,
        merge_sha=merge_sha,
        url=web_url(pull, url),
    )


def _state(pull: Any) -> State:
    if state := _STATES.get(read.text(pull, "state").lower()):
        return state
    raise read.MalformedReply("state is none of a pull request")
