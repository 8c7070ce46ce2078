"""The commit of a revision: git first, GitHub as the second way."""

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.git import CommitFacts, GitCommit
from whatsrunning.facts.github import GithubCommit
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Commit
from whatsrunning.verdicts.history.lookup import on_default


def commit_of(case: Case, repository: str, sha: str) -> Answer[CommitFacts]:
    """One commit of OWNER/NAME; Nothing only where the clone and GitHub both said so."""
    git = case.get(GitCommit(repository, sha))
    return git.or_else(lambda: _at_github(case, repository, sha, git))


def commit(case: Case, repository: str, sha: str) -> Answer[Commit]:
    """The commit with its page, its source and whether the default branch has it."""
    in_git = case.get(GitCommit(repository, sha)).value_or(None)

    def shown(facts: CommitFacts) -> Answer[Commit]:
        return Found(
            Commit(
                sha=facts.sha,
                subject=facts.subject,
                author=facts.author,
                committed_at=facts.committed_at,
                url=f"https://{case.scope.github_host}/{repository}/commit/{sha}",
                on_default_branch=on_default(case, repository, facts.sha),
                source="git" if in_git else "github",
            )
        )

    return commit_of(case, repository, sha).then(shown)


def _at_github(
    case: Case, repository: str, sha: str, git: Answer[CommitFacts]
) -> Answer[CommitFacts]:
    github = case.get(GithubCommit(repository, sha))
    left_out = github.problem is not None and github.problem.code == "offline"
    if git.problem and (left_out or (github == Nothing() and git.problem.code != "no-clone")):
        # GitHub was left out, or lacks what was never pushed: it is the clones that are the reason.
        return git
    if git.problem and github == Nothing():
        return Unknown(_nowhere(case.scope.github_host, repository, sha))
    return github.then(lambda facts: Found(facts.commit))


def _nowhere(host: str, repository: str, sha: str) -> Problem:
    return Problem(
        "github",
        f"{repository}@{sha}",
        "no-such-commit",
        f"{host} has no commit {sha} in {repository}, and no clone is at hand",
        f"if it was never pushed, name a clone of {repository} with -C",
    )
