"""Everything that ran on a SHA: check runs, workflow runs and commit statuses, all attempts."""

from typing import Any

from whatsrunning.model.answers import Answer, Found, Nothing
from whatsrunning.model.facts import CheckFacts, CiFacts
from whatsrunning.ports import SourceError
from whatsrunning.sources.github_checks import joined, run_from
from whatsrunning.sources.github_shapes import items, text
from whatsrunning.sources.github_wire import Refusal, Talk

PAGES = 10
"""A thousand of each; more than that is not judged, because what is missing could be red."""


def runs(talk: Talk, sha: str) -> Answer[CiFacts]:
    """What ran on a SHA; Nothing where GitHub has no such commit."""
    checks = _ran(talk, sha)
    return Nothing() if checks is None else Found(CiFacts(checks))


def _ran(talk: Talk, sha: str) -> tuple[CheckFacts, ...] | None:
    try:
        checks = _all(talk, f"/commits/{sha}/check-runs", "check_runs", filter="all")
    except Refusal as refusal:
        if refusal.status in (409, 422):
            return None
        raise
    entries = _all(talk, "/actions/runs", "workflow_runs", head_sha=sha)
    workflow_runs = [run_from(entry) for entry in entries if text(entry, "head_sha") == sha]
    return joined(checks, workflow_runs, _all(talk, f"/commits/{sha}/statuses"))


def _all(talk: Talk, path: str, *below: str, **parameters: str) -> list[Any]:
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
