"""What each clone at hand is: its names, its default branch, how old its knowledge is."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread
from typing import NamedTuple

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.git import CloneFacts
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.git.errors import fetch_failed, late, other_names
from whatsrunning.sources.git.process import GitFolder
from whatsrunning.sources.git.remotes import Said, believed, names_of, remotes_of

_SETTINGS = r"^(remote\..*\.url|url\..*\.insteadof)$"
_FETCHING = 0.6  # of the time left: a remote that hangs must not cost what the clone knows
_NO_MATCH = 1  # the exit code of git config and git symbolic-ref where there is none


class Branch(NamedTuple):
    """A default branch as a clone knows it; empty where there is none."""

    name: str
    head: str
    reference: str


@dataclass(frozen=True, slots=True)
class Clone:
    """What is told of a clone and what asking it needs."""

    git: GitFolder
    facts: CloneFacts
    remotes: Mapping[str, str]  # of each name in lower case; empty where there is no remote
    boundary: frozenset[str] = frozenset()  # where a shallow clone was cut
    problem: Problem | None = None  # why it cannot be used
    common: Path | None = None  # the folder that worktrees of one repository share
    by_user: bool = False  # whether the user named what it is of
    named: bool = False  # whether -C names it

    @property
    def failure(self) -> Problem | None:
        """Why it cannot be used; the working directory may be anything, and no clone at all."""
        nowhere = self.problem and self.problem.code == "not-a-repository"
        return None if nowhere and not self.named else self.problem

    def excuse(self, repository: str) -> Problem | None:
        """Why this clone, which could be one of the repository, cannot be asked about it."""
        if self.problem is None or self.is_of(repository):
            return self.problem
        return None if self.remotes else self.failure

    def until(self, deadline: Deadline) -> "Clone":
        return replace(self, git=replace(self.git, deadline=deadline))

    def is_of(self, repository: str) -> bool:
        """Whether one of its names is this, in any case."""
        return repository.casefold() in self.remotes

    def remote(self, repository: str) -> str:
        """The remote to ask about a repository of this name; empty where there is none."""
        return self.remotes.get(repository.casefold(), "")


def describe_all(
    folders: Sequence[tuple[GitFolder, Said]], github_host: str, *, fetch: bool
) -> list[Clone]:
    """Every clone, at the same time. Raises SourceError `no-git` alone."""
    # In threads, so that one on a dead network drive costs the others nothing.
    described: dict[str, Clone] = {}
    faults: list[Exception] = []

    def work(git: GitFolder, said: Said) -> None:
        try:
            described[git.path] = _read(git, said, github_host, _fetch(git) if fetch else "")
        except SourceError as fault:
            described[git.path] = _unusable(git, said, fault.problem)
            if fault.problem.code == "no-git":
                faults.append(fault)
        except Exception as fault:
            faults.append(fault)

    threads = [Thread(target=work, args=folder, daemon=True) for folder in folders]
    for thread in threads:
        thread.start()
    for thread, (git, _) in zip(threads, folders, strict=True):
        thread.join(git.deadline.left())
    if faults:
        raise faults[0]
    hung = {git.path: _unusable(git, said, late(git.path)) for git, said in folders}
    return _named_alike([described.get(path) or clone for path, clone in hung.items()])


def _named_alike(clones: Sequence[Clone]) -> list[Clone]:
    """Worktrees and subfolders of one repository have the names that the user gave to any."""
    named = {clone.common: clone for clone in reversed(clones) if clone.by_user}
    return [_renamed(clone, named.get(clone.common, clone)) for clone in clones]


def _renamed(clone: Clone, like: Clone) -> Clone:
    facts = replace(clone.facts, repositories=like.facts.repositories)
    return replace(clone, facts=facts, remotes=like.remotes)


def _unusable(git: GitFolder, said: Said, problem: Problem) -> Clone:
    hint = f" ({problem.hint})" if problem.hint else ""
    names = said.configured
    facts = CloneFacts(git.path, names, False, "", "", None, problem.message + hint)
    remotes = {name.casefold(): "" for name in names}
    return Clone(git, facts, remotes, problem=problem, named=said.named)


def _fetch(git: GitFolder) -> str:
    """The only thing that git may write: `origin`'s branches and tags. Why it failed, if it did."""
    command = ("fetch", "--quiet", "--no-recurse-submodules", "origin")
    soon = replace(git, deadline=Deadline.after(_FETCHING * git.deadline.left()))
    try:
        ended = soon.run(*command, accept=range(-64, 256), network=True)
    except SourceError as fault:
        return fetch_failed(git.path, fault.problem.message)
    return fetch_failed(git.path, ended.err) if ended.status else ""


