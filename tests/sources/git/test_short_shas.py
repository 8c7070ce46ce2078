"""Short SHAs of any number in one process, and which clones hold a commit."""

import hashlib
import os
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.sources.git.clones import ABSENT, REPOSITORY, at, cloned, soon, whole
from tests.world.git_writer import GitWriter, git
from tests.world.history import ADA, History
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.facts.git import Git
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.git.remotes import Said


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


@pytest.fixture(scope="module")
def twins(history: History, tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, list[str]]:
    """A clone with two commits that begin alike, and their SHAs."""
    clone = tmp_path_factory.mktemp("twins") / "clone"
    cloned(history.origin, clone)
    git(clone, "hash-object", "-t", "tree", "-w", "--stdin", input="")
    write = ("hash-object", "-t", "commit", "-w", "--stdin")
    return clone, [git(clone, *write, input=body.decode()) for body in _twins()]


def codes(answers: list[Answer[object]]) -> list[str]:
    return [answer.problem.code if answer.problem else "" for answer in answers]


NO_SHAS = ("abc", "main", "--all", "", "deadbe\ufb00", "a" * 65)


def test_what_is_no_short_sha(history: History) -> None:
    clones = at(history.clone)
    for told in (clones.prefixes(REPOSITORY, NO_SHAS, soon()), clones.holders(NO_SHAS, soon())):
        assert list(told) == list(NO_SHAS)
        assert codes([*told.values()]) == ["not-a-sha"] * len(NO_SHAS)
        assert "7 to 64" in str(told["main"])
    assert clones.prefixes(REPOSITORY, [], soon()) == clones.holders([], soon()) == {}


def test_a_short_sha_is_one_commit_or_none_or_ambiguous(
    history: History, twins: tuple[Path, list[str]]
) -> None:
    clone, shas = twins
    tree = history.commits[history.head].tree
    expected = {
        history.head[:7].upper(): Found(history.head),
        history.head[:39]: Found(history.head),
        history.head: Found(history.head),
        shas[0][:39]: Found(shas[0]),
        "deadbee": Nothing(),
        tree[:9]: Nothing(),
        f"{history.head}0": Nothing(),
        ABSENT: Nothing(),
    }
    asked = [*expected, shas[0][:7]]
    told = dict(at(clone).prefixes("ACME/shop", asked, soon()))
    several = told.pop(shas[0][:7])
    assert told == expected
    assert isinstance(several, Unknown)
    assert several.problem.code == "ambiguous"
    assert all(sha in several.problem.message for sha in shas)
    held = at(clone).holders([*asked, shas[1]], soon())
    assert {sha for sha, answer in held.items() if answer == Found((REPOSITORY,))} == {
        *[sha for sha, answer in expected.items() if isinstance(answer, Found)], shas[1]
    }  # fmt: skip


def test_digits_alone_are_a_short_sha(tmp_path: Path) -> None:
    writer = GitWriter(tmp_path / "digits.git")
    head = ""
    while not head[:7].isdigit():
        head = writer.commit([head] if head else [], "More", ADA)
    writer.finish({"refs/heads/main": head})
    clones = at(cloned(tmp_path / "digits.git", tmp_path / "clone"))
    assert whole(clones, head[:7]) == Found(head)


def test_over_several_clones_a_short_sha_begins_what_any_has(
    history: History, twins: tuple[Path, list[str]], tmp_path: Path
) -> None:
    writer = GitWriter(tmp_path / "other.git")
    only_here = writer.commit([], "Only here", ADA)
    writer.finish({"refs/heads/main": only_here})
    clones = at(cloned(tmp_path / "other.git", tmp_path / "clone"), history.clone, twins[0])
    assert whole(clones, only_here[:9]) == Found(only_here)
    assert whole(clones, history.head[:9]) == Found(history.head)
    assert codes([whole(clones, twins[1][0][:7])]) == ["ambiguous"]


@pytest.fixture
def counted(tmp_path: Path) -> tuple[dict[str, str], Callable[[], int]]:
    """An environment in which each git process leaves a line, and how many there were since."""
    shim, log, real = tmp_path / "bin/git", tmp_path / "log", shutil.which("git")
    shim.parent.mkdir()
    shim.write_text(f'#!/bin/sh\necho "$$" >> {log}\nexec {real} "$@"\n', encoding="utf-8")
    shim.chmod(0o755)

    def count() -> int:
        lines = log.read_text(encoding="utf-8").splitlines() if log.exists() else []
        log.unlink(missing_ok=True)
        return len(lines)

    return {**os.environ, "PATH": f"{shim.parent}:{os.environ['PATH']}"}, count


