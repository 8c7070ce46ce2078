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

    def at_github() -> Answer[CommitFacts]:
        github = case.get(GithubCommit(repository, sha))
        left_out = github.problem is not None and github.problem.code == "offline"
        if git.problem and (left_out or (github == Nothing() and git.problem.code != "no-clone")):
            # GitHub was left out, or lacks what was never pushed: the clones are the reason.
            return git
        if git.problem and github == Nothing():
            host, subject = case.scope.github_host, f"{repository}@{sha}"
            message = f"{host} has no commit {sha} in {repository}, and no clone is at hand"
            hint = f"if it was never pushed, name a clone of {repository} with -C"
            return Unknown(Problem("github", subject, "no-such-commit", message, hint))
        return github.then(lambda facts: Found(facts.commit))

    return git.or_else(at_github)


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
