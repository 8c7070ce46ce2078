"""The clones at hand: commits, short SHAs, history and names, read by git and never changed."""

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from threading import Lock
from typing import TypeVar

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.ports import Deadline, Git, SourceError
from whatsrunning.facts.records import CloneFacts, CommitFacts, GraphFacts, PushFilter
from whatsrunning.sources.git.clone import Clone, describe_all, resolve
from whatsrunning.sources.git.errors import ambiguous, late, no_clone, not_a_sha
from whatsrunning.sources.git.graph import read_graph
from whatsrunning.sources.git.log import present, read_commits, read_touched
from whatsrunning.sources.git.process import GitProcess
from whatsrunning.sources.git.push_filter import read_push_filter

_SHA = re.compile(r"[0-9a-f]{40}")
_PREFIX = re.compile(r"[0-9a-f]{7,40}")
# git check-ref-format's rules, in short: what else could be read as more than a name.
_NAME = re.compile(
    r"(?!.*(?:\.\.|@\{|//|/\.|\.lock(?:/|$)))(?![./-])[^\x00-\x20\x7f~^:?*\[\\]+(?<![./])"
)
T = TypeVar("T")


def open_git(clones: Sequence[Path], github_host: str, env: Mapping[str, str], fetch: bool) -> Git:
    """The clones at these paths, for one look; `fetch` runs `git fetch origin` once in each."""
    return _Commits(tuple(dict.fromkeys(clones)), github_host, GitProcess(env), fetch)


