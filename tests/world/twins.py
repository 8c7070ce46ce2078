"""Two commits whose SHAs begin alike, in a repository of their own: a short SHA that is of both."""

import hashlib
import itertools
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

from tests.world.git_writer import git, git_env
from tests.world.history import History


def with_twins(history: History, folder: Path, digits: int = 7) -> tuple[History, tuple[str, str]]:
    """The history over a copy of its origin that holds two more commits, and their SHAs."""
    origin = folder / "origin.git"
    shutil.copytree(history.origin, origin)
    first, second = _alike(git(origin, "rev-parse", f"{history.head}^{{tree}}"), digits)
    shas = (_written(origin, first), _written(origin, second))
    assert shas[0][:digits] == shas[1][:digits]
    return replace(history, origin=origin), shas


def _alike(tree: str, digits: int) -> tuple[bytes, bytes]:
    """Some 20,000 candidates for 7 digits (https://en.wikipedia.org/wiki/Birthday_attack)."""
    seen: dict[str, bytes] = {}
    for body in _candidates(tree):
        name = hashlib.sha1(b"commit %d\0%b" % (len(body), body)).hexdigest()[:digits]
        if name in seen:
            return seen[name], body
        seen[name] = body
    raise AssertionError("numbers do not end")


def _candidates(tree: str) -> Iterator[bytes]:
    who = "Ada <ada@acme.com> 1772442000 +0000"
    for number in itertools.count():
        yield f"tree {tree}\nauthor {who}\ncommitter {who}\n\nTwin {number}\n".encode()


def _written(origin: Path, body: bytes) -> str:
    command = ["git", "-C", str(origin), "hash-object", "-t", "commit", "-w", "--stdin"]
    done = subprocess.run(command, env=git_env(), check=True, capture_output=True, input=body)
    return done.stdout.decode().strip()
