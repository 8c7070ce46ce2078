"""Nothing that a clone or the environment configures is run; without a fetch nothing changes."""

import hashlib
import os
import shutil
import time
from pathlib import Path

import pytest

from tests.sources.git_clones import ABSENT, REPOSITORY, at, cloned, soon, write_commit
from tests.world.git_writer import git
from tests.world.history import History, make_history
from whatsrunning.facts.answers import Found, Nothing
from whatsrunning.facts.ports import Deadline, Git, SourceError

HOOKS = (
    "reference-transaction",
    "post-checkout",
    "post-merge",
    "pre-auto-gc",
    "fsmonitor-watchman",
)
PROGRAMS = (
    "core.fsmonitor", "core.pager", "pager.log", "core.editor", "core.sshCommand", "core.askPass",
    "gpg.program", "gpg.ssh.program", "diff.external", "diff.x.textconv", "diff.x.command",
    "filter.x.smudge", "filter.x.process", "credential.helper", "core.alternateRefsCommand",
    "alias.log", "alias.rev-list", "alias.cat-file", "interactive.diffFilter",
)  # fmt: skip


@pytest.fixture(scope="module")
def history(tmp_path_factory: pytest.TempPathFactory) -> History:
    return make_history(tmp_path_factory.mktemp("history"))


def _ask_everything(clones: Git, history: History) -> None:
    """Every call of the port, with what is there and what is not."""
    shas = sorted(history.named[name] for name in ("old", "merge", "release-2", "hostile"))
    assert [facts.problem for facts in clones.clones(soon())] == [""]
    told = clones.commits(REPOSITORY, [*shas, ABSENT], soon())
    assert [type(told[sha]) for sha in (*shas, ABSENT)] == [Found] * 4 + [Nothing]
    assert set(shas) <= set(clones.graph(REPOSITORY, [*shas, ABSENT], soon()).parents)
    assert clones.prefix(REPOSITORY, shas[0][:8], soon()) == Found(shas[0])
    assert clones.reference(REPOSITORY, "main", soon()) == Found(history.head)


def _trap(clone: Path, mark: Path) -> Path:
    """A program that leaves a mark when it is run."""
    trap = clone.parent / "trap"
    trap.write_text(f"#!/bin/sh\ntouch {mark}\n", encoding="utf-8")
    trap.chmod(0o755)
    return trap


SIGNATURE = "gpgsig -----BEGIN PGP SIGNATURE-----\n \n iQ==\n -----END PGP SIGNATURE-----"


def _photograph(folder: Path) -> dict[str, tuple[int, str]]:
    """Every file with its time and content, every folder with its time."""
    return {
        str(path): (
            path.lstat().st_mtime_ns,
            hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "",
        )
        for path in sorted(folder.rglob("*"))
    }


def test_no_program_of_the_clones_is_run_and_nothing_in_it_changes(
    history: History, tmp_path: Path
) -> None:
    clone, mark = cloned(history.origin, tmp_path / "clone"), tmp_path / "mark"
    trap = _trap(clone, mark)
    for name in HOOKS:
        (clone / ".git/hooks").mkdir(exist_ok=True)
        (clone / ".git/hooks" / name).symlink_to(trap)
    for name in PROGRAMS:
        git(clone, "config", name, str(trap))
    git(clone, "config", "log.showSignature", "true")
    git(clone, "config", "core.attributesFile", str(tmp_path / "attributes"))
    (tmp_path / "attributes").write_text("* diff=x filter=x\n", encoding="utf-8")
    signed = write_commit(clone, history.commits[history.head].tree, header=SIGNATURE)
    before = _photograph(clone)
    _ask_everything(at(clone), history)
    assert isinstance(at(clone).commits(REPOSITORY, [signed], soon())[signed], Found)
    assert not mark.exists()
    assert _photograph(clone) == before


def test_the_traps_work(history: History, tmp_path: Path) -> None:
    """What the test above relies on: plain git runs these programs."""
    clone, mark = cloned(history.origin, tmp_path / "clone"), tmp_path / "mark"
    signed = write_commit(clone, history.commits[history.head].tree, header=SIGNATURE)
    trap = str(_trap(clone, mark))
    commands = {"core.fsmonitor": ("status",), "gpg.program": ("log", "--show-signature", signed)}
    for name, command in commands.items():
        mark.unlink(missing_ok=True)
        git(clone, "config", name, trap)
        git(clone, *command)
        assert mark.exists()


