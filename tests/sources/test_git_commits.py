"""Commits, short SHAs and names out of real clones, against the truth that they were made with."""

import hashlib
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.sources.git_clones import ABSENT, REPOSITORY, at, cloned, reachable, soon
from tests.world.bulk_history import make_bulk
from tests.world.git_writer import GitWriter, git
from tests.world.history import ADA, JOSE, History, make_history
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.ports import SourceError
from whatsrunning.facts.records import Base, CommitFacts, Head


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return make_history(tmp_path_factory.mktemp("history"))


@pytest.fixture(scope="module")
def bulk(tmp_path_factory: pytest.TempPathFactory) -> History:
    return make_bulk(tmp_path_factory.mktemp("bulk"))


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


def test_every_commit_of_every_kind_is_told_as_it_was_made(bulk: History, history: History) -> None:
    for made in (bulk, history):
        shas = sorted(reachable(made, *made.branches.values()))
        assert dict(at(made.clone).commits(REPOSITORY, shas, soon())) == expected(made, shas)
    assert len(reachable(bulk, bulk.head)) >= 500


def test_what_the_clone_lacks_is_nothing_and_what_is_no_sha_is_unknown(history: History) -> None:
    blob = git(history.clone, "rev-parse", "HEAD:src/part1.py")
    tree = history.commits[history.head].tree
    hostile = ("--output=/nowhere", "HEAD", "main", history.head[:10], f"{history.head}\n", "")
    asked = [history.head, history.head.upper(), ABSENT, blob, tree, *hostile]
    told = at(history.clone).commits("ACME/Shop", asked, soon())
    assert list(told) == asked
    assert told[history.head] == told[history.head.upper()]
    assert [told[sha] for sha in (ABSENT, blob, tree)] == [Nothing()] * 3
    problems = [told[text] for text in hostile]
    assert {p.problem.code for p in problems if isinstance(p, Unknown)} == {"not-a-sha"}
    assert all(isinstance(p, Unknown) for p in problems)
    assert at(history.clone).commits(REPOSITORY, [], soon()) == {}


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


def test_several_clones_the_first_that_has_it_answers(history: History, tmp_path: Path) -> None:
    elsewhere = GitWriter(tmp_path / "other.git")
    only_here = elsewhere.commit([], "Only here", ADA)
    elsewhere.finish({"refs/heads/main": only_here, "refs/tags/v1": only_here})
    clones = at(tmp_path, cloned(tmp_path / "other.git", tmp_path / "clone"), history.clone)
    told = clones.commits(REPOSITORY, [history.head, only_here, ABSENT], soon())
    assert [type(answer) for answer in told.values()] == [Found, Found, Nothing]
    assert clones.prefix(REPOSITORY, history.head[:7], soon()) == Found(history.head)
    assert clones.reference(REPOSITORY, "v1", soon()) == Found(only_here)
    graph = clones.graph(REPOSITORY, [history.named["old"], history.named["merge"]], soon())
    assert graph.head == history.head
    assert [bool(facts.problem) for facts in clones.clones(soon())] == [True, False, False]


def _twins() -> tuple[bytes, bytes]:
    """Two messages whose commits (same tree, author and time) share the first seven hex digits."""
    tree = hashlib.sha1(b"tree 0\0").hexdigest()
    who = f"{ADA.name} <{ADA.email}> 1772442000 +0000"
    seen: dict[str, bytes] = {}
    for number in range(200_000):
        message = b"twin %d\n" % number
        body = f"tree {tree}\nauthor {who}\ncommitter {who}\n\n".encode() + message
        sha = hashlib.sha1(b"commit %d\0%s" % (len(body), body)).hexdigest()
        if seen.setdefault(sha[:7], body) != body:
            return seen[sha[:7]], body
    raise AssertionError("no twins")


def test_a_short_sha_is_one_commit_or_ambiguous(history: History, tmp_path: Path) -> None:
    clones = at(history.clone)
    assert clones.prefix(REPOSITORY, history.head[:7].upper(), soon()) == Found(history.head)
    assert clones.prefix(REPOSITORY, "deadbee", soon()) == Nothing()
    tree = history.commits[history.head].tree
    assert clones.prefix(REPOSITORY, tree[:9], soon()) == Nothing()
    for text in ("abc", "main", "--all", ""):
        with pytest.raises(SourceError, match="7 to 40"):
            clones.prefix(REPOSITORY, text, soon())
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(history.clone), "clone")
    git(clone, "remote", "set-url", "origin", "git@github.com:acme/shop.git")
    git(clone, "hash-object", "-t", "tree", "-w", "--stdin", input="")
    twins = [
        git(clone, "hash-object", "-t", "commit", "-w", "--stdin", input=body.decode())
        for body in _twins()
    ]
    with pytest.raises(SourceError) as caught:
        at(clone).prefix(REPOSITORY, twins[0][:7], soon())
    assert caught.value.problem.code == "ambiguous"
    assert all(sha in caught.value.problem.message for sha in twins)
    assert at(clone).prefix(REPOSITORY, twins[0][:39], soon()) == Found(twins[0])


def test_a_name_is_the_remotes_branch_then_ours_then_a_tag(
    history: History, tmp_path: Path
) -> None:
    clone = tmp_path / "clone"
    git(tmp_path, "clone", "--quiet", str(history.origin), "clone")
    git(clone, "remote", "set-url", "origin", "git@github.com:acme/shop.git")
    old, squash = history.named["old"], history.named["squash"]
    git(clone, "branch", "--force", "release/1.4", old)
    git(clone, "branch", "mine", old)
    git(clone, "tag", "a-tree", f"{old}^{{tree}}")
    for name in ("mine", "v2"):
        git(clone, "-c", "user.name=A", "-c", "user.email=a@b", "tag", "-am", "x", name, squash)
    clones = at(clone)
    named = {
        "main": Found(history.head),
        "release/1.4": Found(history.named["release-2"]),
        "origin/release/1.4": Found(history.named["release-2"]),
        "mine": Found(old),
        "v2": Found(squash),
    }
    nothing = (
        "a-tree",
        "main~1",
        "nosuch",
        "--all",
        "",
        "main^{tree}",
        "main:src",
        "a..b",
        "@{-1}",
        "x y",
    )
    expect: dict[str, Answer[str]] = {**named, **dict.fromkeys(nothing, Nothing())}
    assert {name: clones.reference(REPOSITORY, name, soon()) for name in expect} == expect


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
