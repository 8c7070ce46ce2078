"""Whether a revision contains a change: by history, by cherry-pick, and not reverted since."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.git import CommitFacts
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.git_ref import RefCommits
from whatsrunning.verdicts.history.lookup import found_or_nothing, git_history, is_ancestor
from whatsrunning.verdicts.history.reverts import MOST, Mentions, read_all, reverted_by

# What `git cherry-pick -x` appends: https://git-scm.com/docs/git-cherry-pick
_CHERRY_PICKED = re.compile(r"\(cherry picked from commit ([0-9a-f]{7,64})\)")

_CERTAIN = 20  # commits in a row: dates alone prove little
_CLOCKS = timedelta(days=1)  # by which two developers' clocks may differ


@dataclass(frozen=True, slots=True)
class Containment:
    """How a revision contains a change; `unsure` is why nobody can say whether it was reverted."""

    by: Literal["same", "ancestor", ""]
    reverted_by: str = ""
    unsure: Problem | None = None


@memo
def contains(case: Case, repository: str, change: RefCommits, sha: str) -> Answer[Containment]:
    """How `sha` contains the change, if it does; Unknown where the history cannot tell."""
    if sha in change.shas or sha == change.head:
        return Found(Containment("same"))
    ancestors = {other: is_ancestor(case, repository, other, sha) for other in change.shas}
    if ancestor := next((other for other, yes in ancestors.items() if yes), ""):
        return _not_reverted(case, repository, change, ancestor, sha)
    if None in ancestors.values():
        return Unknown(_unrelated(case, repository, change.shas[0], sha))
    return _cherry_picked(case, repository, change, sha)


def _not_reverted(
    case: Case, repository: str, change: RefCommits, contained: str, sha: str
) -> Answer[Containment]:
    """It is contained by its commit `contained`, and may have been reverted after that."""
    own = (other for picks in change.picks for other in picks)
    reverts = Mentions((contained, *change.shas, *own), change.pulls)
    # Too many to be read: a revert mostly comes soon after, so the oldest are searched.
    back = _after(case, repository, contained, sha).then(
        lambda commits: reverted_by(case, repository, reverts, commits[-MOST:])
    )
    known = back.then(lambda revert: Found(Containment("ancestor", revert)))
    return known.or_else(lambda: Found(Containment("ancestor", unsure=back.problem)))


def _cherry_picked(
    case: Case, repository: str, change: RefCommits, sha: str
) -> Answer[Containment]:
    """Not an ancestor; commits that only `sha` has may be cherry-picks of the whole change."""
    beside = _after(case, repository, change.shas[0], sha)
    searched = beside.then(lambda commits: Found((commits, True))).or_else(
        # A change on another branch that GitHub's graph lacks: search all that the revision has.
        # A clone that lacks the change is read no further than what the look relates.
        lambda: git_history(case, repository, frozenset((change.shas[0], sha))).then(
            lambda graph: Found(graph.ancestors(sha))
        )
    )
    commits, whole = searched.value_or(((), False))
    if beside.problem and not commits:
        return Unknown(beside.problem)

    def picked(read: Sequence[CommitFacts]) -> Answer[Containment]:
        for picks in change.picks:
            if newest := _newest_pick(read, picks):
                return _not_reverted(case, repository, change, newest, sha)
        if whole and len(commits) <= MOST:
            return Nothing()
        answer = commit_of(case, repository, change.shas[0])
        original = answer.value_or(None)
        if original and _goes_back_before(read, original):
            return Nothing()
        return Unknown(answer.problem or _untold(repository, change.shas[0], sha))

    return read_all(case, repository, commits).then(picked)


def _goes_back_before(read: Sequence[CommitFacts], change: CommitFacts) -> bool:
    """Whether the oldest that were read are older than the change: nothing below picked it."""
    oldest = [commit.committed_at for commit in read[-_CERTAIN:]]
    return len(oldest) == _CERTAIN and change.committed_at - max(oldest) > _CLOCKS


def _newest_pick(commits: Iterable[CommitFacts], picks: tuple[str, ...]) -> str:
    """The newest of the commits (newest first) if they pick all of `picks`, else empty."""
    picking = [
        (commit.sha, original)
        for commit in commits
        for original in picks
        if original.startswith(tuple(_CHERRY_PICKED.findall(commit.body)))
    ]
    whole = {original for _, original in picking} == {*picks}
    return picking[0][0] if picking and whole else ""


def _after(case: Case, repository: str, base: str, head: str) -> Answer[tuple[str, ...]]:
    """The commits that `head` has and `base` lacks, newest first."""
    for also in ((), (base, head)):
        history = git_history(case, repository, frozenset(also))
        commits = history.then(lambda graph: found_or_nothing(graph.between(base, head)))
        if commits != Nothing():
            return commits
    return Unknown(_untold(repository, base, head))


def _unrelated(case: Case, repository: str, change: str, sha: str) -> Problem:
    """Why nobody knows whether `sha` contains the change: mostly because nobody has `sha`."""
    commit = commit_of(case, repository, sha)
    if commit != Nothing():
        return commit.problem or _untold(repository, change, sha)
    message = f"nobody has the commit {sha[:12]} of {repository}: what it holds cannot be told"
    hint = "it was never pushed, or pushed over: name a clone that has it with -C"
    return Problem("git", f"{repository}@{sha}", "no-such-commit", message, hint)


def _untold(repository: str, change: str, sha: str) -> Problem:
    message = f"whether {sha[:12]} holds {change[:12]} cannot be told from the history at hand"
    hint = f"fetch in the clone of {repository}, or set GH_TOKEN"
    return Problem("git", repository, "untold", message, hint)
