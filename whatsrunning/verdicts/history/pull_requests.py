"""Pull requests of a commit: GitHub's answer, else what the message says (DESIGN section 7)."""

import re

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import GithubCommit, GithubPull
from whatsrunning.facts.records import CommitFacts, PullFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import PullRequest
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.offline import is_pending

_MERGE = re.compile(r"Merge pull request #(\d{1,9}) from \S+")
_SQUASH = re.compile(r"(.*\S)\s+\(#(\d{1,9})\)")
_PICKED = "(cherry picked from commit "


def pull_requests_of(
    facts: FactStore, scope: Scope, repository: str, sha: str
) -> Answer[tuple[PullRequest, ...]]:
    """The pull requests that brought a commit: merged ones, or open ones where none was merged."""
    github = facts.get(GithubCommit(repository, sha))
    if is_pending(github) or isinstance(github, Nothing):
        return github
    commit = commit_of(facts, scope, repository, sha)
    said = message_pull(commit.value, scope, repository) if isinstance(commit, Found) else None
    if isinstance(github, Unknown):
        return Found((said,)) if said else github
    if pulls := _counting(github.value.pulls, sha):
        return Found(tuple(_told(pull) for pull in pulls))
    return _indexed_late(facts, repository, sha, said) if said else Nothing()


def _counting(pulls: tuple[PullFacts, ...], sha: str) -> list[PullFacts]:
    merged = [pull for pull in pulls if pull.state == "merged"]
    counting = merged or [pull for pull in pulls if pull.state == "open"]
    return sorted(counting, key=lambda pull: (pull.merge_sha != sha, pull.number))


def _told(pull: PullFacts) -> PullRequest:
    return PullRequest(
        number=pull.number,
        title=pull.title,
        author=pull.author,
        merged_by=pull.merged_by,
        merged_at=pull.merged_at,
        url=pull.url,
        evidence="api",
    )


def _indexed_late(
    facts: FactStore, repository: str, sha: str, said: PullRequest
) -> Answer[tuple[PullRequest, ...]]:
    """GitHub links a squash to its commit late; the number in the subject is asked for itself."""
    pull = facts.get(GithubPull(repository, said.number))
    if not isinstance(pull, Found):
        return pull
    its_own = pull.value.merge_sha == sha or sha in pull.value.commits
    return Found((_told(pull.value),)) if its_own else Nothing()


def message_pull(commit: CommitFacts, scope: Scope, repository: str) -> PullRequest | None:
    """The pull request that a commit's own message names, as GitHub writes it on merging.

    A cherry-pick keeps its original's message, so it says nothing.
    """
    if _PICKED in commit.body:
        return None
    if match := _MERGE.fullmatch(commit.subject):
        title = commit.body.strip().partition("\n")[0].strip()
        number = match[1] if len(commit.parents) > 1 else ""
    elif match := _SQUASH.fullmatch(commit.subject):
        title, number = match[1], match[2]
    else:
        return None
    if not number:
        return None
    url = f"https://{scope.github_host}/{repository}/pull/{number}"
    return PullRequest(int(number), title or commit.subject, "", "", None, url, "message")
