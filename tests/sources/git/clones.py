"""What the git tests share: clones of many kinds, and time enough."""

import os
from collections.abc import Mapping
from pathlib import Path

from tests.world.git_writer import git
from tests.world.history import History
from whatsrunning.facts.answers import Answer
from whatsrunning.facts.git import Git
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.git.client import ClonedGit
from whatsrunning.sources.git.remotes import Said

REPOSITORY = "acme/shop"
ABSENT = "dead" * 10
CI = """\
name: CI
on:
  push:
    branches: [main]
    paths:
      - 'src/**'
      - '!src/docs/**'
  pull_request:
jobs:
  test:
    runs-on: ubuntu-latest
    steps: [{run: pytest}]
"""


def at(
    *clones: Path,
    env: Mapping[str, str] | None = None,
    fetch: bool = False,
    said: Mapping[Path, Said] | None = None,
) -> Git:
    """The clones at these paths."""
    by_path = {str(path): words for path, words in (said or {}).items()}
    return ClonedGit(clones, "github.com", os.environ if env is None else env, fetch, by_path)


def whole(clones: Git, prefix: str, repository: str = REPOSITORY) -> Answer[str]:
    """What one short SHA begins."""
    return clones.prefixes(repository, [prefix], soon())[prefix]


def soon() -> Deadline:
    """Ample time, so that a busy machine changes nothing."""
    return Deadline.after(60)


def cloned(origin: Path, clone: Path, *options: str) -> Path:
    """A clone over git's own transport, with GitHub's URL."""
    git(origin.parent, "clone", "--quiet", *options, origin.absolute().as_uri(), str(clone))
    git(clone, "remote", "set-url", "origin", "https://github.com/acme/shop.git")
    return clone


def write_commit(
    clone: Path, tree: str, *parents: str, second: int = 1772442000, header: str = ""
) -> str:
    """One more commit object in a clone, made by nobody that GitHub knows."""
    who = f"Eve <eve@example.com> {second} +0000"
    lines = [f"tree {tree}", *(f"parent {sha}" for sha in parents)]
    lines += [f"author {who}", f"committer {who}", *([header] if header else []), "", "By hand", ""]
    return git(clone, "hash-object", "-t", "commit", "-w", "--stdin", input="\n".join(lines))


def reachable(history: History, *tips: str) -> set[str]:
    """These commits and everything before them, by the parents that they were made with."""
    seen: set[str] = set()
    open_ = list(tips)
    while open_:
        sha = open_.pop()
        if sha not in seen:
            seen.add(sha)
            open_ += history.commits[sha].parents
    return seen


def set_trap(clone: Path, mark: Path) -> Path:
    """A program that leaves a mark when it is run."""
    trap = clone.parent / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {mark}\n", encoding="utf-8")
    trap.chmod(0o755)
    return trap
