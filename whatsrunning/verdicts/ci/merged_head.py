"""Where nothing ran on a commit: what ran on the head of the pull request that brought it."""

from dataclasses import dataclass
from typing import Any

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import GithubCommit, GithubPull, GithubRuns
from whatsrunning.facts.records import CheckFacts
from whatsrunning.facts.store import Case


@dataclass(frozen=True, slots=True)
class Head:
    """A merged pull request's last commit; `same_tree` says that it holds the very same content."""

    sha: str
    same_tree: bool
    checks: tuple[CheckFacts, ...]


def merged_head(case: Case, repository: str, sha: str) -> Answer[Head]:
    """The head that was merged as `sha`, or is it; Nothing in the middle of a branch or of none."""
    commit = case.get(GithubCommit(repository, sha))
    if not isinstance(commit, Found):
        return commit
    merged = [pull for pull in commit.value.pulls if pull.state == "merged"]
    if not merged:
        return _nothing_but(commit)
    exact = [pull for pull in merged if pull.merge_sha == sha]
    pull = case.get(GithubPull(repository, (exact or merged)[0].number))
    if not isinstance(pull, Found) or not pull.value.commits:
        return _nothing_but(pull)
    head = pull.value.commits[-1]
    if not exact and head != sha:
        return Nothing()  # in the middle of a branch: nobody tested just this content
    runs = case.get(GithubRuns(repository, head))
    brought = case.get(GithubCommit(repository, head))
    if not isinstance(runs, Found):
        return _nothing_but(runs)
    if not isinstance(brought, Found):
        return _nothing_but(brought)
    same = brought.value.commit.tree == commit.value.commit.tree
    return Found(Head(head, same and head != sha, runs.value.checks))


def _nothing_but(answer: Answer[Any]) -> Answer[Head]:
    return answer if isinstance(answer, Unknown) else Nothing()
