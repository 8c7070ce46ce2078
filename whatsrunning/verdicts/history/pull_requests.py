"""Pull requests of a commit: GitHub's answer, else what the message says."""

import re

from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.queries import GithubCommit, GithubPull
from whatsrunning.facts.records import CommitFacts, GithubCommitFacts, PullFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case
from whatsrunning.report.container import PullRequest
from whatsrunning.verdicts.history.commits import commit_of

# How GitHub titles its merges and squashes:
# https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges
_MERGE = re.compile(r"Merge pull request #(\d{1,9}) from \S+")
_SQUASH = re.compile(r"(.*\S)\s+\(#(\d{1,9})\)")
_PICKED = "(cherry picked from commit "


def pull_requests_of(case: Case, repository: str, sha: str) -> Answer[tuple[PullRequest, ...]]:
    """The pull requests that brought a commit: merged ones, or open ones where none was merged."""

    def named() -> PullRequest | None:
        commit = commit_of(case, repository, sha).value_or(None)
        return message_pull(commit, case.scope, repository) if commit else None

    def linked(facts: GithubCommitFacts) -> Answer[tuple[PullRequest, ...]]:
        if pulls := _counting(facts.pulls, sha):
            return Found(tuple(map(_by_api, pulls)))
        pull = named()
        return _linked_late(case, repository, sha, pull.number) if pull else Nothing()

    github = case.get(GithubCommit(repository, sha))
    answer = github.then(linked)
    if not github.problem:
        return answer
    return answer.or_else(lambda: Found((pull,)) if (pull := named()) else answer)


def message_pull(commit: CommitFacts, scope: Scope, repository: str) -> PullRequest | None:
    """The pull request that a commit's own message names, as GitHub writes it on merging.

    A cherry-pick keeps its original's message, so it says nothing.
    """
    if _PICKED in commit.body:
        return None
    title, number = "", ""
    if match := _MERGE.fullmatch(commit.subject):
        title = commit.body.strip().partition("\n")[0].strip()
        number = match[1] if len(commit.parents) > 1 else ""
    elif match := _SQUASH.fullmatch(commit.subject):
        title, number = match.groups()
    if not number:
        return None
    url = f"https://{scope.github_host}/{repository}/pull/{number}"
    return PullRequest(int(number), title or commit.subject, "", "", None, url, "message")


def _counting(pulls: tuple[PullFacts, ...], sha: str) -> list[PullFacts]:
    merged = [pull for pull in pulls if pull.state == "merged"]
    counting = merged or [pull for pull in pulls if pull.state == "open"]
    return sorted(counting, key=lambda pull: (pull.merge_sha != sha, pull.number))


def _by_api(pull: PullFacts) -> PullRequest:
    return PullRequest(
        number=pull.number,
        title=pull.title,
        author=pull.author,
        merged_by=pull.merged_by,
        merged_at=pull.merged_at,
        url=pull.url,
        evidence="api",
    )


def _linked_late(
    case: Case, repository: str, sha: str, number: int
) -> Answer[tuple[PullRequest, ...]]:
    """GitHub links a squash to its commit late; the number in the subject is asked for itself."""

    def confirmed(pull: PullFacts) -> Answer[tuple[PullRequest, ...]]:
        return Found((_by_api(pull),)) if sha in (pull.merge_sha, *pull.commits) else Nothing()

    return case.get(GithubPull(repository, number)).then(confirmed)
