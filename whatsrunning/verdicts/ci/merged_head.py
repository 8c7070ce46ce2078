"""Where nothing ran on a commit: what ran on the head of the pull request that brought it."""

from dataclasses import dataclass

from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.github import (
    CheckFacts,
    GithubCommit,
    GithubCommitFacts,
    GithubPull,
    GithubRuns,
    PullFacts,
)
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
    return commit.then(lambda facts: _head(case, repository, facts))


def _head(case: Case, repository: str, merged: GithubCommitFacts) -> Answer[Head]:
    sha, tree = merged.commit.sha, merged.commit.tree
    pulls = [pull for pull in merged.pulls if pull.state == "merged"]
    exact = [pull for pull in pulls if pull.merge_sha == sha]

    def of_pull(pull: PullFacts) -> Answer[Head]:
        head = pull.commits[-1] if pull.commits else ""
        if not head or not (exact or head == sha):
            return Nothing()  # in the middle of a branch: nobody tested just this content
        runs = case.get(GithubRuns(repository, head))
        brought = case.get(GithubCommit(repository, head))
        same = brought.then(lambda facts: Found(facts.commit.tree == tree and head != sha))
        return runs.then(lambda ran: same.then(lambda s: Found(Head(head, s, ran.checks))))

    if not pulls:
        return Nothing()
    return case.get(GithubPull(repository, (exact or pulls)[0].number)).then(of_pull)