class _Commits:
    """Commits (ports.py) over several clones, each by its own."""

    def __init__(
        self, paths: tuple[Path, ...], github_host: str, git: GitProcess, fetch: bool
    ) -> None:
        self._paths = paths
        self._host = github_host
        self._git = git
        self._fetch = fetch
        self._described: tuple[Clone, ...] | None = None
        self._lock = Lock()

    def clones(self, deadline: Deadline) -> tuple[CloneFacts, ...]:
        """Every clone that was named; one that cannot be used says why. Raises `no-git`."""
        return tuple(clone.facts for clone in self._look(deadline))

    def commits(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[CommitFacts]]:
        """One log for all SHAs, in the first clone that has them; Nothing: none has it."""
        whole = {sha: sha.casefold() for sha in shas if _SHA.fullmatch(sha.casefold())}
        found: dict[str, CommitFacts] = {}

        def ask(clone: Clone) -> None:
            missing = set(whole.values()) - set(found)
            found.update(read_commits(self._git, clone.path, missing, deadline))

        failed = self._ask_each(repository, deadline, ask)[1]
        missing: Answer[CommitFacts] = Unknown(failed) if failed else Nothing()
        known = {sha: Found(found[asked]) for sha, asked in whole.items() if asked in found}
        odd = {sha: Unknown(not_a_sha(repository, sha, "40")) for sha in shas if sha not in whole}
        return {sha: known.get(sha) or odd.get(sha) or missing for sha in shas}

    def prefix(self, repository: str, prefix: str, deadline: Deadline) -> Answer[str]:
        """The one commit whose SHA begins so. Raises `ambiguous`, `not-a-sha`."""
        asked = prefix.casefold()
        if not _PREFIX.fullmatch(asked):
            raise SourceError(not_a_sha(repository, prefix, "7 to 40"))

        def ask(clone: Clone) -> list[str]:
            command = ("rev-parse", f"--disambiguate={asked}")
            objects = self._git.run(clone.path, command, deadline, strict=True).lines
            return present(self._git, clone.path, objects, deadline)

        told, failed = self._ask_each(repository, deadline, ask)
        shas = sorted({sha for some in told for sha in some})
        if len(shas) > 1:
            raise SourceError(ambiguous(repository, asked, shas))
        return _first(shas, failed)

    def graph(self, repository: str, shas: Sequence[str], deadline: Deadline) -> GraphFacts:
        """The history that relates these SHAs, from the clone that has most of them."""
        asked = [sha for sha in shas if _SHA.fullmatch(sha)]
        clones = self._of(repository, deadline)
        if len(clones) == 1:
            return read_graph(self._git, clones[0], repository, asked, deadline)

        def ask(clone: Clone) -> tuple[int, bool, Clone]:
            has = len(present(self._git, clone.path, asked, deadline))
            return has, not clone.facts.shallow, clone

        told, _ = self._ask_each(repository, deadline, ask)
        best = max(told, key=lambda each: each[:2])[2]
        return read_graph(self._git, best, repository, asked, deadline)

    def reference(self, repository: str, name: str, deadline: Deadline) -> Answer[str]:
        """The commit of a branch, as the remote had it when last fetched, or of a tag."""
        if not _NAME.fullmatch(name):
            return Nothing()

        def ask(clone: Clone) -> str:
            spaces = (f"remotes/{clone.remote(repository)}/", "heads/", "tags/", "remotes/")
            names = [f"refs/{space}{name}" for space in spaces]
            return next(filter(None, resolve(self._git, clone.path, names, deadline)), "")

        told, failed = self._ask_each(repository, deadline, ask)
        return _first([sha for sha in told if sha], failed)

    def touched(
        self, repository: str, base: str, head: str, paths: Sequence[str], deadline: Deadline
    ) -> Answer[tuple[str, ...]]:
        """The files that differ, in the first clone that has both commits; Nothing: none has."""
        asked = {base, head}

        def ask(clone: Clone) -> tuple[str, ...] | None:
            if set(present(self._git, clone.path, asked, deadline)) != asked:
                return None
            return read_touched(self._git, clone.path, (base, head), paths, deadline)

        if not all(map(_SHA.fullmatch, asked)):
            return Nothing()
        return _known(*self._ask_each(repository, deadline, ask))

    def push_filter(self, repository: str, sha: str, deadline: Deadline) -> Answer[PushFilter]:
        """What a commit changed, and its workflows for pushes; Nothing: no clone can tell."""

        def ask(clone: Clone) -> PushFilter | None:
            known = present(self._git, clone.path, {sha}, deadline)
            return read_push_filter(self._git, clone.path, sha, deadline) if known else None

        if not _SHA.fullmatch(sha):
            return Nothing()
        return _known(*self._ask_each(repository, deadline, ask))

    def _ask_each(
        self, repository: str, deadline: Deadline, ask: Callable[[Clone], T]
    ) -> tuple[list[T], Problem | None]:
        """What the clones of a repository answer, and why one did not; raises when none did."""
        told: list[T] = []
        failed: SourceError | None = None
        for clone in self._of(repository, deadline):
            try:
                told.append(ask(clone))
            except SourceError as fault:
                failed = failed or fault
        if failed and not told:
            raise failed
        return told, failed.problem if failed else None

    def _of(self, repository: str, deadline: Deadline) -> list[Clone]:
        clones = self._look(deadline)
        mine = [clone for clone in clones if not clone.problem and clone.remote(repository)]
        if not mine:
            excuses = (clone.excuse(repository) for clone in clones)
            others = [name for clone in clones for name in clone.facts.repositories]
            raise SourceError(next(filter(None, excuses), no_clone(repository, others)))
        return mine

    def _look(self, deadline: Deadline) -> tuple[Clone, ...]:
        if not self._lock.acquire(timeout=deadline.left()):
            raise SourceError(late("the clones"))
        try:
            if self._described is None:
                self._described = describe_all(
                    self._git, self._paths, self._host, deadline, fetch=self._fetch
                )
            return self._described
        finally:
            self._lock.release()


def _known(told: Sequence[T | None], failed: Problem | None) -> Answer[T]:
    """The first clone that could tell."""
    for each in told:
        if each is not None:
            return Found(each)
    return Unknown(failed) if failed else Nothing()


def _first(shas: Sequence[str], failed: Problem | None) -> Answer[str]:
    return _known(shas[:1], failed)
