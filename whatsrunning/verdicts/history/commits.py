"""The commit of a revision, git first and GitHub second, and the pull requests that brought it."""

import re

from whatsrunning import names
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.git import CommitFacts, GitCommit
from whatsrunning.facts.github import GithubCommit, GithubPull, PullFacts
from whatsrunning.facts.store import Case
from whatsrunning.report.container import Commit, PullRequest
from whatsrunning.verdicts.history.lookup import on_default
from whatsrunning.verdicts.origin.repository import clone_of, numbers_are_of

# How GitHub titles its merges and squashes:
# https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/about-pull-request-merges
_MERGE = re.compile(r"Merge pull request #(\d{1,9}) from \S+")
_SQUASH = re.compile(r"(.*\S)\s+\(#(\d{1,9})\)")
_PICKED = "(cherry picked from commit "


def commit_of(case: Case, repository: str, sha: str) -> Answer[CommitFacts]:
    """One commit of OWNER/NAME; Nothing only where the clone and GitHub both said so."""
    git = case.get(GitCommit(clone_of(case, repository), sha))

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
    in_git = case.get(GitCommit(clone_of(case, repository), sha)).value_or(None)

    def shown(facts: CommitFacts) -> Answer[Commit]:
        return Found(
            Commit(
                sha=facts.sha,
                subject=facts.subject,
                author=facts.author,
                committed_at=facts.committed_at,
                url=_page(case, repository, f"commit/{sha}"),
                on_default_branch=on_default(case, repository, facts.sha),
                source="git" if in_git else "github",
            )
        )

    return commit_of(case, repository, sha).then(shown)


def pull_requests_of(case: Case, repository: str, sha: str) -> Answer[tuple[PullRequest, ...]]:
    """The pull requests that brought a commit: merged ones, or open ones where none was merged."""

    def confirmed(pull: PullFacts) -> Answer[tuple[PullRequest, ...]]:
        return Found((_by_api(pull),)) if sha in (pull.merge_sha, *pull.commits) else Nothing()

    github = case.get(GithubCommit(repository, sha))
    linked = github.then(lambda facts: Found(_counting(facts.pulls, sha)))
    if linked.value_or(()) or linked == Nothing():
        return linked
    # GitHub links a squash to its commit late: the number in the subject is asked for itself.
    commit = commit_of(case, repository, sha).value_or(None)
    number, title = _named(commit) if commit else (0, "")
    if not (names.is_owner_name(repository) and numbers_are_of(case, repository)):
        # Numbers of other forges, and of other repositories, are not this one's.
        return linked.then(lambda _: Nothing())
    if not github.problem:
        pull = case.get(GithubPull(repository, number)) if number else Nothing()
        return pull.then(confirmed)
    url = _page(case, repository, f"pull/{number}")
    by_message = PullRequest(number, title, "", "", None, url, "message")
    return linked.or_else(lambda: Found((by_message,)) if number else linked)


def _page(case: Case, repository: str, path: str) -> str:
    """The address of a page of a repository; empty for one that is not at GitHub."""
    at_github = names.is_owner_name(repository)
    return f"https://{case.scope.github_host}/{repository}/{path}" if at_github else ""


def named_pull(commit: CommitFacts) -> int:
    """The number of the pull request that a commit's own message names; 0 where it names none."""
    return _named(commit)[0]


def _named(commit: CommitFacts) -> tuple[int, str]:
    """The number and title of a pull request, as GitHub writes them on merging."""
    if _PICKED not in commit.body:  # a cherry-pick keeps its original's message: it says nothing
        if (match := _MERGE.fullmatch(commit.subject)) and len(commit.parents) > 1:
            title = commit.body.strip().partition("\n")[0].strip()
            return int(match[1]), title or commit.subject
        if match := _SQUASH.fullmatch(commit.subject):
            return int(match[2]), match[1]
    return 0, ""


def _counting(pulls: tuple[PullFacts, ...], sha: str) -> tuple[PullRequest, ...]:
    merged = [pull for pull in pulls if pull.state == "merged"]
    counting = merged or [pull for pull in pulls if pull.state == "open"]
    own_first = sorted(counting, key=lambda pull: (pull.merge_sha != sha, pull.number))
    return tuple(map(_by_api, own_first))


def _by_api(pull: PullFacts) -> PullRequest:
    merged_by, merged_at = pull.merged_by, pull.merged_at
    return PullRequest(pull.number, pull.title, pull.author, merged_by, merged_at, pull.url, "api")
