"""Which commit reverts which, and what waits to be deployed because of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import chain
from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, values_of
from whatsrunning.facts.git import CommitFacts
from whatsrunning.facts.github import GithubPull
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Container, PendingFix
from whatsrunning.verdicts.history.builds import builds
from whatsrunning.verdicts.history.commits import commit_of, named_pull
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.lookup import git_history, read_further
from whatsrunning.verdicts.history.tags import BuildTags

MOST = 300  # commits that are searched for a revert at most, newest first
_MOST_WAITING = 100

# `git revert` writes the first, https://git-scm.com/docs/git-revert, GitHub's button the second:
# https://docs.github.com/en/pull-requests/collaborating-with-pull-requests/incorporating-changes-from-a-pull-request/reverting-a-pull-request
_REVERTED_SHA = re.compile(r"\bThis reverts commit ([0-9a-f]{7,64})\b")
_REVERTED_PULL = re.compile(r"^Reverts (?:[\w.-]+/[\w.-]+)?#([1-9]\d{0,8})\b", re.MULTILINE)
_FIXED_SHA = re.compile(r"^Fixes: ([0-9a-f]{7,64})\b", re.MULTILINE | re.IGNORECASE)
_FIXED_PULL = re.compile(r"\bfix(?:es|ed)?\b[^#\n]{0,60}#([1-9]\d{0,8})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a commit says that it reverts or fixes: SHAs, perhaps short, and pull requests."""

    shas: tuple[str, ...]
    pulls: tuple[int, ...]

    def include(self, shas: Iterable[str], pulls: Iterable[int]) -> bool:
        """Whether it means one of these."""
        by_sha = any(sha.startswith(self.shas) for sha in shas)
        return by_sha or not set(self.pulls).isdisjoint(pulls)


def reverted(commit: CommitFacts) -> Mentions:
    """What `git revert` and GitHub's button write below the subject."""
    return _mentions(commit.body, _REVERTED_SHA, _REVERTED_PULL)


def fixed(commit: CommitFacts) -> Mentions:
    """What a commit says that it fixes."""
    return _mentions(f"{commit.subject}\n{commit.body}", _FIXED_SHA, _FIXED_PULL)


def _mentions(text: str, sha: re.Pattern[str], pull: re.Pattern[str]) -> Mentions:
    return Mentions(tuple(map(str.lower, sha.findall(text))), tuple(map(int, pull.findall(text))))


def reverted_by(case: Case, repository: str, what: Mentions, commits: Sequence[str]) -> Answer[str]:
    """The commit among `commits` (newest first) that reverted `what`, and stands.

    Nothing where none did; Unknown where a commit could not be read or there are too many.
    """

    def standing(read: Sequence[CommitFacts]) -> Answer[str]:
        reverts: list[CommitFacts] = []
        for commit in reversed(read):
            mentions = reverted(commit)
            if reverts and mentions.include([reverts[-1].sha], [named_pull(reverts[-1])]):
                reverts.pop()
            elif mentions.include(what.shas, what.pulls):
                reverts.append(commit)
        return Found(reverts[-1].sha) if reverts else Nothing()

    return read_all(case, repository, commits).then(standing)


def read_all(case: Case, repository: str, shas: Sequence[str]) -> Answer[tuple[CommitFacts, ...]]:
    """The commits themselves, asked for at once; Unknown when one cannot be read."""
    return values_of(commit_of(case, repository, sha) for sha in shas[:MOST])


def pending_fixes(case: Case, container: Container) -> tuple[PendingFix, ...]:
    """Reverts and fixes of what a container runs that are merged or built, but not deployed."""
    repository = container.repository.value_or("")
    if not (container.sha and repository):
        return ()
    numbers = tuple(pull.number for pull in container.pull_requests.value_or(()))
    running = Mentions((container.sha,), numbers)
    return _fixes_of(case, repository, container.image.repository, running)


@memo
def _fixes_of(
    case: Case, repository: str, image_repository: str, running: Mentions
) -> tuple[PendingFix, ...]:
    """Fixes of the running revision; `running` is it, with the pull requests that brought it."""
    graph, [sha] = git_history(case, repository).value_or(None), running.shas
    if graph is None or not graph.reaches(sha):
        return ()
    waiting = (graph.between(sha, graph.head) or ())[:_MOST_WAITING]
    commits = read_all(case, repository, waiting).value_or(())
    built = builds(case, image_repository, repository).value_or(None)
    undone = (undone_by(case, repository, commit) for commit in commits)
    graph = read_further(case, repository, graph, chain.from_iterable(undone))
    fixes: list[PendingFix] = []
    for place, commit in enumerate(commits):
        kind, whole = _kind(case, repository, graph, running, commit)
        reverts = (reverted(newer).include([commit.sha], []) for newer in commits[:place])
        if kind and not any(reverts):
            is_built = _is_built(graph, built, commit.sha)
            fixes.append(PendingFix(commit.sha, kind, commit.subject, is_built, whole))
    return tuple(fixes)


def _is_built(graph: HistoryGraph, builds: BuildTags | None, sha: str) -> bool | None:
    """Whether a build has the commit; None where a build that nobody could place may have it."""
    if builds is None:
        return None
    if any(graph.is_ancestor(sha, build) for build in builds.by_sha):
        return True
    unplaced = not all(map(graph.knows, builds.by_sha)) and not graph.fresh
    return None if unplaced or builds.unread or builds.old else False


def _kind(
    case: Case, repository: str, graph: HistoryGraph, running: Mentions, commit: CommitFacts
) -> tuple[Literal["revert", "fix"] | None, bool]:
    """What a commit is to what runs, and whether it means the running revision itself."""
    reverts = reverted(commit)
    if reverts.include(running.shas, running.pulls):
        return "revert", True
    if fixed(commit).include(running.shas, running.pulls):
        return "fix", True
    undone = undone_by(case, repository, commit)
    runs = any(graph.is_ancestor(sha, running.shas[0]) for sha in undone)
    return ("revert" if runs else None), False


def undone_by(case: Case, repository: str, commit: CommitFacts) -> tuple[str, ...]:
    """What a commit reverts: by SHA, and by the merged pull request that it names."""
    mentions = reverted(commit)
    asked = (case.get(GithubPull(repository, number)).value_or(None) for number in mentions.pulls)
    return (*mentions.shas, *(pull.merge_sha for pull in asked if pull and pull.merge_sha))
