"""What the stand-in knows: a real git repository, and the truth about its pull requests."""

import json
import subprocess
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

from tests.world.git_writer import git_env
from tests.world.history import History

_FORMAT = "%x02".join(("%H", "%T", "%P", "%an", "%ae", "%aI", "%cI", "%B"))


@dataclass(frozen=True, slots=True)
class GitCommit:
    """A commit as git tells it; times are RFC 3339 as GitHub writes them."""

    sha: str
    tree: str
    parents: tuple[str, ...]
    author: str
    email: str
    authored_at: str
    committed_at: str
    message: str


@dataclass(frozen=True, slots=True)
class Ground:
    """Everything that does not change while the stand-in runs, but for the repository itself."""

    repository: str
    git_dir: str
    branch: str
    token: str
    private: bool
    mainline: frozenset[str]
    pulls: Mapping[int, Mapping[str, Any]]
    pulls_of: Mapping[str, tuple[int, ...]]
    control: str
    old_names: tuple[str, ...] = ()
    required: tuple[str, ...] = ()
    log: str = ""
    violations: str = ""

    def commit(self, name: str) -> GitCommit | None:
        """The commit of a SHA, a short SHA or `heads/…`, `tags/…`."""
        sha = self.resolve(name)
        return (_every(self.git_dir).get(sha) or _one(self.git_dir, sha)) if sha else None

    def resolve(self, name: str) -> str:
        """The SHA that a name stands for, empty for none; annotated tags are peeled."""
        if name in _every(self.git_dir):
            return name
        for candidate in (f"refs/{name}", f"refs/heads/{name}", f"refs/tags/{name}", name):
            if candidate.startswith("-"):
                continue
            said = self.git("rev-parse", "--verify", "--quiet", f"{candidate}^{{commit}}")
            if said:
                return said.strip()
        return ""

    def oid(self, expression: str) -> str:
        """The object of a git revision expression, not peeled; empty for none and for several."""
        if expression.startswith("-"):
            return ""
        return self.git("rev-parse", "--verify", "--quiet", expression).strip()

    def kind(self, oid: str) -> str:
        """What an object is: Commit, Tree, Blob or Tag; empty for none."""
        if oid in _every(self.git_dir):
            return "Commit"
        return self.git("cat-file", "-t", oid).strip().capitalize()

    def history(self, name: str) -> tuple[str, ...]:
        """Every commit reachable from a name, newest first, as git lists them."""
        return tuple(self.git("rev-list", name).split())

    def apart(self, base: str, head: str) -> tuple[int, int]:
        """How many commits only head has, and only base."""
        said = self.git("rev-list", "--left-right", "--count", f"{base}...{head}").split()
        return int(said[1]), int(said[0])

    def git(self, *words: str) -> str:
        """What git prints, empty when it fails."""
        return _git(self.git_dir, *words)


def ground_of(history: History, folder: Path, **settings: Any) -> Ground:
    """The ground for a history; the repository is its origin."""
    pulls = {number: _plain(asdict(pull)) for number, pull in history.pulls.items()}
    ground = Ground(
        repository=history.repository,
        git_dir=str(history.origin),
        branch="main",
        mainline=frozenset(history.mainline),
        pulls=pulls,
        pulls_of=dict(history.pulls_of),
        control=str(folder / "control.json"),
        log=str(folder / "requests"),
        violations=str(folder / "violations"),
        **settings,
    )
    for name in (ground.log, ground.violations):
        Path(name).touch()
    Path(ground.control).write_text("{}")
    return ground


def save(ground: Ground, path: Path) -> None:
    """Write it down for the process that will serve it."""
    written = asdict(ground) | {"mainline": sorted(ground.mainline)}
    path.write_text(json.dumps(written))


def load(path: Path) -> Ground:
    """Read what `save` wrote."""
    read = json.loads(path.read_text())
    read["mainline"] = frozenset(read["mainline"])
    read["pulls"] = {int(number): pull for number, pull in read["pulls"].items()}
    read["pulls_of"] = {sha: tuple(numbers) for sha, numbers in read["pulls_of"].items()}
    for name in ("old_names", "required"):
        read[name] = tuple(read[name])
    return Ground(**read)


def stamp(text: str) -> str:
    """A time as GitHub writes it: UTC, whole seconds, Z."""
    return f"{datetime.fromisoformat(text).astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"


def _plain(pull: dict[str, Any]) -> dict[str, Any]:
    at = pull["merged_at"]
    return pull | {"merged_at": None if at is None else stamp(at.isoformat())}


def _git(git_dir: str, *words: str) -> str:
    done = subprocess.run(
        ["git", "--git-dir", git_dir, *words],
        env=git_env(),
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
    )
    return done.stdout.decode("utf-8", "replace") if done.returncode == 0 else ""


@cache
def _every(git_dir: str) -> dict[str, GitCommit]:
    """Everything that a reference reaches when the stand-in starts, in one call."""
    said = _git(git_dir, "log", "--all", "-z", f"--format={_FORMAT}%x01")
    return {commit.sha: commit for commit in map(_parsed, said.split("\x01\0")[:-1])}


@cache
def _one(git_dir: str, sha: str) -> GitCommit:
    """A commit that came later, or that no reference reaches."""
    return _parsed(_git(git_dir, "log", "-1", f"--format={_FORMAT}", sha))


def _parsed(record: str) -> GitCommit:
    sha, tree, parents, author, email, authored, committed, message = record.split("\x02", 7)
    return GitCommit(
        sha, tree, tuple(parents.split()), author, email, stamp(authored), stamp(committed),
        message.rstrip("\n"),
    )  # fmt: skip
