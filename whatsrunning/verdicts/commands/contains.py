"""Whether a revision holds a change: by history, by cherry-pick, and not taken back since."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.records import CommitFacts
from whatsrunning.facts.store import Case, memo
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.git_ref import RefCommits
from whatsrunning.verdicts.history.lookup import git_history, is_ancestor
from whatsrunning.verdicts.history.reverts import MOST, Mentions, read_all, reverted_by

_CHERRY_PICKED = re.compile(r"\(cherry picked from commit ([0-9a-f]{7,64})\)")

_CERTAIN = 20  # commits in a row: dates alone prove little
_CLOCKS = timedelta(days=1)  # by which two developers' clocks may differ


@dataclass(frozen=True, slots=True)
class Containment:
    """A change that a revision holds; `reverted_by` is the commit that took it back, or empty.

    `unsure` is why nobody can say whether it was taken back.
    """

    by: Literal["same", "ancestor"]
    reverted_by: str = ""
    unsure: Problem | None = None


@memo
def contains(case: Case, repository: str, target: RefCommits, sha: str) -> Answer[Containment]:
    """Nothing: it does not hold it. Unknown: it cannot be told."""
    if sha in target.shas or sha == target.head:
        return Found(Containment("same"))
    told = [is_ancestor(case, repository, each, sha) for each in target.shas]
    held = next((each for each, yes in zip(target.shas, told, strict=True) if yes), "")
    if held:
        return _not_reverted(case, repository, target, held, sha)
    if any(each is None for each in told):
        return Unknown(_nowhere(case, repository, target.shas[0], sha))
    return _cherry_picked(case, repository, target, sha)


def _not_reverted(
    case: Case, repository: str, target: RefCommits, held: str, sha: str
) -> Answer[Containment]:
    """Contained; what came after it may have taken it back."""
    own = (sha for some in target.picks for sha in some)
    what = Mentions((held, *target.shas, *own), target.pulls)
    # Too far back to be read whole: a revert mostly comes soon after, so the oldest are searched.
    back = _after(case, repository, held, sha).then(
        lambda commits: reverted_by(case, repository, what, commits[-MOST:])
    )
    return back.then(lambda revert: Found(Containment("ancestor", revert))).or_else(
        lambda: Found(Containment("ancestor", unsure=back.problem))
    )


def _cherry_picked(
    case: Case, repository: str, target: RefCommits, sha: str
) -> Answer[Containment]:
    """Not contained; commits beside it may say that they were picked from it, all of it."""
    change = target.shas[0]
    beside = _after(case, repository, change, sha)
    searched = beside.then(lambda commits: Found((commits, True))).or_else(
        # A change on another branch that GitHub's graph lacks: search all that the revision has.
        lambda: git_history(case, repository).then(lambda graph: Found(graph.ancestors(sha)))
    )
    commits, whole = searched.value_or(((), False))
    if isinstance(beside, Unknown) and not commits:
        return beside
    read = read_all(case, repository, commits)
    if not isinstance(read, Found):
        return read
    for picks in target.picks:
        if newest := _all_cherry_picked(read.value, picks):
            return _not_reverted(case, repository, target, newest, sha)
    if whole and len(commits) <= MOST:
        return Nothing()
    made = commit_of(case, repository, change)
    if isinstance(made, Found) and _goes_back_before(read.value, made.value):
        return Nothing()
    return made if isinstance(made, Unknown) else Unknown(_untold(repository, change, sha))


def _goes_back_before(read: Sequence[CommitFacts], change: CommitFacts) -> bool:
    """Whether the last ones read are older than the change: what they stand on picked nothing."""
    last = [commit.committed_at for commit in read[-_CERTAIN:]]
    return len(last) == _CERTAIN and change.committed_at - max(last) > _CLOCKS


def _all_cherry_picked(commits: Iterable[CommitFacts], wanted: tuple[str, ...]) -> str:
    """The newest of the commits (newest first) that pick all that is wanted, else empty."""
    by: dict[str, str] = {}
    for commit in commits:
        said = _CHERRY_PICKED.findall(commit.body)
        for sha in wanted:
            if any(sha.startswith(name) for name in said):
                by.setdefault(sha, commit.sha)
    return next(iter(by.values())) if wanted and len(by) == len(set(wanted)) else ""


def _after(case: Case, repository: str, base: str, head: str) -> Answer[tuple[str, ...]]:
    """The commits that `head` has and `base` lacks, newest first."""
    for also in ((), (base, head)):
        graph = git_history(case, repository, frozenset(also))
        if not isinstance(graph, Found):
            return graph
        between = graph.value.between(base, head)
        if between is not None:
            return Found(between)
    return Unknown(_untold(repository, base, head))


def _nowhere(case: Case, repository: str, change: str, sha: str) -> Problem:
    """Why the two could not be related; what nobody has may contain anything."""
    known = commit_of(case, repository, sha)
    if isinstance(known, Found):
        return _untold(repository, change, sha)
    if known.problem:
        return known.problem
    message = f"nobody has the commit {sha[:12]} of {repository}: what it holds cannot be told"
    hint = "it was never pushed, or pushed over: name a clone that has it with -C"
    return Problem("git", f"{repository}@{sha}", "no-such-commit", message, hint)


def _untold(repository: str, change: str, sha: str) -> Problem:
    return Problem(
        "git",
        repository,
        "untold",
        f"whether {sha[:12]} holds {change[:12]} cannot be told from the history at hand",
        f"fetch in the clone of {repository}, or set GH_TOKEN",
    )