def test_the_environment_cannot_lead_to_another_repository_or_write(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    other = tmp_path / "other"
    git(tmp_path, "init", "--quiet", str(other))
    mark = tmp_path / "mark"
    hostile = {
        "GIT_DIR": str(other / ".git"),
        "GIT_WORK_TREE": str(other),
        "GIT_OBJECT_DIRECTORY": str(other),
        "GIT_NAMESPACE": "elsewhere",
        "GIT_TRACE": str(mark),
        "GIT_TRACE2_EVENT": str(mark),
        "GIT_EXTERNAL_DIFF": str(_trap(other, mark)),
        "GIT_PAGER": str(_trap(other, mark)),
        "LANG": "de_DE.UTF-8",
    }
    for name, value in hostile.items():
        monkeypatch.setenv(name, value)
    _ask_everything(at(history.clone), history)
    assert not mark.exists()


def test_the_given_environment_counts_not_this_processes(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A configuration that only this process has would send the remote's URL elsewhere."""
    config = tmp_path / "config"
    git(tmp_path, "config", "--file", str(config), "remote.zoo.url", "git@github.com:acme/zoo")
    monkeypatch.setenv("GIT_CONFIG_GLOBAL", str(config))
    (mine,) = at(history.clone).clones(soon())
    (given,) = at(history.clone, env={"PATH": os.environ["PATH"]}).clones(soon())
    assert mine.repositories == ("acme/shop", "acme/zoo")
    assert given.repositories == ("acme/shop",)


def test_a_partial_clone_fetches_nothing_that_it_lacks(history: History, tmp_path: Path) -> None:
    """Each missing SHA would be a call over the network, and a write."""
    git(history.origin, "config", "uploadpack.allowFilter", "true")
    git(history.origin, "config", "uploadpack.allowAnySHA1InWant", "true")
    clone = cloned(history.origin, tmp_path / "partial", "--filter=blob:none", "--no-checkout")
    git(clone, "remote", "set-url", "origin", history.origin.as_uri())
    config = tmp_path / "config"
    git(tmp_path, "config", "--file", str(config), "remote.hub.url", "git@github.com:acme/shop")
    before = _photograph(clone)
    env = {"PATH": os.environ["PATH"], "GIT_CONFIG_GLOBAL": str(config)}
    unreached = history.pulls[14].commits[-1]
    clones = at(clone, env=env)
    shas = [history.head, unreached, ABSENT]
    told = clones.commits(REPOSITORY, shas, soon())
    assert [type(answer) for answer in told.values()] == [Found, Nothing, Nothing]
    assert clones.prefix(REPOSITORY, unreached[:9], soon()) == Nothing()
    assert set(clones.graph(REPOSITORY, shas, soon()).parents) == {history.head}
    assert _photograph(clone) == before


def test_a_fetch_is_asked_for_and_runs_no_hook(history: History, tmp_path: Path) -> None:
    clone, mark = cloned(history.origin, tmp_path / "clone"), tmp_path / "mark"
    git(clone, "update-ref", "refs/remotes/origin/main", history.named["old"])
    (clone / ".git/hooks").mkdir(exist_ok=True)
    (clone / ".git/hooks/reference-transaction").symlink_to(_trap(clone, mark))
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


def test_a_program_that_never_ends_is_killed_at_the_deadline(
    history: History, tmp_path: Path
) -> None:
    pid = tmp_path / "pid"
    stuck = tmp_path / "bin/git"
    stuck.parent.mkdir()
    stuck.write_text(f"#!/bin/sh\nsleep 600 &\necho $! > {pid}\nwait\n", encoding="utf-8")
    stuck.chmod(0o755)
    at(history.clone).clones(soon())  # GitPython is imported with the real git
    env = {"PATH": f"{stuck.parent}:{os.environ['PATH']}"}
    for seconds in (1.0, 10.0, 60.0):  # a busy machine may not have started it in time
        with pytest.raises(SourceError) as caught:
            at(history.clone, env=env).commits(REPOSITORY, [ABSENT], Deadline.after(seconds))
        assert caught.value.problem.code == "timeout"
        if pid.exists() and pid.read_text(encoding="utf-8").strip():
            break
    assert _ended(int(pid.read_text(encoding="utf-8")))


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


def _ended(pid: int) -> bool:
    """Whether a process is gone, or will be within seconds."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2]
        except OSError:
            return True
        if state.split()[0] in "ZX":
            return True
        time.sleep(0.05)
    return False
