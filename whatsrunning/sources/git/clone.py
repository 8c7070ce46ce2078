"""What each clone at hand is: its remotes, its default branch, how old its knowledge is."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from threading import Thread

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.facts.records import CloneFacts
from whatsrunning.sources.git.errors import fetch_failed, late, other_names
from whatsrunning.sources.git.process import GitProcess
from whatsrunning.sources.git.remotes import remotes_of

_SETTINGS = r"^(remote\..*\.url|url\..*\.insteadof)$"
_FETCHING = 0.6  # of the time left: a remote that hangs must not cost what the clone knows
_ANY = range(-64, 256)
_NO_SETTINGS = 1  # git config's exit code when nothing matches


@dataclass(frozen=True, slots=True)
class Branch:
    """A default branch as a clone knows it; empty where there is none."""

    name: str
    head: str
    reference: str


@dataclass(frozen=True, slots=True)
class Clone:
    """What is told of a clone and what asking it needs; `remotes` is by folded OWNER/NAME."""

    facts: CloneFacts
    remotes: Mapping[str, str]
    boundary: frozenset[str] = frozenset()
    problem: Problem | None = None  # why it cannot be used

    @property
    def path(self) -> str:
        """The folder as it was named."""
        return self.facts.path

    def excuse(self, repository: str) -> Problem | None:
        """Why this clone, which could be one of OWNER/NAME, cannot be asked about it."""
        if self.problem is None or self.problem.code == "not-a-repository":
            return None
        return self.problem if not self.remotes or self.remote(repository) else None

    def remote(self, repository: str) -> str:
        """The name of the remote that is this OWNER/NAME, in any case; else nothing."""
        return self.remotes.get(repository.casefold(), "")


def describe_all(
    git: GitProcess, paths: Sequence[Path], github_host: str, deadline: Deadline, *, fetch: bool
) -> tuple[Clone, ...]:
    """Every clone, at the same time: one on a dead network drive costs the others nothing."""
    described: dict[Path, Clone] = {}
    faults: list[Exception] = []

    def work(path: Path) -> None:
        try:
            described[path] = _describe(git, path, github_host, deadline, fetch)
        except Exception as fault:
            faults.append(fault)

    threads = [Thread(target=work, args=(path,), daemon=True) for path in paths]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(deadline.left())
    if faults:
        raise faults[0]
    return tuple(described.get(path) or _unusable(path, late(str(path))) for path in paths)


def _unusable(path: Path, problem: Problem) -> Clone:
    hint = f" ({problem.hint})" if problem.hint else ""
    facts = CloneFacts(str(path), (), False, "", "", None, problem.message + hint)
    return Clone(facts, {}, problem=problem)


def _describe(
    git: GitProcess, path: Path, github_host: str, deadline: Deadline, fetch: bool
) -> Clone:
    """One clone; what keeps it from being used is its `problem`. Raises only `no-git`."""
    problem = ""
    try:
        if fetch:
            problem = _fetch(git, str(path), deadline)
        clone = _read(git, str(path), github_host, deadline)
    except SourceError as fault:
        if fault.problem.code == "no-git":
            raise
        return _unusable(path, fault.problem)
    if problem and clone.problem is None:
        return replace(clone, facts=replace(clone.facts, problem=problem))
    return clone


def _fetch(git: GitProcess, path: str, deadline: Deadline) -> str:
    """The only thing that git may write: `origin`'s branches and tags. Why it failed, if it did."""
    command = ("fetch", "--quiet", "--no-recurse-submodules", "origin")
    enough = Deadline.after(_FETCHING * deadline.left())
    try:
        done = git.run(path, command, enough, accept=_ANY, network=True)
    except SourceError as fault:
        if fault.problem.code == "no-git":
            raise
        return fetch_failed(path, fault.problem.message)
    return fetch_failed(path, done.err) if done.status else ""


