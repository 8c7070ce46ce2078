"""Commits that a clone has, what differs between two, and the history that relates some."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from whatsrunning.facts.git import CommitFacts, GraphFacts
from whatsrunning.sources.git.clone import Clone, default_branch
from whatsrunning.sources.git.process import GitFolder

BODY = 4000  # characters of a message's body that are kept
TOUCHED = 1000  # names of files that are kept of what differs
_FIELDS = ("%H", "%T", "%P", "%an", "%ct", "%s", "%b")
_FORMAT = "--format=format:" + "%x00".join(_FIELDS)
LIMIT = 20_000  # commits of one graph; one that was cut is not `whole`
_LAST_SECOND = 253_402_300_799  # of the year 9999


def present(git: GitFolder, shas: Collection[str]) -> list[str]:
    """Those of these whole SHAs that are commits of the clone, newest first."""
    if not shas:
        return []
    # A partial clone would ask its remote for each missing one, if it were not for `--missing`:
    # https://git-scm.com/docs/git-rev-list
    command = ("rev-list", "--no-walk", "--ignore-missing", "--missing=allow-any", "--stdin")
    lines = git.run(*command, stdin=sorted(shas), strict=True).lines
    return [sha for sha in lines if sha in shas]


def read_commits(git: GitFolder, shas: Collection[str]) -> Mapping[str, CommitFacts]:
    """Those of these whole SHAs that are commits of the clone, by SHA."""
    at_hand = present(git, shas)
    if not at_hand:  # git log without any would tell of HEAD
        return {}
    # Names on stdin are no options, and one process for 20 commits takes 4 ms instead of 82.
    command = ("log", "--no-walk=unsorted", "--no-mailmap", "--encoding=UTF-8", "-z", _FORMAT)
    fields = git.run(*command, "--stdin", stdin=at_hand).text.split("\0")
    rows = [fields[at : at + len(_FIELDS)] for at in range(0, len(fields), len(_FIELDS))]
    return {row[0]: _commit(*row) for row in rows if len(row) == len(_FIELDS)}


def read_touched(
    git: GitFolder, base: str, head: str, paths: Sequence[str] = ()
) -> tuple[str, ...]:
    """The files at or below these paths that differ between two commits of the clone, by name."""
    # What follows --end-of-options is no option, whatever it looks like:
    # https://git-scm.com/docs/gitcli
    command = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--end-of-options")
    return tuple(git.run(*command, base, head, "--", *paths).fields[:TOUCHED])


def _commit(
    sha: str, tree: str, parents: str, author: str, second: str, subject: str, body: str
) -> CommitFacts:
    text = body.strip("\n")[:BODY]
    # git shows no second for a broken date, and shows any number.
    number = int(second) if second.removeprefix("-").isdecimal() else 0
    at = datetime.fromtimestamp(min(max(number, 0), _LAST_SECOND), UTC)
    return CommitFacts(sha, subject, text, author, at, tuple(parents.split()), tree)


def read_graph(clone: Clone, repository: str, shas: Sequence[str]) -> GraphFacts:
    """Everything from the default branch's head and these SHAs down to what all of them share."""
    git, fetched_at = clone.git, clone.facts.fetched_at
    branch = default_branch(git, clone.remote(repository))
    tips = present(git, [*shas, *filter(None, (branch.head,))])
    if not tips:
        return GraphFacts(branch.name, branch.head, {}, not clone.facts.shallow, fetched_at)
    shared = tips
    if len(tips) > 1:
        command = ("merge-base", "--octopus", "--all", "--end-of-options", *tips)
        shared = git.run(*command, accept=(0, 1)).lines  # 1: there is no common commit
    # The newest shared commits are included, so that every SHA of the clone is a key.
    below = [f"^{base}^@" for base in shared]
    options = ("--topo-order", "--parents", f"--max-count={LIMIT + 1}", "--stdin")
    lines = git.run("rev-list", *options, stdin=[*tips, *below]).lines
    rows = [tuple(line.split()) for line in lines[:LIMIT]]
    parents = {row[0]: row[1:] for row in rows}
    whole = len(lines) <= LIMIT and clone.boundary.isdisjoint(parents)
    return GraphFacts(branch.name, branch.head, parents, whole, fetched_at)
