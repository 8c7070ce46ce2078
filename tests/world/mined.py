"""A history whose SHAs begin as they are wanted to: digits alone, a date, two that begin alike."""

import hashlib
import re
import zlib
from collections.abc import Callable, Iterator
from datetime import datetime
from itertools import count
from pathlib import Path

from tests.world.git_writer import FIRST, git

_EMPTY_TREE = b"tree 0\0"
_MINUTES = 37 * 60
_ADA = "Ada Byron <ada@example.com>"


class MinedHistory:
    """A clone at `clone`; `line` is its main branch, oldest first, the same on every machine."""

    def __init__(self, clone: Path, repository: str) -> None:
        self.clone = clone
        self.line: list[str] = []
        clone.mkdir(parents=True)
        git(clone, "init", "--quiet", "--initial-branch=main")
        git(clone, "remote", "add", "origin", f"https://github.com/{repository}.git")
        self._tree = self._write(_EMPTY_TREE)

    def commit(self, wanted: Callable[[str], object] = bool) -> str:
        """One more commit, whose SHA is `wanted`."""
        return self._land(next(body for sha, body in self._tries() if wanted(sha)))

    def twins(self) -> tuple[str, str]:
        """Two commits that begin with the same seven digits; the second is on a branch beside."""
        seen: dict[str, tuple[str, bytes]] = {}
        for sha, body in self._tries():
            other = seen.setdefault(sha[:7], (sha, body))
            if other[0] != sha:
                self._write(body)
                git(self.clone, "update-ref", "refs/remotes/origin/beside", sha)
                return self._land(other[1]), sha
        raise AssertionError("there is always another try")

    def finish(self) -> None:
        """Let the main branch, here and at the remote, lead to the newest commit."""
        for reference in ("refs/heads/main", "refs/remotes/origin/main"):
            git(self.clone, "update-ref", reference, self.line[-1])

    def _tries(self) -> Iterator[tuple[str, bytes]]:
        """Commits that could be the next one, with their SHAs."""
        at = f"{int(FIRST.timestamp()) + _MINUTES * len(self.line)} +0000"
        parent = f"parent {self.line[-1]}\n" if self.line else ""
        head = f"tree {self._tree}\n{parent}author {_ADA} {at}\ncommitter {_ADA} {at}\n\n"
        for number in count():
            text = f"{head}Step {len(self.line)}, try {number}\n".encode()
            body = b"commit %d\0" % len(text) + text
            yield _name(body), body

    def _land(self, body: bytes) -> str:
        self.line.append(self._write(body))
        return self.line[-1]

    def _write(self, body: bytes) -> str:
        sha = _name(body)
        file = self.clone / ".git" / "objects" / sha[:2] / sha[2:]
        file.parent.mkdir(exist_ok=True)
        file.write_bytes(zlib.compress(body))
        return sha


def digits(sha: str) -> bool:
    """Whether the short SHA is a number."""
    return sha[:7].isdecimal() and sha[0] != "0"


def mixed(sha: str) -> bool:
    """Whether the short SHA surely reads as one."""
    return not (sha[:7].isdecimal() or sha[:7].isalpha())


def date(sha: str) -> bool:
    """Whether the first eight digits are a day of our times."""
    if not re.match(r"20[0-2]\d[01]\d[0-3]\d", sha):
        return False
    try:
        return bool(datetime.strptime(sha[:8], "%Y%m%d"))
    except ValueError:
        return False


def _name(body: bytes) -> str:
    return hashlib.sha1(body, usedforsecurity=False).hexdigest()
