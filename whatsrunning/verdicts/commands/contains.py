"""Whether a revision holds a change: by history, by cherry-pick, and not taken back since."""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from typing import Literal

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.records import CommitFacts
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import FactStore
from whatsrunning.verdicts.history.commits import commit_of
from whatsrunning.verdicts.history.git_ref import RefCommits
from whatsrunning.verdicts.history.lookup import git_history, is_ancestor
from whatsrunning.verdicts.history.reverts import MOST, Mentions, read_all, reverted_by
from whatsrunning.verdicts.offline import is_pending

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


def contains(
    facts: FactStore, scope: Scope, repository: str, target: RefCommits, sha: str
) -> Answer[Containment]:
    """Nothing: it does not hold it. Unknown: it cannot be told."""
    if sha in target.shas or sha == target.head:
        return Found(Containment("same"))
    told = [is_ancestor(facts, scope, repository, each, sha) for each in target.shas]
    held = next((each for each, yes in zip(target.shas, told, strict=True) if yes), "")
    if held:
        return _not_reverted(facts, scope, repository, target, held, sha)
    if any(each is None for each in told):
        return Unknown(_nowhere(facts, scope, repository, target.shas[0], sha))
    return _cherry_picked(facts, scope, repository, target, sha)


def _not_reverted(
    facts: FactStore, scope: Scope, repository: str, target: RefCommits, held: str, sha: str
) -> Answer[Containment]:
    """Contained; what came after it may have taken it back."""
    after = _after(facts, scope, repository, held, sha)
    if isinstance(after, Unknown):
        return after if is_pending(after) else Found(Containment("ancestor", unsure=after.problem))
    # Too far back to be read whole: a revert mostly comes soon after, so the oldest are searched.
    commits = after.value[-MOST:] if isinstance(after, Found) else ()
    own = (sha for some in target.picks for sha in some)
    what = Mentions((held, *target.shas, *own), target.pulls)
    back = reverted_by(facts, scope, repository, what, commits)
    if isinstance(back, Unknown):
        return back if is_pending(back) else Found(Containment("ancestor", unsure=back.problem))
    return Found(Containment("ancestor", back.value if isinstance(back, Found) else ""))


def _cherry_picked(
    facts: FactStore, scope: Scope, repository: str, target: RefCommits, sha: str
) -> Answer[Containment]:
    """Not contained; commits beside it may say that they were picked from it, all of it."""
    beside = _after(facts, scope, repository, target.shas[0], sha)
    whole = True
    if isinstance(beside, Unknown):
        # A change on another branch that GitHub's graph lacks: all that the revision has will do.
        graph = git_history(facts, scope, repository)
        past, whole = graph.value.past(sha) if isinstance(graph, Found) else ((), False)
        if is_pending(beside) or not past:
            return beside
        beside = Found(past)
    commits = beside.value if isinstance(beside, Found) else ()
    read = read_all(facts, scope, repository, commits)
    if not isinstance(read, Found):
        return read
    for wanted in target.picks:
        if newest := _all_cherry_picked(read.value, wanted):
            return _not_reverted(facts, scope, repository, target, newest, sha)
    if whole and len(commits) <= MOST:
        return Nothing()
    made = commit_of(facts, scope, repository, target.shas[0])
    if isinstance(made, Unknown):
        return made
    if isinstance(made, Found) and _goes_back_before(read.value, made.value):
        return Nothing()
    return Unknown(_untold(repository, target.shas[0], sha))


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


def _after(
    facts: FactStore, scope: Scope, repository: str, base: str, head: str
) -> Answer[tuple[str, ...]]:
    """The commits that `head` has and `base` lacks, newest first."""
    for also in ((), (base, head)):
        graph = git_history(facts, scope, repository, also)
        if not isinstance(graph, Found):
            return graph
        between = graph.value.between(base, head)
        if between is not None:
            return Found(between)
    return Unknown(_untold(repository, base, head))


def _nowhere(facts: FactStore, scope: Scope, repository: str, change: str, sha: str) -> Problem:
    """Why the two could not be related: a commit that nobody has holds who knows what."""
    known = commit_of(facts, scope, repository, sha)
    if isinstance(known, Found) or (isinstance(known, Unknown) and is_pending(known)):
        return _untold(repository, change, sha)
    if isinstance(known, Unknown):
        return known.problem
    said = f"nobody has the commit {sha[:12]} of {repository}: what it holds cannot be told"
    hint = "it was never pushed, or pushed over: name a clone that has it with -C"
    return Problem("git", f"{repository}@{sha}", "no-such-commit", said, hint)


def _untold(repository: str, change: str, sha: str) -> Problem:
    return Problem(
        "git",
        repository,
        "untold",
        f"whether {sha[:12]} holds {change[:12]} cannot be told from the history at hand",
        f"fetch in the clone of {repository}, or set GH_TOKEN",
    )