ASK: dict[str, Callable[[Git, list[str]], object]] = {
    "prefixes": lambda clones, shas: clones.prefixes(REPOSITORY, shas, soon()),
    "holders": lambda clones, shas: clones.holders(shas, soon()),
    "versions": lambda clones, shas: clones.versions(REPOSITORY, shas, soon()),
}


@pytest.mark.parametrize("name", ASK)
def test_400_take_no_more_processes_than_10(
    bulk: History, counted: tuple[dict[str, str], Callable[[], int]], name: str
) -> None:
    env, count = counted
    length = 40 if name == "versions" else 9
    shas = [sha[:length] for sha in bulk.commits][:400]
    assert len(set(shas)) == 400
    clones = at(bulk.clone, env=env)
    clones.clones(soon())
    assert count() > 0
    taken = []
    for asked in (shas[:10], shas):
        assert ASK[name](clones, asked)
        taken.append(count())
    assert taken[0] == taken[1] in (1, 2)


def test_more_short_shas_than_fit_on_one_command_line(bulk: History) -> None:
    shas = [f"{number:039x}" for number in range(40_000)]
    told = at(bulk.clone).prefixes(REPOSITORY, [*shas, bulk.head[:7]], soon())
    assert told[bulk.head[:7]] == Found(bulk.head)
    assert len(told) == 40_001
    assert set(told.values()) == {Found(bulk.head), Nothing()}


def test_who_holds_a_commit_is_told_by_the_first_name_of_each_clone(
    history: History, tmp_path: Path
) -> None:
    lab = cloned(history.origin, tmp_path / "lab")
    git(lab, "remote", "set-url", "origin", "git@gitlab.com:acme/shop.git")
    bare = cloned(history.origin, tmp_path / "bare.git", "--bare")
    git(bare, "remote", "remove", "origin")
    twice = cloned(history.origin, tmp_path / "twice")
    git(twice, "remote", "set-url", "origin", "https://github.com/Acme/Shop")
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", str(other))
    clones = at(tmp_path, other, history.clone, lab, bare, twice)
    told = clones.holders([history.head, history.head[:8], ABSENT], soon())
    names = ("acme/shop", "gitlab.com/acme/shop", str(bare))
    assert list(told.values()) == [Found(names), Found(names), Nothing()]
    assert at().holders([history.head], soon()) == {history.head: Nothing()}
    assert at(tmp_path).holders([history.head], soon()) == {history.head: Nothing()}
    assert at(other).holders([history.head], soon()) == {history.head: Nothing()}


def test_what_nobody_holds_is_unknown_while_a_clone_cannot_be_read(
    history: History, tmp_path: Path
) -> None:
    broken = cloned(history.origin, tmp_path / "broken")
    for pack in (broken / ".git/objects/pack").glob("*.pack"):
        pack.chmod(0o644)
        pack.write_bytes(b"PACK" + bytes(400))
    refused = cloned(history.origin, tmp_path / "refused")
    git(refused, "config", "core.repositoryformatversion", "2")
    for bad, code in ((broken, "git-failed"), (refused, "newer-format")):
        told = at(bad, history.clone).holders([history.head, ABSENT], soon())
        assert told[history.head] == Found((REPOSITORY,))
        assert codes([told[ABSENT]]) == [code]
        assert whole(at(bad, history.clone), history.head[:9]) == Found(history.head)
        with pytest.raises(SourceError) as caught:
            at(bad).prefixes(REPOSITORY, [history.head[:9]], soon())
        assert caught.value.problem.code == code


def test_what_is_not_told_by_the_deadline_is_unknown(history: History) -> None:
    clones = at(history.clone)
    clones.clones(soon())
    told = clones.holders([history.head], Deadline.after(0))
    assert codes([*told.values()]) == ["timeout"]
    with pytest.raises(SourceError, match="in time"):
        clones.prefixes(REPOSITORY, [history.head[:9]], Deadline.after(0))


def test_a_worktree_has_the_name_that_the_user_gave_its_repository(
    history: History, tmp_path: Path
) -> None:
    """Else one repository would be two that hold the commit."""
    clone = cloned(history.origin, tmp_path / "clone")
    git(clone, "remote", "set-url", "origin", "git@gitlab.com:acme/shop.git")
    git(clone, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
    said = {clone: Said(("acme/zoo",))}
    clones = at(tmp_path / "tree", clone / "src", clone, said=said)
    assert [facts.repositories for facts in clones.clones(soon())] == [
        ("acme/zoo", "gitlab.com/acme/shop")
    ] * 3
    assert clones.holders([history.head], soon()) == {history.head: Found(("acme/zoo",))}
