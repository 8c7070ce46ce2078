"""The commit of a revision: git first, GitHub as the second way."""

from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import GitCommit, GithubCommit
from whatsrunning.facts.records import CommitFacts
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Commit
from whatsrunning.verdicts.history.lookup import on_default


def commit_of(case: Case, repository: str, sha: str) -> Answer[CommitFacts]:
    """One commit of OWNER/NAME; Nothing only where the clone and GitHub both said so."""
    git = case.get(GitCommit(repository, sha))
    return git.or_else(lambda: _at_github(case, repository, sha, git))


def commit(case: Case, repository: str, sha: str) -> Answer[Commit]:
    """The commit with its page, its source and whether the default branch has it."""
    git = case.get(GitCommit(repository, sha))
    source: Literal["git", "github"] = "git" if isinstance(git, Found) else "github"
    page = f"https://{case.scope.github_host}/{repository}/commit/{sha}"
    return commit_of(case, repository, sha).then(
        lambda known: Found(
            Commit(
                sha=known.sha,
                subject=known.subject,
                author=known.author,
                committed_at=known.committed_at,
                url=page,
                on_default_branch=on_default(case, repository, known.sha),
                source=source,
            )
        )
    )


def _at_github(
    case: Case, repository: str, sha: str, git: Answer[CommitFacts]
) -> Answer[CommitFacts]:
    github = case.get(GithubCommit(repository, sha))
    if isinstance(github, Unknown) and isinstance(git, Unknown):
        # GitHub was left out on purpose: what is wrong with the clones is the reason.
        return git if github.problem.code == "offline" else github
    if isinstance(github, Nothing) and isinstance(git, Unknown):
        return Unknown(_nowhere(case.scope.github_host, repository, sha, git.problem))
    return github.then(lambda known: Found(known.commit))


def _nowhere(host: str, repository: str, sha: str, git: Problem) -> Problem:
    """GitHub has no such commit, but it may have been made here and never pushed."""
    if git.code != "no-clone":
        return git
    return Problem(
        "github",
        f"{repository}@{sha}",
        "no-such-commit",
        f"{host} has no commit {sha} in {repository}, and no clone is at hand",
        f"if it was never pushed, name a clone of {repository} with -C",
    )
