"""Which commit takes back which, and what waits to be deployed because of it (DESIGN section 5)."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.queries import GithubPull
from whatsrunning.facts.records import CommitFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.report.container import Container, PendingFix
from whatsrunning.verdicts.history.builds import builds
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.graph import HistoryGraph
from whatsrunning.verdicts.history.lookup import git_history
from whatsrunning.verdicts.history.pull_requests import message_pull
from whatsrunning.verdicts.offline import is_pending

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

    def names(self, shas: Iterable[str], pulls: Iterable[int]) -> bool:
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


def reverted_by(
    facts: FactStore, scope: Scope, repository: str, what: Mentions, commits: Sequence[str]
) -> Answer[str]:
    """The commit among `commits` (newest first) that took back `what`, and stands.

    Nothing where none did; Unknown where a commit could not be read or there are too many.
    """
    read = read_all(facts, scope, repository, commits)
    if not isinstance(read, Found):
        return read
    undone: list[tuple[CommitFacts, int]] = []
    for commit in reversed(read.value):
        says = reverted(commit)
        if undone and says.names([undone[-1][0].sha], [undone[-1][1]] if undone[-1][1] else []):
            undone.pop()
        elif says.names(what.shas, what.pulls):
            undone.append((commit, _number(commit, scope, repository)))
    return Found(undone[-1][0].sha) if undone else Nothing()


def read_all(
    facts: FactStore, scope: Scope, repository: str, shas: Sequence[str]
) -> Answer[tuple[CommitFacts, ...]]:
    """The commits themselves, asked for at once; Unknown when one cannot be read."""
    answers = [commit_of(facts, scope, repository, sha) for sha in shas[:MOST]]
    failed = [answer for answer in answers if isinstance(answer, Unknown)]
    if failed:
        return next((answer for answer in failed if is_pending(answer)), failed[0])
    return Found(tuple(answer.value for answer in answers if isinstance(answer, Found)))


def pending_fixes(facts: FactStore, scope: Scope, container: Container) -> tuple[PendingFix, ...]:
    """Reverts and fixes of what a container runs that are merged or built, but not deployed."""
    if not (isinstance(container.revision, Found) and isinstance(container.repository, Found)):
        return ()
    running = container.revision.value.sha
    key = ("waiting", container.repository.value, container.image.repository, running)
    return facts.memo(
        key, lambda: _pending_fixes(facts, scope, container.repository, container, running)
    )


def _pending_fixes(
    facts: FactStore, scope: Scope, repository: Answer[str], container: Container, running: str
) -> tuple[PendingFix, ...]:
    name = repository.value if isinstance(repository, Found) else ""
    graph = git_history(facts, scope, name)
    if not isinstance(graph, Found) or not graph.value.reaches(running):
        return ()
    newer = graph.value.between(running, graph.value.head) or ()
    read = read_all(facts, scope, name, newer[:_MOST_WAITING])
    if not isinstance(read, Found):
        return ()
    own = _own(container, running)
    tags = builds(facts, scope, container.image.repository, name)
    known = tags.value if isinstance(tags, Found) else {}
    found: list[PendingFix] = []
    for commit in read.value:
        kind, whole = _kind(facts, name, graph.value, own, commit)
        if kind and not _taken_back(commit, read.value):
            built = any(graph.value.is_ancestor(commit.sha, one) for one in known)
            found.append(PendingFix(commit.sha, kind, commit.subject, built, whole))
    return tuple(found)


def _kind(
    facts: FactStore, repository: str, graph: HistoryGraph, own: Mentions, commit: CommitFacts
) -> tuple[Literal["revert", "fix"] | None, bool]:
    """What a commit is to what runs, and whether it means the running revision itself."""
    back, repair = reverted(commit), fixed(commit)
    if back.names(own.shas, own.pulls):
        return "revert", True
    if repair.names(own.shas, own.pulls):
        return "fix", True
    merges = [facts.get(GithubPull(repository, number)) for number in back.pulls]
    shas = [*back.shas, *(pull.value.merge_sha for pull in merges if isinstance(pull, Found))]
    runs = any(graph.is_ancestor(sha, own.shas[0]) for sha in shas if sha)
    return ("revert" if runs else None), False


def _own(container: Container, running: str) -> Mentions:
    """The revision that runs, and the pull requests that brought it."""
    pulls = container.pull_requests
    numbers = tuple(p.number for p in pulls.value) if isinstance(pulls, Found) else ()
    return Mentions((running,), numbers)


def _taken_back(commit: CommitFacts, commits: Sequence[CommitFacts]) -> bool:
    """Whether a newer one of the commits, newest first, reverts it."""
    newer = commits[: commits.index(commit)]
    return any(reverted(one).names([commit.sha], []) for one in newer)


def _number(commit: CommitFacts, scope: Scope, repository: str) -> int:
    pull = message_pull(commit, scope, repository)
    return pull.number if pull else 0
