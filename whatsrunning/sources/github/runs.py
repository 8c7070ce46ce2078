"""Everything that ran on a SHA: check runs, workflow runs and commit statuses, all attempts."""

from typing import Any

from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.ports import SourceError
from whatsrunning.facts.records import CheckFacts, CiFacts
from whatsrunning.sources.github.checks import joined, run_from
from whatsrunning.sources.github.http import Refusal, RepositoryApi
from whatsrunning.sources.github.parse import field, items, text
from whatsrunning.sources.github.parse import sha as whole_sha

PAGES = 10
"""A thousand of each; more than that is not judged, because what is missing could be red."""
MERGED = 3
"""Pull requests that one commit can be the merge of, at most."""
_GATE_EVENTS = ("push", "merge_group")


def runs(talk: RepositoryApi, sha: str) -> Answer[CiFacts]:
    """What ran on a SHA, and if no gate did, what ran on the same tree before it was merged.

    Nothing where GitHub has no such commit.
    """
    checks = _ran(talk, sha)
    if checks is None:
        return Nothing()
    same_tree = {} if any(map(_is_gate, checks)) else _same_tree(talk, sha)
    return Found(CiFacts(checks, same_tree))


def _is_gate(check: CheckFacts) -> bool:
    """A job of a push or a merge queue, or a commit status (DESIGN section 5)."""
    return check.kind == "status" or (check.kind == "job" and check.event in _GATE_EVENTS)


def _same_tree(talk: RepositoryApi, sha: str) -> dict[str, tuple[CheckFacts, ...]]:
    """What ran on the heads of the pull requests that this commit merged, if the tree is equal."""
    pulls = items(talk.get(f"/commits/{sha}/pulls", per_page=10).body)
    merged = [pull for pull in pulls if field(pull, "merge_commit_sha") == sha]
    heads = dict.fromkeys(whole_sha(pull, "head", "sha") for pull in merged[:MERGED])
    found: dict[str, tuple[CheckFacts, ...]] = {}
    for head in heads:
        if head != sha and _tree(talk, head) == _tree(talk, sha):
            found[head] = _ran(talk, head) or ()
    return found


def _tree(talk: RepositoryApi, sha: str) -> str:
    """The tree of a commit; the head of a deleted fork's branch may be gone."""
    try:
        reply = talk.get(f"/commits/{sha}", per_page=1).body
    except Refusal as refusal:
        if refusal.status in (404, 422):
            return f"none of {sha}"
        raise
    return whole_sha(reply, "commit", "tree", "sha")


def _ran(talk: RepositoryApi, sha: str) -> tuple[CheckFacts, ...] | None:
    try:
        checks = _all(talk, f"/commits/{sha}/check-runs", "check_runs", filter="all")
    except Refusal as refusal:
        if refusal.status in (409, 422):
            return None
        raise
    entries = _all(talk, "/actions/runs", "workflow_runs", head_sha=sha)
    workflow_runs = [run_from(entry) for entry in entries if text(entry, "head_sha") == sha]
    return joined(checks, workflow_runs, _all(talk, f"/commits/{sha}/statuses"))


def _all(talk: RepositoryApi, path: str, *below: str, **parameters: str) -> list[Any]:
    """Every entry of a list, or SourceError `too-many`."""
    found: list[Any] = []
    more = False
    for page in talk.pages(path, PAGES, **parameters):
        found += items(page.body, *below)
        more = page.more
    if more:
        message = f"more checks ran on one commit of {talk.asked.repository} than are read"
        raise SourceError(talk.asked.problem("too-many", message, "look at the commit at GitHub"))
    return found
