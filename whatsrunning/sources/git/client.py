"""The clones at hand: commits, short SHAs, history and names, read by git and never changed."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
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
from whatsrunning.sources.git.remotes import Said
from whatsrunning.sources.git.short_shas import commits_beginning
from whatsrunning.sources.git.versions import newest_version, read_tags

# Labels are anybody's words, and `git log --output=FILE` writes: only these reach a command line.
_SHA = re.compile(r"[0-9a-f]{40}")
_HEX = re.compile(r"[0-9a-f]{7,64}")
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
    said: Mapping[str, Said] = field(default_factory=dict)  # of each clone, by its path
    described: list[Clone] | None = None

    def clones(self, deadline: Deadline) -> tuple[CloneFacts, ...]:
        return tuple(clone.facts for clone in self._look(deadline))

    def commits(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[CommitFacts]]:
        """One log for all SHAs, in the first clone that has them; Nothing: none has it."""
        whole = _spelled(_SHA, shas)
        commits: dict[str, CommitFacts] = {}

        def ask(clone: Clone) -> None:
            commits.update(read_commits(clone.git, set(whole.values()) - set(commits)))

        _, failed = self._ask_each(repository, deadline, ask)
        answers = {sha: _first([commits.get(asked)], failed) for sha, asked in whole.items()}
        return _complete(answers, repository, shas, "40")

    def holders(
        self, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[tuple[str, ...]]]:
        """The clones that have each of these commits, by name; Nothing: all were read."""
        asked = _spelled(_HEX, shas)
        held: dict[str, dict[str, str]] = {}  # as each name is written, by SHA and folded name

        def ask(clone: Clone) -> None:
            name = clone.facts.repositories[0]
            for sha, commits in commits_beginning(clone.git, set(asked.values())).items():
                if len(commits) == 1:
                    held.setdefault(sha, {}).setdefault(name.casefold(), name)

        clones = self._look(deadline)
        _, fault = _ask([clone.until(deadline) for clone in clones if not clone.problem], ask)
        problems = [clone.failure for clone in clones] + [fault.problem if fault else None]
        failed = next(filter(None, problems), None)
        names = {sha: tuple(by_name.values()) for sha, by_name in held.items()}
        answers = {sha: _first([names.get(spelled)], failed) for sha, spelled in asked.items()}
        return _complete(answers, "", shas, "7 to 64")

    def prefixes(
        self, repository: str, prefixes: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[str]]:
        """The one commit whose SHA begins so; Unknown `ambiguous` where there are several."""
        asked = _spelled(_HEX, prefixes)

        def ask(clone: Clone) -> Mapping[str, Sequence[str]]:
            return commits_beginning(clone.git, set(asked.values()))

        matches, failed = self._ask_each(repository, deadline, ask)
        answers: dict[str, Answer[str]] = {}
        for prefix, spelled in asked.items():
            shas = sorted({sha for of_clone in matches for sha in of_clone[spelled]})
            several = Unknown(ambiguous(repository, spelled, shas)) if len(shas) > 1 else None
            answers[prefix] = several or _first(shas, failed)
        return _complete(answers, repository, prefixes, "7 to 64")

    def versions(
        self, repository: str, shas: Sequence[str], deadline: Deadline
    ) -> Mapping[str, Answer[str]]:
        """The highest version that a tag on each commit says; Nothing where none does."""

        def ask(clone: Clone) -> Mapping[str, Sequence[str]]:
            return read_tags(clone.git)

        read, failed = self._ask_each(repository, deadline, ask)
        answers: dict[str, Answer[str]] = {}
        for sha, spelled in _spelled(_SHA, shas).items():
            tags = [tag for of_clone in read for tag in of_clone.get(spelled, ())]
            answers[sha] = _first([newest_version(tags)], failed)
        return _complete(answers, repository, shas, "40")

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
            remote = clone.remote(repository)
            spaces = (*([f"remotes/{remote}/"] if remote else []), "heads/", "tags/", "remotes/")
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
        answers, fault = _ask(self._of(repository, deadline), ask)
        if fault and not answers:
            raise fault
        return answers, fault.problem if fault else None

    def _of(self, repository: str, deadline: Deadline) -> list[Clone]:
        clones = self._look(deadline)
        usable = [clone for clone in clones if not clone.problem and clone.is_of(repository)]
        if not usable:
            excuses = (clone.excuse(repository) for clone in clones)
            others = dict.fromkeys(name for clone in clones for name in clone.facts.repositories)
            raise SourceError(next(filter(None, excuses), no_clone(repository, [*others])))
        return [clone.until(deadline) for clone in usable]

    def _look(self, deadline: Deadline) -> list[Clone]:
        if self.described is None:
            paths = dict.fromkeys(map(str, self.paths))
            folders = [
                (GitFolder(path, self.env, deadline), self.said.get(path, Said())) for path in paths
            ]
            self.described = describe_all(folders, self.github_host, fetch=self.fetch)
        return self.described


def _spelled(pattern: re.Pattern[str], shas: Iterable[str]) -> dict[str, str]:
    """Those that may reach git, as git writes them, by how they were asked for."""
    return {sha: sha.lower() for sha in shas if pattern.fullmatch(sha.lower())}


def _complete(
    answers: Mapping[str, Answer[T]], repository: str, shas: Iterable[str], wanted: str
) -> Mapping[str, Answer[T]]:
    """An answer for each that was asked: what is missing did not reach git."""
    return {sha: answers.get(sha) or Unknown(not_a_sha(repository, sha, wanted)) for sha in shas}


def _ask(clones: Iterable[Clone], ask: Callable[[Clone], T]) -> tuple[list[T], SourceError | None]:
    """What these clones answer, and why the first that did not, did not."""
    answers: list[T] = []
    failed: SourceError | None = None
    for clone in clones:
        try:
            answers.append(ask(clone))
        except SourceError as fault:
            failed = failed or fault
    return answers, failed


def _first(answers: Iterable[T | None], failed: Problem | None) -> Answer[T]:
    """The first answer; without any, why a clone did not answer."""
    otherwise: Answer[T] = Unknown(failed) if failed else Nothing()
    return next((Found(answer) for answer in answers if answer is not None), otherwise)
