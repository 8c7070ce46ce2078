"""Everything that ran on a SHA: check runs, workflow runs and commit statuses, all attempts.

Not the combined status: it is "pending" where there are none, as where all CI is GitHub Actions,
https://docs.github.com/en/rest/commits/statuses#get-the-combined-status-for-a-specific-reference
"""

from whatsrunning.facts.answers import Answer, Found
from whatsrunning.facts.github import CheckFacts, CiFacts
from whatsrunning.facts.query import SourceError
from whatsrunning.sources import json_reader as read
from whatsrunning.sources.github import parse
from whatsrunning.sources.github.checks import joined, run_from
from whatsrunning.sources.github.http import RepositoryApi, RequestFailed

PAGES = 10
"""A thousand of each; more than that is not judged, because what is missing could be red."""
MERGED = 3
"""Pull requests that one commit can be the merge of, at most."""
_GATE_EVENTS = ("push", "merge_group")


def runs(api: RepositoryApi, sha: str) -> Answer[CiFacts]:
    """What ran on a SHA, and if no gate did, what ran on the same tree before it was merged.

    Nothing where GitHub has no such commit.
    """

    def with_same_tree(checks: tuple[CheckFacts, ...]) -> Answer[CiFacts]:
        gated = any(map(_is_gate, checks))
        return Found(CiFacts(checks, {} if gated else _same_tree(api, sha)))

    return _ran(api, sha).then(with_same_tree)


def _is_gate(check: CheckFacts) -> bool:
    """Whether it is a job of a push or a merge queue, or a commit status."""
    return check.kind == "status" or (check.kind == "job" and check.event in _GATE_EVENTS)


def _same_tree(api: RepositoryApi, sha: str) -> dict[str, tuple[CheckFacts, ...]]:
    """What ran on the heads of the pull requests that this commit merged, if the tree is equal."""
    pulls = parse.entries(api.get(f"/commits/{sha}/pulls", per_page=10))
    merged = [pull for pull in pulls if pull.get("merge_commit_sha") == sha]
    heads = dict.fromkeys(parse.sha(pull, "head", "sha") for pull in merged[:MERGED])
    return {
        head: _ran(api, head).value_or(())
        for head in heads
        if head != sha and _tree(api, head) == _tree(api, sha)
    }


def _tree(api: RepositoryApi, sha: str) -> str:
    """The tree of a commit; the head of a deleted fork's branch may be gone."""
    reply = api.find(f"/commits/{sha}", 404, 422, per_page=1).value_or(None)
    return f"none of {sha}" if reply is None else parse.sha(reply, "commit", "tree", "sha")


def _ran(api: RepositoryApi, sha: str) -> Answer[tuple[CheckFacts, ...]]:
    # By default only the latest of a name are listed, and a red one that was run again is lost:
    # https://docs.github.com/en/rest/checks/runs#list-check-runs-for-a-git-reference
    try:
        checks = _all(api, f"/commits/{sha}/check-runs", "check_runs", filter="all")
    except RequestFailed as failed:
        return failed.nothing(409, 422)
    listed = _all(api, "/actions/runs", "workflow_runs", head_sha=sha)
    workflow_runs = [run_from(entry) for entry in listed if read.text(entry, "head_sha") == sha]
    statuses = _all(api, f"/commits/{sha}/statuses")
    return Found(joined(checks, workflow_runs, statuses))


def _all(api: RepositoryApi, path: str, *inside: str, **parameters: str) -> list[read.Object]:
    """Every entry of a list, or SourceError `too-many`."""
    listed, more = api.pages(path, PAGES, *inside, **parameters)
    if more:
        message = f"more checks ran on one commit of {api.request.repository} than are read"
        raise SourceError(api.request.problem("too-many", message, "look at the commit at GitHub"))
    return listed
