"""What each clone is: of every kind, freshly fetched, or on a drive that hangs."""

import os
import shutil
from pathlib import Path

import pytest

from tests.sources.git.clones import REPOSITORY, at, cloned, set_trap, soon, whole
from tests.world.git_writer import git
from tests.world.history import History
from whatsrunning.facts.answers import Found
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.git.remotes import Said


def test_the_default_branch_is_the_remotes_not_the_one_checked_out(
    history: History, tmp_path: Path
) -> None:
    clone = cloned(history.origin, tmp_path / "clone")
    git(clone, "checkout", "--quiet", "-b", "mine", history.named["old"])
    git(clone, "remote", "add", "upstream", "git@github.com:other/shop.git")
    for gone in ("HEAD", "main"):
        (facts,) = at(clone).clones(soon())
        assert (facts.default_branch, facts.head) == ("main", history.head)
        assert facts.repositories == ("acme/shop", "other/shop")
        git(clone, "update-ref", "--no-deref", "-d", f"refs/remotes/origin/{gone}")
    (facts,) = at(clone).clones(soon())
    assert (facts.default_branch, facts.head) == ("mine", history.named["old"])


@pytest.mark.parametrize(
    ("target", "branch"),
    [("refs/remotes/origin/release/1.4", "release/1.4"), ("refs/heads/mine", "main"), ("", "main")],
    ids=["another branch", "not one of the remote", "no branch"],
)
def test_what_the_remotes_head_leads_to(
    history: History, tmp_path: Path, target: str, branch: str
) -> None:
    clone = cloned(history.origin, tmp_path / "clone")
    git(clone, "branch", "mine", history.named["old"])
    head = "refs/remotes/origin/HEAD"
    if target:
        git(clone, "symbolic-ref", head, target)
    else:
        git(clone, "update-ref", "--no-deref", head, history.named["old"])
    (facts,) = at(clone).clones(soon())
    assert facts.default_branch == branch


def test_two_remotes_of_one_repository(history: History, tmp_path: Path) -> None:
    """In different case, so that both are told; the first is asked."""
    clone = cloned(history.origin, tmp_path / "clone")
    git(clone, "remote", "add", "other", "git@github.com:Acme/Shop.git")
    clones = at(clone)
    (facts,) = clones.clones(soon())
    assert facts.repositories == ("acme/shop", "Acme/Shop")
    assert clones.reference("ACME/shop", "main", soon()) == Found(history.head)
    git(clone, "update-ref", "refs/remotes/other/main", history.named["old"])
    assert clones.reference("ACME/shop", "main", soon()) == Found(history.head)


@pytest.mark.parametrize(
    ("url", "said", "names"),
    [
        ("git@gitlab.com:acme/shop.git", Said(), ["gitlab.com/acme/shop"]),
        ("work:acme/shop", Said(("acme/zoo",)), ["acme/zoo", "work/acme/shop"]),
        ("work:acme/shop", Said(option="acme/zoo"), ["acme/zoo", "work/acme/shop"]),
        ("https://github.com/acme/shop", Said(("acme/zoo",)), ["acme/zoo", "acme/shop"]),
        ("https://github.com/acme/shop", Said(option="acme/zoo"), ["acme/shop"]),
        ("/srv/shop.git", Said(), ["{clone}"]),
        ("", Said(), ["{clone}"]),
        ("", Said(option="acme/zoo"), ["acme/zoo"]),
    ],
    ids=[
        "elsewhere", "configured", "-R", "configured against the remote", "-R in the wrong folder",
        "a remote without a host", "no remote", "-R without a remote",
    ],
)  # fmt: skip
def test_a_clone_is_asked_by_any_of_its_names(
    history: History, tmp_path: Path, url: str, said: Said, names: list[str]
) -> None:
    clone = cloned(history.origin, tmp_path / "clone")
    git(clone, "checkout", "--quiet", "-b", "mine", history.named["old"])
    git(clone, *(("remote", "set-url", "origin", url) if url else ("remote", "remove", "origin")))
    clones = at(clone, said={clone: said})
    (facts,) = clones.clones(soon())
    assert list(facts.repositories) == [name.format(clone=clone) for name in names]
    head = history.head if url else history.named["old"]
    assert (facts.default_branch, facts.head) == ("main" if url else "mine", head)
    for name in facts.repositories:
        graph = clones.graph(name.upper(), [history.head], soon())
        assert (graph.branch, graph.head) == (facts.default_branch, head)
        main = clones.reference(name.upper(), "main", soon())
        assert main == Found(history.head)
        assert isinstance(clones.commits(name, [head], soon())[head], Found)
        assert whole(clones, head[:9], name) == Found(head)
    with pytest.raises(SourceError, match="no clone of acme/other"):
        clones.reference("acme/other", "main", soon())


