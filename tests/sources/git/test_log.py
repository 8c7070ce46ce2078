"""Commits out of real clones, against the truth that they were made with."""

from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.sources.git.clones import ABSENT, REPOSITORY, at, cloned, reachable, soon
from tests.world.git_writer import GitWriter, git
from tests.world.history import ADA, JOSE, History
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.git import Base, CommitFacts, Head


def expected(history: History, shas: Sequence[str]) -> dict[str, Answer[CommitFacts]]:
    """What git must say of these commits."""
    truths = (history.commits[sha] for sha in shas)
    return {
        made.sha: Found(
            CommitFacts(
                made.sha, made.subject, made.body, made.author, made.committed_at,
                made.parents, made.tree,
            )
        )
        for made in truths
    }  # fmt: skip


def test_the_histories_are_the_same_every_time(history: History, bulk: History) -> None:
    assert history.head == "b9303c07139fa7b741b435aed5497123503c8ef0"
    assert bulk.head == "f802840c31c03ca9740ee28c6e7bb1b34a609897"
    main = [name for name in history.named if name not in ("release-1", "release-2", "open-pr")]
    assert len({history.named[name] for name in main}) == len(main)
    assert {history.named[name] for name in main} <= reachable(history, history.head)
    for pull in bulk.pulls.values():
        assert all(pull.number in bulk.pulls_of[sha] for sha in (*pull.commits, *pull.landed))
        same_tree = bulk.commits[pull.merge_sha].tree == bulk.commits[pull.commits[-1]].tree
        assert same_tree == (pull.kind in ("squash", "revert"))


@pytest.mark.parametrize(("name", "least"), [("history", 20), ("bulk", 500)])
def test_every_commit_of_every_kind_is_told_as_it_was_made(
    request: pytest.FixtureRequest, name: str, least: int
) -> None:
    made: History = request.getfixturevalue(name)
    shas = sorted(reachable(made, *made.branches.values()))
    assert dict(at(made.clone).commits(REPOSITORY, shas, soon())) == expected(made, shas)
    assert len(reachable(made, made.head)) >= least


def test_a_message_in_no_encoding_and_without_end(tmp_path: Path) -> None:
    writer = GitWriter(tmp_path / "odd.git")
    latin = writer.commit([], "", ADA, raw=b"Caf\xe9 (#7)\n\n" + b"x" * 9000)
    empty = writer.commit([latin], "", JOSE, raw=b"")
    writer.finish({"refs/heads/main": empty})
    clone = cloned(tmp_path / "odd.git", tmp_path / "clone")
    git(clone, "config", "i18n.logOutputEncoding", "ISO-8859-1")
    told = at(clone).commits(REPOSITORY, [latin, empty], soon())
    first, second = (answer.value for answer in told.values() if isinstance(answer, Found))
    assert (first.author, second.author) == (ADA.name, JOSE.name)
    assert (first.subject, first.body) == ("Caf\ufffd (#7)", "x" * 4000)
    assert (second.subject, second.body) == ("", "")


def test_replaced_commits_are_told_as_github_has_them(history: History, tmp_path: Path) -> None:
    clone = cloned(history.origin, tmp_path / "clone")
    git(clone, "replace", history.head, history.named["old"])
    told = at(clone).commits(REPOSITORY, [history.head], soon())[history.head]
    assert isinstance(told, Found)
    assert told.value.subject == history.commits[history.head].subject


def test_files_that_differ(history: History) -> None:
    """As `git diff` names them, below these paths alone; Nothing where a commit is missing."""
    base, head = history.named["built-5"], history.head
    files = git(history.clone, "diff", "--name-only", base, head).splitlines()
    clone = at(history.clone)
    assert clone.touched(REPOSITORY, Base(base), Head(head), ("src/",), soon()) == Found(
        tuple(files)
    )
    some = tuple(file for file in files if file.startswith("src/part1"))
    assert clone.touched(REPOSITORY, Base(base), Head(head), ("src/part1*",), soon()) == Found(some)
    assert clone.touched(REPOSITORY, Base(base), Head(head), ("docs/", "-x"), soon()) == Found(())
    assert clone.touched(REPOSITORY, Base(base), Head(ABSENT), ("src/",), soon()) == Nothing()
    assert clone.touched(REPOSITORY, Base("--output=x"), Head(head), ("src/",), soon()) == Nothing()
