"""Commits by the beginnings of their SHAs, of any number at once."""

from bisect import bisect_left
from collections.abc import Collection, Iterator, Mapping, Sequence

from whatsrunning.sources.git.log import present
from whatsrunning.sources.git.process import GitFolder

_WHOLE = 40
_TOGETHER = 10_000  # on one command line: half of the megabyte that macOS allows


def commits_beginning(git: GitFolder, asked: Collection[str]) -> Mapping[str, Sequence[str]]:
    """The commits of a clone that begin with each of these: 7 to 64 lower-case hex digits."""
    short = sorted(sha for sha in asked if len(sha) < _WHOLE)
    objects = {sha for sha in asked if len(sha) == _WHOLE}
    for at in range(0, len(short), _TOGETHER):
        options = (f"--disambiguate={sha}" for sha in short[at : at + _TOGETHER])
        objects.update(git.run("rev-parse", *options, strict=True).lines)
    commits = sorted(present(git, objects))
    return {sha: tuple(_from(commits, sha)) for sha in asked}


def _from(commits: Sequence[str], beginning: str) -> Iterator[str]:
    for at in range(bisect_left(commits, beginning), len(commits)):
        if not commits[at].startswith(beginning):
            return
        yield commits[at]