def _read(git: GitProcess, path: str, github_host: str, deadline: Deadline) -> Clone:
    asked = ("--is-shallow-repository", "--show-object-format", "--git-common-dir", "--git-dir")
    cut, names, *folders = git.run(path, ("rev-parse", *asked), deadline).lines
    shallow, common, own = cut == "true", Path(path, folders[0]), Path(path, folders[-1])
    command = ("config", "--null", "--get-regexp", _SETTINGS)
    settings = git.run(path, command, deadline, accept=(0, _NO_SETTINGS)).out
    remotes = remotes_of(_pairs(settings), github_host)
    branch = default_branch(git, path, next(iter(remotes.values()), "origin"), deadline)
    problem = None if names == "sha1" else other_names(path)
    facts = CloneFacts(
        path, tuple(remotes), shallow, branch.name, branch.head,
        _fetched_at(own, common, branch.reference), problem.message if problem else "",
    )  # fmt: skip
    folded = {repository.casefold(): remote for repository, remote in reversed([*remotes.items()])}
    return Clone(facts, folded, _boundary(common) if shallow else frozenset(), problem)


def _pairs(settings: bytes) -> list[tuple[str, str]]:
    entries = settings.decode("utf-8", "replace").split("\0")
    return [(key, value) for key, _, value in (entry.partition("\n") for entry in entries)]


def default_branch(git: GitProcess, path: str, remote: str, deadline: Deadline) -> Branch:
    """The remote's HEAD, else its main or master, else the branch that is checked out."""
    base = f"refs/remotes/{remote}/"
    wanted = [f"{base}{name}" for name in ("HEAD", "main", "master")]
    form = "--format=%(refname)%00%(objectname)%00%(symref)"
    lines = git.run(path, ("for-each-ref", form, *wanted), deadline).lines
    known = {name: (sha, symref) for name, sha, symref in (line.split("\0") for line in lines)}
    for name in wanted:
        sha, symref = known.get(name, ("", ""))
        reference = symref or name
        if sha and reference.startswith(base) and not reference.endswith("/HEAD"):
            return Branch(reference.removeprefix(base), sha, reference)
    return _checked_out(git, path, base, deadline)


def _checked_out(git: GitProcess, path: str, base: str, deadline: Deadline) -> Branch:
    full = git.run(path, ("symbolic-ref", "--quiet", "HEAD"), deadline, accept=(0, 1)).lines
    name = full[0].removeprefix("refs/heads/") if full else ""
    candidates = ([f"{base}{name}", f"refs/heads/{name}"] if name else []) + ["HEAD"]
    for reference, sha in zip(candidates, resolve(git, path, candidates, deadline), strict=True):
        if sha:
            return Branch(name, sha, reference)
    return Branch(name, "", "")


def resolve(git: GitProcess, path: str, names: list[str], deadline: Deadline) -> tuple[str, ...]:
    """The commits that these full reference names lead to, each "" where there is none."""
    asked = [f"{name}^{{commit}}" for name in names]
    form = "--batch-check=%(objecttype) %(objectname)"
    lines = git.run(path, ("cat-file", form), deadline, stdin=asked).lines
    return tuple(
        line.removeprefix("commit ") if line.startswith("commit ") else "" for line in lines
    )


def _fetched_at(own: Path, common: Path, reference: str) -> datetime | None:
    """When the clone last heard of its remote: FETCH_HEAD, else the tracking reference's file.

    A fetch that failed leaves FETCH_HEAD empty, and says nothing.
    """
    fetched = [_written_at(folder / "FETCH_HEAD", least=1) for folder in {own, common}]
    if any(fetched):
        return max(time for time in fetched if time)
    if not reference.startswith("refs/remotes/"):
        return None
    return _written_at(common / reference) or _written_at(common / "packed-refs")


def _written_at(file: Path, least: int = 0) -> datetime | None:
    try:
        status = file.stat()
    except OSError:
        return None
    return datetime.fromtimestamp(status.st_mtime, UTC) if status.st_size >= least else None


def _boundary(common: Path) -> frozenset[str]:
    """The commits at which a shallow clone was cut: git shows them without parents."""
    try:
        return frozenset((common / "shallow").read_text(encoding="ascii").split())
    except (OSError, ValueError):
        return frozenset()
