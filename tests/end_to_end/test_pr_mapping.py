"""Pull requests of 500 generated commits: GitHub up, all right; GitHub down, no wrong one.

The truth is what the generator did; real git and the real GitHub adapter answer (issue 3).
"""

import os
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from pathlib import Path
from typing import Any

import pytest

from tests.world.bulk_history import make_bulk
from tests.world.git_writer import git
from tests.world.github.at_hand import TOKEN, github_at
from tests.world.github.process import github_here
from tests.world.history import History, make_history
from tests.world.truth import pull_requests
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.query import Deadline
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, FactStore
from whatsrunning.gather.gather import Sources, gather
from whatsrunning.report.container import PullRequest
from whatsrunning.sources.git.client import ClonedGit
from whatsrunning.verdicts.history.commits import pull_requests_of

COMMITS = 500
SCOPE = Scope("ps", (), github_token=True)
Mapped = Mapping[str, Answer[tuple[PullRequest, ...]]]


@dataclass(frozen=True, slots=True)
class Shown:
    """What was said of each commit while GitHub was up, then down, then up without a clone."""

    history: History
    least: int
    up: Mapped
    down: Mapped
    bare: Mapped


def _mapped(history: History, url: str, clones: Sequence[Path]) -> Mapped:
    def refused() -> Any:
        raise AssertionError("asked for no pull request")

    def judge(facts: FactStore) -> Mapped:
        case, repository = Case(facts, SCOPE), history.repository
        return {sha: pull_requests_of(case, repository, sha) for sha in history.commits}

    sources = Sources(
        engines={},
        registry=refused,
        git=partial(ClonedGit, clones, "github.com", dict(os.environ), False),
        github=partial(github_at, url),
        journal=refused,
    )
    look = gather(sources, Deadline.after(120), judge)
    assert look.faults == ()
    return look.judgement


def _shown(history: History, least: int, folder: Path) -> Shown:
    clones = [history.clone]
    with github_here(history, folder, token=TOKEN) as github:
        up = _mapped(history, github.url, clones)
        bare = _mapped(history, github.url, [])
        assert github.violations() == []
    # Nobody listens there any more.
    return Shown(history, least, up, _mapped(history, github.url, clones), bare)


@pytest.fixture(scope="module", params=[COMMITS, 40])
def shown(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Shown:
    """Many commits, and the small history with its picks onto a release and its open request."""
    folder = tmp_path_factory.mktemp("pulls")
    make = partial(make_bulk, commits=COMMITS) if request.param == COMMITS else make_history
    (folder / "github").mkdir()
    return _shown(make(folder / "history"), request.param, folder / "github")


def _true(history: History, sha: str) -> tuple[int, ...]:
    """A request that was closed without a merge brought nothing."""
    numbers = pull_requests(history, sha)
    return tuple(number for number in numbers if history.pulls[number].state != "closed")


def _numbers(answer: Answer[tuple[PullRequest, ...]]) -> tuple[int, ...] | None:
    """The pull requests that an answer names; None where it knows nothing."""
    if isinstance(answer, Found):
        return tuple(sorted(pull.number for pull in answer.value))
    return () if isinstance(answer, Nothing) else None


def _told(mapped: Mapped) -> Iterator[tuple[str, PullRequest]]:
    for sha, answer in mapped.items():
        if isinstance(answer, Found):
            yield from ((sha, pull) for pull in answer.value)


def _named(history: History) -> dict[str, int]:
    """Commits that name their pull request: GitHub's own merges and squashes, no others."""
    kinds = ("merge", "squash", "revert")
    return {p.merge_sha: p.number for p in history.pulls.values() if p.kind in kinds}


@pytest.mark.parametrize("how", ["up", "bare"])
def test_with_github_every_one_is_right(shown: Shown, how: str) -> None:
    mapped: Mapped = getattr(shown, how)
    wrong = {
        sha: (said, true)
        for sha, answer in mapped.items()
        if (said := _numbers(answer)) != (true := _true(shown.history, sha))
    }
    assert wrong == {}
    assert {pull.evidence for _, pull in _told(mapped)} == {"api"}
    for _, pull in _told(mapped):
        made = shown.history.pulls[pull.number]
        assert (pull.title, pull.author) == (made.title, made.author_login)
        assert (pull.merged_by, pull.merged_at) == (made.merged_by, made.merged_at)


def test_without_github_none_is_wrong(shown: Shown) -> None:
    named = _named(shown.history)
    wrong = {
        sha: (answer, number)
        for sha, answer in shown.down.items()
        if (number := named.get(sha)) != (said[0] if (said := _numbers(answer)) else None)
    }
    assert wrong == {}
    assert {pull.evidence for _, pull in _told(shown.down)} == {"message"}
    for _, pull in _told(shown.down):
        assert pull.title == shown.history.pulls[pull.number].title
        assert pull.url.endswith(f"/acme/shop/pull/{pull.number}")
    others = [answer for sha, answer in shown.down.items() if sha not in named]
    assert all(isinstance(answer, Unknown) for answer in others)


def test_every_kind_is_among_them(shown: Shown) -> None:
    assert int(git(shown.history.clone, "rev-list", "--count", "HEAD")) >= shown.least
    kinds = {pull.kind for pull in shown.history.pulls.values()}
    assert kinds >= {"merge", "squash", "rebase", "revert"}
    picked = [c for c in shown.history.commits.values() if "cherry picked from" in c.body]
    assert picked
    # A pick keeps its original's subject, number and all, and is no part of that pull request.
    assert all(_numbers(shown.down[commit.sha]) is None for commit in picked)
