"""A clone that git refuses: the reason is shown, and the rest of the answer stands."""

import os
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from tests.world.git_writer import git
from tests.world.identity import Image, Start, Street, labelled, oci, raise_street

STRANGER = 4242
"""A user of nobody's."""


def _owned_by_another(clone: Path, home: Path) -> None:
    for path in (clone, *clone.rglob("*")):
        os.chown(path, STRANGER, STRANGER, follow_symlinks=False)


def _bare(clone: Path, home: Path) -> None:
    git(clone, "config", "core.bare", "true")
    for path in (clone / ".git").iterdir():
        path.rename(clone / path.name)
    (clone / ".git").rmdir()
    (home / ".gitconfig").write_text("[safe]\n\tbareRepository = explicit\n")


def _newer(clone: Path, home: Path) -> None:
    git(clone, "config", "core.repositoryformatversion", "99")


def _extension(clone: Path, home: Path) -> None:
    git(clone, "config", "core.repositoryformatversion", "1")
    git(clone, "config", "extensions.fromTheFuture", "true")


def _broken(clone: Path, home: Path) -> None:
    (clone / ".git" / "config").write_text("[core\n\tbare = false\n")


def _broken_home(clone: Path, home: Path) -> None:
    (home / ".gitconfig").write_text("[user\n\tname = x\n")


def _no_clone(clone: Path, home: Path) -> None:
    (clone / ".git").rename(clone / "was-git")


def _gone(clone: Path, home: Path) -> None:
    (clone / ".git").rename(clone / "was-git")
    (clone / ".git").write_text("gitdir: /nowhere/at/all\n")
