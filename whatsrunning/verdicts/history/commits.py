"""The commit of a revision: git first, GitHub as the second way (DESIGN section 7)."""

from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import GitCommit, GithubCommit
from whatsrunning.facts.records import CommitFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import Commit
from whatsrunning.verdicts.offline import is_pending


def commit_of(facts: FactStore, scope: Scope, repository: str, sha: str) -> Answer[CommitFacts]:
    """One commit of OWNER/NAME; Nothing only where the clone and GitHub both said so."""
    return _located(facts, scope, repository, sha)[0]


def commit(facts: FactStore, scope: Scope, repository: Answer[str], sha: str) -> Answer[Commit]:
    """The commit with its page, its source and whether the default branch has it."""
    from whatsrunning.verdicts.history.lookup import on_default

    if not isinstance(repository, Found):
        return repository
    name = repository.value
    known, source = _located(facts, scope, name, sha)
    if not isinstance(known, Found):
        return known
    it = known.value
    return Found(
        Commit(
            sha=it.sha,
            subject=it.subject,
            author=it.author,
            committed_at=it.committed_at,
            url=f"https://{scope.github_host}/{name}/commit/{it.sha}",
            on_default_branch=on_default(facts, scope, name, it.sha),
            source=source,
        )
    )


def _located(
    facts: FactStore, scope: Scope, repository: str, sha: str
) -> tuple[Answer[CommitFacts], Literal["git", "github"]]:
    local = facts.get(GitCommit(repository, sha))
    if isinstance(local, Found) or is_pending(local):
        return local, "git"
    github = facts.get(GithubCommit(repository, sha))
    if isinstance(github, Found):
        return Found(github.value.commit), "github"
    if isinstance(local, Unknown) and isinstance(github, Unknown):
        # GitHub was left out on purpose: what is wrong with the clones is the reason.
        return (local if github.problem.code == "offline" else github), "github"
    if isinstance(github, Unknown) or isinstance(local, Nothing):
        return github, "github"
    return Unknown(_nowhere(scope.github_host, repository, sha, local.problem)), "github"


def _nowhere(host: str, repository: str, sha: str, local: Problem) -> Problem:
    """GitHub has no such commit, but it may have been made here and never pushed."""
    if local.code != "no-clone":
        return local
    return Problem(
        "github", f"{repository}@{sha}", "no-such-commit",
        f"{host} has no commit {sha} in {repository}, and no clone is at hand",
        f"if it was never pushed, name a clone of {repository} with -C",
    )  # fmt: skip
