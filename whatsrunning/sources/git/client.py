"""The clones at hand: commits, short SHAs, history and names, read by git and never changed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import TypeVar

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.git import CloneFacts, CommitFacts, GraphFacts, PushFilter
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.git.clone import Clone, describe_all, resolve
from whatsrunning.sources.git.errors import ambiguous, no_clone, not_a_sha
from whatsrunning.sources.git.log import present, read_commits, read_graph, read_touched
from whatsrunning.sources.git.process import GitFolder
from whatsrunning.sources.git.push_filter import read_push_filter

# Labels are anybody's words, and `git log --output=FILE` writes: only these reach a command line.
_SHA = re.compile(r"[0-9a-f]{40}")
_PREFIX = re.compile(r"[0-9a-f]{7,40}")
# https://git-scm.com/docs/git-check-ref-format, in short: what else could be more than a name.
_NAME = re.compile(
    r"(?!.*(?:\.\.|@\{|//|/\.|\.lock(?:/|$)))(?![./-])[^\x00-\x20\x7f~^:?*\[\\]+(?<![./])"
)
T = TypeVar("T")


@dataclass(slots=True)
class ClonedGit:
    """`facts.git.Git` over clones, for one look, asked by one thread at a time."""

    paths: Sequence[Path]
    github_host: str
    env: Mapping[str, str]
    fetch: bool  # runs `git fetch origin` once in each
    described: list[Clone] | None = None

    def clones(self, deadline: Deadline) -> tuple[CloneFacts, ...]:
        return tuple(clone.facts for clone in self._look(deadline))

    def commits(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[CommitFacts]]:
        """One log for all SHAs, in the first clone that has them; Nothing: none has it."""
        whole = {sha: sha.casefold() for sha in shas if _SHA.fullmatch(sha.casefold())}
        commits: dict[str, CommitFacts] = {}

        def ask(clone: Clone) -> None:
            commits.update(read_commits(clone.git, set(whole.values()) - set(commits)))

        _, failed = self._ask_each(repository, deadline, ask)
        answers = {sha: _first([commits.get(asked)], failed) for sha, asked in whole.items()}
        return {sha: answers.get(sha) or Unknown(not_a_sha(repository, sha, "40")) for sha in shas}

    def prefix(self, repository: str, prefix: str, deadline: Deadline) -> Answer[str]:
        """The one commit whose SHA begins so. Raises `ambiguous`, `not-a-sha`."""
        asked = prefix.casefold()
        if not _PREFIX.fullmatch(asked):
            raise SourceError(not_a_sha(repository, prefix, "7 to 40"))

        def ask(clone: Clone) -> list[str]:
            objects = clone.git.run("rev-parse", f"--disambiguate={asked}", strict=True).lines
            return present(clone.git, objects)

        matches, failed = self._ask_each(repository, deadline, ask)
        shas = sorted({sha for of_clone in matches for sha in of_clone})
        if len(shas) > 1:
            raise SourceError(ambiguous(repository, asked, shas))
        return _first(shas, failed)

    def graph(self, repository: str, shas: Sequence[str], deadline: Deadline) -> GraphFacts:
        """The history that relates these SHAs, from the clone that has most of them."""
        asked = [sha for sha in shas if _SHA.fullmatch(sha)]

        def ask(clone: Clone) -> tuple[int, bool, Clone]:
            return len(present(clone.git, asked)), not clone.facts.shallow, clone

        clones = self._of(repository, deadline)
        if len(clones) == 1:
            return read_graph(clones[0], repository, asked)
        rated, _ = self._ask_each(repository, deadline, ask)
        return read_graph(max(rated, key=lambda rate: rate[:2])[2], repository, asked)

    def reference(self, repository: str, name: str, deadline: Deadline) -> Answer[str]:
        """The commit of a branch, as the remote had it when last fetched, or of a tag."""

        def ask(clone: Clone) -> str | None:
            spaces = (f"remotes/{clone.remote(repository)}/", "heads/", "tags/", "remotes/")
            shas = resolve(clone.git, [f"refs/{space}{name}" for space in spaces])
            return next(filter(None, shas), None)

        if not _NAME.fullmatch(name):
            return Nothing()
        return _first(*self._ask_each(repository, deadline, ask))

    def touched(
        self, repository: str, base: str, head: str, paths: Sequence[str], deadline: Deadline
    ) -> Answer[tuple[str, ...]]:
        ask = partial(read_touched, base=base, head=head, paths=paths)
        return self._with(repository, {base, head}, deadline, ask)

    def push_filter(self, repository: str, sha: str, deadline: Deadline) -> Answer[PushFilter]:
        return self._with(repository, {sha}, deadline, partial(read_push_filter, sha=sha))

    def _with(
        self, repository: str, shas: set[str], deadline: Deadline, ask: Callable[..., T | None]
    ) -> Answer[T]:
        """The first answer of the clones that have all these commits."""

        def asked(clone: Clone) -> T | None:
            return ask(clone.git) if set(present(clone.git, shas)) == shas else None

        if not all(map(_SHA.fullmatch, shas)):
            return Nothing()
        return _first(*self._ask_each(repository, deadline, asked))

    def _ask_each(
        self, repository: str, deadline: Deadline, ask: Callable[[Clone], T]
    ) -> tuple[list[T], Problem | None]:
        """What the clones of a repository answer, and why one did not; raises when none did."""
        answers: list[T] = []
        failed: SourceError | None = None
        for clone in self._of(repository, deadline):
            try:
                answers.append(ask(clone))
            except SourceError as fault:
                failed = failed or fault
        if failed and not answers:
            raise failed
        return answers, failed.problem if failed else None

    def _of(self, repository: str, deadline: Deadline) -> list[Clone]:
        clones = self._look(deadline)
        usable = [clone for clone in clones if not clone.problem and clone.remote(repository)]
        if not usable:
            excuses = (clone.excuse(repository) for clone in clones)
            others = [name for clone in clones for name in clone.facts.repositories]
            raise SourceError(next(filter(None, excuses), no_clone(repository, others)))
        return [clone.until(deadline) for clone in usable]

    def _look(self, deadline: Deadline) -> list[Clone]:
        if self.described is None:
            paths = dict.fromkeys(map(str, self.paths))
            folders = [GitFolder(path, self.env, deadline) for path in paths]
            self.described = describe_all(folders, self.github_host, fetch=self.fetch)
        return self.described


def _first(answers: Iterable[T | None], failed: Problem | None) -> Answer[T]:
    """The first answer; without any, why a clone did not answer."""
    otherwise: Answer[T] = Unknown(failed) if failed else Nothing()
    return next((Found(answer) for answer in answers if answer is not None), otherwise)
