"""One `git log` for any number of commits."""

from collections.abc import Collection, Mapping, Sequence
from datetime import UTC, datetime

from whatsrunning.facts.ports import Deadline
from whatsrunning.facts.records import CommitFacts
from whatsrunning.sources.git.process import GitProcess

BODY = 4000
"""Characters of a message's body that are kept."""
TOUCHED = 1000
"""Names of files that are kept of what differs."""
_FIELDS = ("%H", "%T", "%P", "%an", "%ct", "%s", "%b")
_FORMAT = "--format=format:" + "%x00".join(_FIELDS)
_LAST_SECOND = 253_402_300_799  # of the year 9999


def present(git: GitProcess, path: str, shas: Collection[str], deadline: Deadline) -> list[str]:
    """Those of these whole SHAs that are commits of the clone, newest first.

    A partial clone would ask its remote for each missing one: `--missing` keeps git from that.
    """
    if not shas:
        return []
    command = ("rev-list", "--no-walk", "--ignore-missing", "--missing=allow-any", "--stdin")
    lines = git.run(path, command, deadline, stdin=sorted(shas), strict=True).lines
    return [sha for sha in lines if sha in shas]


def read_commits(
    git: GitProcess, path: str, shas: Collection[str], deadline: Deadline
) -> Mapping[str, CommitFacts]:
    """One log for those of these whole SHAs that are commits of the clone."""
    known = present(git, path, shas, deadline)
    if not known:  # git log without any would tell of HEAD
        return {}
    command = (
        "log", "--no-walk=unsorted", "--no-mailmap",
        "--encoding=UTF-8", "-z", _FORMAT, "--stdin",
    )  # fmt: skip
    out = git.run(path, command, deadline, stdin=known).out
    fields = out.decode("utf-8", "replace").split("\0")
    rows = [fields[at : at + len(_FIELDS)] for at in range(0, len(fields), len(_FIELDS))]
    commits = (_commit(row) for row in rows if len(row) == len(_FIELDS))
    return {commit.sha: commit for commit in commits}


def read_touched(
    git: GitProcess, path: str, between: tuple[str, str], paths: Sequence[str], deadline: Deadline
) -> tuple[str, ...]:
    """The files at or below these paths that differ between two commits of the clone, by name."""
    command = ("diff-tree", "-r", "-z", "--name-only", "--no-renames", "--end-of-options")
    out = git.run(path, (*command, *between, "--", *paths), deadline).out
    return tuple(filter(None, out.decode("utf-8", "replace").split("\0")))[:TOUCHED]


def _commit(row: Sequence[str]) -> CommitFacts:
    sha, tree, parents, author, second, subject, body = row
    text = body.strip("\n")[:BODY]
    return CommitFacts(sha, subject, text, author, _time(second), tuple(parents.split()), tree)


def _time(second: str) -> datetime:
    """A commit's second; git shows none for a broken date, and shows any number."""
    known = int(second) if second.removeprefix("-").isdecimal() else 0
    return datetime.fromtimestamp(min(max(known, 0), _LAST_SECOND), UTC)