def _read(git: GitFolder, said: Said, github_host: str, stale: str) -> Clone:
    asked = ("--is-shallow-repository", "--show-object-format", "--git-common-dir", "--git-dir")
    cut, kind, *folders = git.run("rev-parse", *asked).lines
    shallow, common, own = cut == "true", Path(git.path, folders[0]), Path(git.path, folders[-1])
    command = ("config", "--null", "--get-regexp", _SETTINGS)
    settings = (entry.partition("\n") for entry in git.run(*command, accept=(0, _NO_MATCH)).fields)
    remotes = remotes_of([(key, value) for key, _, value in settings], github_host)
    shared = Path(os.path.realpath(common))
    names = names_of(remotes, said, str(shared.parent if shared.name == ".git" else shared))
    branch = default_branch(git, next(iter(names.values())))
    problem = None if kind == "sha1" else other_names(git.path)
    facts = CloneFacts(
        git.path, tuple(names), shallow, branch.name, branch.head,
        _fetched_at(own, common, branch.reference), problem.message if problem else stale,
    )  # fmt: skip
    folded = {name.casefold(): remote for name, remote in reversed([*names.items()])}
    boundary = _boundary(common) if shallow else frozenset()
    return Clone(git, facts, folded, boundary, problem, shared, bool(believed(said, remotes)))


def default_branch(git: GitFolder, remote: str) -> Branch:
    """The remote's HEAD, else its main or master, else the branch that is checked out."""
    if not remote:
        return _checked_out(git, ())
    base = f"refs/remotes/{remote}/"
    wanted = [f"{base}{name}" for name in ("HEAD", "main", "master")]
    form = "--format=%(refname)%00%(objectname)%00%(symref)"
    rows = [line.split("\0") for line in git.run("for-each-ref", form, *wanted).lines]
    branches = {name: (sha, symref or name) for name, sha, symref in rows}
    for sha, reference in (branches[name] for name in wanted if name in branches):
        if reference.startswith(base) and not reference.endswith("/HEAD"):
            return Branch(reference.removeprefix(base), sha, reference)
    return _checked_out(git, (base,))


def _checked_out(git: GitFolder, bases: Sequence[str]) -> Branch:
    full = git.run("symbolic-ref", "--quiet", "HEAD", accept=(0, _NO_MATCH)).lines
    name = full[0].removeprefix("refs/heads/") if full else ""
    spaces = (*bases, "refs/heads/") if name else ()
    candidates = [*(f"{space}{name}" for space in spaces), "HEAD"]
    heads = zip(candidates, resolve(git, candidates), strict=True)
    return next(
        (Branch(name, sha, reference) for reference, sha in heads if sha), Branch(name, "", "")
    )


def resolve(git: GitFolder, names: Sequence[str]) -> list[str]:
    """The commits that these full reference names lead to, each "" where there is none."""
    asked = [f"{name}^{{commit}}" for name in names]
    lines = git.run("cat-file", "--batch-check=%(objecttype) %(objectname)", stdin=asked).lines
    kinds = (line.partition(" ") for line in lines)
    return [name if kind == "commit" else "" for kind, _, name in kinds]


def _fetched_at(own: Path, common: Path, reference: str) -> datetime | None:
    """When the clone last heard of its remote: FETCH_HEAD, else the tracking reference's file."""
    # A fetch that failed leaves FETCH_HEAD empty, and says nothing.
    fetched = [_written_at(folder / "FETCH_HEAD", least=1) for folder in {own, common}]
    newest = max(filter(None, fetched), default=None)
    if newest or not reference.startswith("refs/remotes/"):
        return newest
    return _written_at(common / reference) or _written_at(common / "packed-refs")


def _written_at(file: Path, least: int = 0) -> datetime | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return datetime.fromtimestamp(status.st_mtime, UTC) if status.st_size >= least else None


def _boundary(common: Path) -> frozenset[str]:
    # git shows the commits at which a shallow clone was cut without parents:
    # https://git-scm.com/docs/gitglossary ("shallow repository")
    try:
        return frozenset((common / "shallow").read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return frozenset()
