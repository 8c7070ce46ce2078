"""The part of a clone's history that relates some commits, as small as that allows."""

from collections.abc import Sequence

from whatsrunning.facts.git import GraphFacts
from whatsrunning.sources.git.clone import Clone, default_branch
from whatsrunning.sources.git.log import present
from whatsrunning.sources.git.process import GitFolder

LIMIT = 20_000  # commits of one graph; one that was cut is not `whole`
_UNRELATED = 1  # git merge-base's exit code for histories without a common commit


def read_graph(clone: Clone, repository: str, shas: Sequence[str]) -> GraphFacts:
    """Everything from the default branch's head and these SHAs down to what all of them share.

    The newest shared commit is included, so every SHA that the clone has is a key.
    """
    git = clone.git
    branch = default_branch(git, clone.remote(repository))
    fetched_at = clone.facts.fetched_at
    tips = present(git, [*shas, *filter(None, (branch.head,))])
    if not tips:
        return GraphFacts(branch.name, branch.head, {}, not clone.facts.shallow, fetched_at)
    below = [f"^{base}^@" for base in _shared(git, tips)]
    command = ("rev-list", "--topo-order", "--parents", f"--max-count={LIMIT + 1}", "--stdin")
    lines = git.run(*command, stdin=[*tips, *below]).lines
    rows = [tuple(line.split()) for line in lines[:LIMIT]]
    parents = {row[0]: row[1:] for row in rows}
    whole = len(lines) <= LIMIT and clone.boundary.isdisjoint(parents)
    return GraphFacts(branch.name, branch.head, parents, whole, fetched_at)


def _shared(git: GitFolder, tips: Sequence[str]) -> Sequence[str]:
    """The newest commits that all tips have in common; none when histories are unrelated."""
    if len(tips) == 1:
        return tips
    command = ("merge-base", "--octopus", "--all", "--end-of-options", *tips)
    return git.run(*command, accept=(0, _UNRELATED)).lines
