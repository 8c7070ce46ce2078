"""Writes git history through one `git fast-import`: same calls, same SHAs, on every machine."""

import os
import subprocess
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

FIRST = datetime(2026, 3, 2, 9, 0, tzinfo=UTC)
ZONES = ("+0000", "+0200", "-0700", "+0530")


@dataclass(frozen=True, slots=True)
class Person:
    """An author as git writes one, and the login at GitHub."""

    name: str
    email: str
    login: str


GITHUB = Person("GitHub", "noreply@github.com", "web-flow")


@dataclass(frozen=True, slots=True)
class CommitTruth:
    """One commit as it was made; `committed_at` in UTC, `body` without the closing newline."""

    sha: str
    subject: str
    body: str
    author: str
    committed_at: datetime
    parents: tuple[str, ...]
    tree: str


def git_env() -> dict[str, str]:
    """An environment in which nobody's git configuration counts."""
    kept = {name: os.environ[name] for name in ("PATH", "TMPDIR") if name in os.environ}
    none = {"GIT_CONFIG_GLOBAL": os.devnull, "GIT_CONFIG_NOSYSTEM": "1", "GIT_TEMPLATE_DIR": ""}
    return {**kept, **none, "HOME": os.devnull, "LC_ALL": "C"}


def git(folder: Path, *arguments: str, input: str | None = None) -> str:
    """Plain git in a folder; a failure raises with what git said."""
    command = ["git", "-C", str(folder), *arguments]
    done = subprocess.run(
        command, env=git_env(), check=False, capture_output=True, text=True,
        input=input, stdin=subprocess.DEVNULL if input is None else None,
    )  # fmt: skip
    if done.returncode:
        raise RuntimeError(f"{' '.join(command)}: {done.stderr}")
    return done.stdout.strip()


class GitWriter:
    """A bare repository under way; `commits` is the truth about everything written so far."""

    def __init__(self, folder: Path, first: datetime = FIRST) -> None:
        self._first = first
        folder.mkdir(parents=True)
        git(folder, "init", "--quiet", "--bare", "--initial-branch=main")
        self._import = subprocess.Popen(
            ["git", "-C", str(folder), "fast-import", "--quiet", "--date-format=raw"],
            env=git_env(), stdin=subprocess.PIPE, stdout=subprocess.PIPE,
        )  # fmt: skip
        self._marks: dict[str, int] = {}
        self.commits: dict[str, CommitTruth] = {}

    def commit(
        self,
        parents: Sequence[str],
        message: str,
        author: Person,
        committer: Person | None = None,
        *,
        like: str = "",
        raw: bytes | None = None,
        files: Mapping[str, str] | None = None,
    ) -> str:
        """One more commit, minutes later, that changes `files`, or one below `src`.

        `like` takes over another commit's files.
        """
        number = len(self._marks) + 1
        at = self._first + timedelta(minutes=37 * number)
        zone = ZONES[number % len(ZONES)]
        who = committer or author
        body = raw if raw is not None else message.encode() + b"\n"
        self._send(f"commit refs/made/{number}", f"mark :{number}")
        self._send(f"author {author.name} <{author.email}> {_stamp(at) - 60 * number} {zone}")
        self._send(f"committer {who.name} <{who.email}> {_stamp(at)} {zone}")
        self._data(body)
        self._parents(parents)
        self._files(files or {f"src/part{number % 23}.py": f"REVISION = {number}\n"}, like)
        self._send(f"get-mark :{number}", f"ls :{number} ")
        sha, tree = self._line(), self._line().split()[2]
        self._marks[sha] = number
        subject, _, rest = message.partition("\n")
        truth = CommitTruth(sha, subject, rest.strip("\n"), author.name, at, tuple(parents), tree)
        self.commits[sha] = truth
        return sha

    def finish(self, references: Mapping[str, str]) -> None:
        """Close the stream, with these references (name to SHA) and no others left."""
        for name, sha in references.items():
            self._send(f"reset {name}", f"from :{self._marks[sha]}", "")
        for number in self._marks.values():
            self._send(f"reset refs/made/{number}", f"from {'0' * 40}", "")
        _, _ = self._import.communicate()
        if self._import.returncode:
            raise RuntimeError("git fast-import failed")

    def _parents(self, parents: Sequence[str]) -> None:
        for word, sha in zip(("from", *["merge"] * len(parents)), parents, strict=False):
            self._send(f"{word} :{self._marks[sha]}")

    def _files(self, files: Mapping[str, str], like: str) -> None:
        if like:
            self._send(f'M 040000 {self.commits[like].tree} ""', "")
            return
        for name, text in files.items():
            self._send(f"M 100644 inline {name}")
            self._data(text.encode())
        self._send("")

    def _send(self, *lines: str) -> None:
        assert self._import.stdin is not None
        self._import.stdin.write("".join(f"{line}\n" for line in lines).encode())

    def _data(self, content: bytes) -> None:
        assert self._import.stdin is not None
        self._import.stdin.write(b"data %d\n%s\n" % (len(content), content))

    def _line(self) -> str:
        assert self._import.stdin is not None
        assert self._import.stdout is not None
        self._import.stdin.flush()
        return self._import.stdout.readline().decode().strip()


def _stamp(at: datetime) -> int:
    return int(at.timestamp())
