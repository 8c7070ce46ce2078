"""Which commit takes back which, and what waits to be deployed because of it."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, values_of
from whatsrunning.facts.queries import GithubPull
from whatsrunning.facts.records import CommitFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, memo
from whatsrunning.report.container import Container, PendingFix
from whatsrunning.verdicts.history.builds import builds
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.pull_requests import message_pull

MOST = 300
"""Commits that are searched for a revert at most, newest first."""
_MOST_WAITING = 100

_REVERTED_SHA = re.compile(r"\bThis reverts commit ([0-9a-f]{7,64})\b")
_REVERTED_PULL = re.compile(r"^Reverts (?:[\w.-]+/[\w.-]+)?#(\d{1,9})\b", re.MULTILINE)
_FIXED_SHA = re.compile(r"^Fixes: ([0-9a-f]{7,64})\b", re.MULTILINE | re.IGNORECASE)
_FIXED_PULL = re.compile(r"\bfix(?:es|ed)?\b[^#\n]{0,60}#(\d{1,9})\b", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Mentions:
    """What a commit says that it takes back or repairs: SHAs, perhaps short, and pull requests."""

    shas: tuple[str, ...]
    pulls: tuple[int, ...]

    def include(self, shas: Iterable[str], pulls: Iterable[int]) -> bool:
        """Whether it means one of these."""
        known = tuple(shas)
        by_sha = any(one.startswith(said) for said in self.shas for one in known)
        return by_sha or bool(set(self.pulls) & set(pulls))


def reverted(commit: CommitFacts) -> Mentions:
    """What `git revert` and GitHub's button write below the subject."""
    shas, pulls = _REVERTED_SHA.findall(commit.body), _REVERTED_PULL.findall(commit.body)
    return Mentions(tuple(shas), tuple(map(int, pulls)))


def fixed(commit: CommitFacts) -> Mentions:
    """What a commit says that it fixes."""
    text = f"{commit.subject}\n{commit.body}"
    shas, pulls = _FIXED_SHA.findall(text), _FIXED_PULL.findall(text)
    return Mentions(tuple(sha.lower() for sha in shas), tuple(map(int, pulls)))


def reverted_by(case: Case, repository: str, what: Mentions, commits: Sequence[str]) -> Answer[str]:
    """The commit among `commits` (newest first) that took back `what`, and stands.

    Nothing where none did; Unknown where a commit could not be read or there are too many.
    """
    read = read_all(case, repository, commits)
    return read.then(lambda known: _standing_revert(case.scope, repository, what, known))


def _standing_revert(
    scope: Scope, repository: str, what: Mentions, commits: Sequence[CommitFacts]
) -> Answer[str]:
    undone: list[tuple[str, list[int]]] = []
    for commit in reversed(commits):
        mentions = reverted(commit)
        if undone and mentions.include([undone[-1][0]], undone[-1][1]):
            undone.pop()
        elif mentions.include(what.shas, what.pulls):
            pull = message_pull(commit, scope, repository)
            undone.append((commit.sha, [pull.number] if pull else []))
    return Found(undone[-1][0]) if undone else Nothing()


def read_all(case: Case, repository: str, shas: Sequence[str]) -> Answer[tuple[CommitFacts, ...]]:
    """The commits themselves, asked for at once; Unknown when one cannot be read."""
    return values_of(commit_of(case, repository, sha) for sha in shas[:MOST])


def pending_fixes(case: Case, container: Container) -> tuple[PendingFix, ...]:
    """Reverts and fixes of what a container runs that are merged or built, but not deployed."""
    if not (isinstance(container.revision, Found) and isinstance(container.repository, Found)):
        return ()
    numbers = tuple(pull.number for pull in container.pull_requests.value_or(()))
    own = Mentions((container.revision.value.sha,), numbers)
    return _fixes_of(case, container.repository.value, container.image.repository, own)


@memo
def _fixes_of(
    case: Case, repository: str, image_repository: str, own: Mentions
) -> tuple[PendingFix, ...]:
    """Reverts and fixes of `own`: the running revision, and the pull requests that brought it."""
    graph, running = git_history(case, repository).value_or(None), own.shas[0]
    if graph is None or not graph.reaches(running):
        return ()
    newer = graph.between(running, graph.head) or ()
    commits = read_all(case, repository, newer[:_MOST_WAITING]).value_or(())
    known = builds(case, image_repository, repository).value_or({})
    found: list[PendingFix] = []
    for commit in commits:
        kind, whole = _kind(case, repository, graph, own, commit)
        if kind and not _taken_back(commit, commits):
            built = any(graph.is_ancestor(commit.sha, sha) for sha in known)
            found.append(PendingFix(commit.sha, kind, commit.subject, built, whole))
    return tuple(found)


def _kind(
    case: Case, repository: str, graph: HistoryGraph, own: Mentions, commit: CommitFacts
) -> tuple[Literal["revert", "fix"] | None, bool]:
    """What a commit is to what runs, and whether it means the running revision itself."""
    back, repair = reverted(commit), fixed(commit)
    if back.include(own.shas, own.pulls):
        return "revert", True
    if repair.include(own.shas, own.pulls):
        return "fix", True
    asked = [case.get(GithubPull(repository, number)) for number in back.pulls]
    merges = [pull for answer in asked if (pull := answer.value_or(None))]
    shas = [*back.shas, *(pull.merge_sha for pull in merges)]
    runs = any(graph.is_ancestor(sha, own.shas[0]) for sha in shas if sha)
    return ("revert" if runs else None), False


def _taken_back(commit: CommitFacts, commits: Sequence[CommitFacts]) -> bool:
    """Whether a newer one of the commits, newest first, reverts it."""
    newer = commits[: commits.index(commit)]
    return any(reverted(other).include([commit.sha], []) for other in newer)