def test_an_empty_clone_a_worktree_a_subfolder_and_a_bare_repository(
    history: History, tmp_path: Path
) -> None:
    empty = tmp_path / "empty"
    git(tmp_path, "init", "--quiet", "--initial-branch=main", str(empty))
    git(empty, "remote", "add", "origin", "git@github.com:acme/shop.git")
    (facts,) = at(empty).clones(soon())
    assert (facts.default_branch, facts.head, facts.fetched_at) == ("main", "", None)
    assert at(empty).graph(REPOSITORY, [history.head], soon()).parents == {}
    clone = cloned(history.origin, tmp_path / "clone")
    git(clone, "worktree", "add", "--quiet", "--detach", str(tmp_path / "tree"))
    bare = cloned(history.origin, tmp_path / "bare.git", "--bare")
    for path in (clone / "src", tmp_path / "tree", bare):
        (facts,) = at(path).clones(soon())
        assert (facts.repositories, facts.default_branch) == ((REPOSITORY,), "main")
        assert facts.head == history.head
        assert (facts.fetched_at is None) == (path == bare)


def test_a_fetch_is_asked_for_and_runs_no_hook(history: History, tmp_path: Path) -> None:
    clone, mark = cloned(history.origin, tmp_path / "clone"), tmp_path / "mark"
    git(clone, "update-ref", "refs/remotes/origin/main", history.named["old"])
    (clone / ".git/hooks").mkdir(exist_ok=True)
    (clone / ".git/hooks/reference-transaction").symlink_to(set_trap(clone, mark))
    config = tmp_path / "config"
    rule = f"url.{history.origin.as_uri()}.insteadOf"
    git(tmp_path, "config", "--file", str(config), rule, "https://github.com/acme/shop.git")
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": str(config)}
    (stale,) = at(clone, env=env).clones(soon())
    assert stale.head == history.named["old"]
    (fresh,) = at(clone, env=env, fetch=True).clones(soon())
    assert (fresh.head, fresh.problem) == (history.head, "")
    assert stale.fetched_at is not None
    assert fresh.fetched_at is not None
    assert fresh.fetched_at >= stale.fetched_at
    written = (clone / ".git/FETCH_HEAD").stat().st_mtime
    assert fresh.fetched_at.timestamp() == pytest.approx(written, abs=0.001)
    assert not mark.exists()


def test_a_fetch_that_fails_leaves_the_clone_readable_and_tells_no_password(
    history: History, tmp_path: Path
) -> None:
    clone = cloned(history.origin, tmp_path / "clone")
    (before,) = at(clone).clones(soon())
    git(clone, "config", "url.http://me:s3cret@127.0.0.1:1/.insteadOf", "https://github.com/")
    clones = at(clone, fetch=True)
    (facts,) = clones.clones(soon())
    assert "git fetch failed" in facts.problem
    assert "127.0.0.1" in facts.problem
    assert "s3cret" not in repr(facts)
    assert facts.repositories == (REPOSITORY,)
    assert facts.fetched_at == before.fetched_at
    assert clones.reference(REPOSITORY, "main", soon()) == Found(history.head)
    git(clone, "remote", "set-url", "origin", "ext::sh -c 'touch mark'")
    git(clone, "config", "protocol.ext.allow", "always")
    (facts,) = at(clone, fetch=True).clones(soon())
    assert "not allowed" in facts.problem


def test_a_clone_that_hangs_costs_the_others_nothing(history: History, tmp_path: Path) -> None:
    hung, slow = tmp_path / "hung", tmp_path / "bin/git"
    slow.parent.mkdir()
    real = shutil.which("git")
    script = f'#!/bin/sh\ncase "$*" in *{hung}*) exec sleep 600 ;; esac\nexec {real} "$@"\n'
    slow.write_text(script, encoding="utf-8")
    slow.chmod(0o755)
    env = {"PATH": f"{slow.parent}:{os.environ['PATH']}"}
    for seconds in (2.0, 20.0, 60.0):  # a busy machine may need longer for the good one
        bad, good = at(hung, history.clone, env=env).clones(Deadline.after(seconds))
        assert "did not answer in time" in bad.problem
        if not good.problem:
            break
    assert (good.head, good.problem) == (history.head, "")
