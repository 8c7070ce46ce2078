"""The clones at hand: commits, short SHAs, history and names, read by git and never changed."""

import re
from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime, timedelta
from pathlib import Path
from threading import Lock
from typing import TypeVar

from whatsrunning.model.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.model.facts import CloneFacts, CommitFacts, GraphFacts
from whatsrunning.ports import Commits, Deadline, SourceError
from whatsrunning.sources.git_clones import Clone, describe, resolve
from whatsrunning.sources.git_graph import present, read_graph
from whatsrunning.sources.git_problems import ambiguous, late, no_clone, not_a_sha
from whatsrunning.sources.git_process import GitProcess

BODY = 4000
"""Characters of a message's body that are kept."""
_SHA = re.compile(r"[0-9a-f]{40}")
_PREFIX = re.compile(r"[0-9a-f]{7,40}")
# git check-ref-format's rules, in short: what else could be read as more than a name.
_NAME = re.compile(r"(?!.*(?:\.\.|@\{|//|/\.|\.lock(?:/|$)))(?![./-])[^\x00-\x20\x7f~^:?*\[\\]+(?<![./])")
_FIELDS = "%H%x00%T%x00%P%x00%an%x00%ct%x00%s%x00%b"
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_LAST_SECOND = 253_402_300_799  # the end of the year 9999

T = TypeVar("T")


def open_commits(
    clones: Sequence[Path], forge_host: str, env: Mapping[str, str], fetch: bool
) -> Commits:
    """The clones at these paths, for one look; with `fetch`, `git fetch origin` runs once in each."""
    return _Commits(tuple(dict.fromkeys(clones)), forge_host, GitProcess(env), fetch)


class _Commits:
    """Commits (ports.py) over several clones, each by its own."""

    def __init__(
        self, paths: tuple[Path, ...], forge_host: str, git: GitProcess, fetch: bool
    ) -> None:
        self._paths = paths
        self._host = forge_host
        self._git = git
        self._fetch = fetch
        self._described: tuple[Clone, ...] | None = None
        self._lock = Lock()
'''
