"""Nothing that a clone or the environment configures is run; without a fetch nothing changes."""

import hashlib
import os
import subprocess
import sys
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.sources.git.clones import (
    ABSENT,
    REPOSITORY,
    at,
    cloned,
    set_trap,
    soon,
    whole,
    write_commit,
)
from tests.world.git_writer import git
from tests.world.history import History
from whatsrunning.facts.answers import Found, Nothing
from whatsrunning.facts.git import Git
from whatsrunning.facts.query import Deadline, SourceError

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


def _ask_everything(clones: Git, history: History) -> None:
    """Every call of the port, with what is there and what is not."""
    shas = sorted(history.named[name] for name in ("old", "merge", "release-2", "hostile"))
    assert [facts.problem for facts in clones.clones(soon())] == [""]
    told = clones.commits(REPOSITORY, [*shas, ABSENT], soon())
    assert [type(told[sha]) for sha in (*shas, ABSENT)] == [Found] * 4 + [Nothing]
    assert set(shas) <= set(clones.graph(REPOSITORY, [*shas, ABSENT], soon()).parents)
    assert whole(clones, shas[0][:8]) == Found(shas[0])
    assert clones.holders([shas[0], shas[1][:8]], soon()) == {
        shas[0]: Found((REPOSITORY,)), shas[1][:8]: Found((REPOSITORY,))
    }  # fmt: skip
    assert clones.versions(REPOSITORY, shas, soon()).keys() == set(shas)
    assert clones.reference(REPOSITORY, "main", soon()) == Found(history.head)


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
    trap = set_trap(clone, mark)
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


@pytest.mark.parametrize("name", ["core.fsmonitor", "gpg.program"])
def test_the_traps_work(history: History, tmp_path: Path, name: str) -> None:
    """What the test above relies on: plain git runs these programs."""
    clone, mark = cloned(history.origin, tmp_path / "clone"), tmp_path / "mark"
    signed = write_commit(clone, history.commits[history.head].tree, header=SIGNATURE)
    commands = {"core.fsmonitor": ("status",), "gpg.program": ("log", "--show-signature", signed)}
    git(clone, "config", name, str(set_trap(clone, mark)))
    git(clone, *commands[name])
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
        "GIT_EXTERNAL_DIFF": str(set_trap(other, mark)),
        "GIT_PAGER": str(set_trap(other, mark)),
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
    assert whole(clones, unreached[:9]) == Nothing()
    assert set(clones.graph(REPOSITORY, shas, soon()).parents) == {history.head}
    assert _photograph(clone) == before


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


@pytest.mark.parametrize(
    "variables",
    [{}, {"GIT_PYTHON_REFRESH": "quiet"}, {"GIT_DIR": "/nowhere"}],
    ids=["as it is", "GitPython told to be quiet", "another repository"],
)
def test_without_git_there_is_a_sentence_and_no_traceback(
    history: History, variables: Mapping[str, str]
) -> None:
    program = (
        "import sys\n"
        "from pathlib import Path\n"
        "from whatsrunning.facts.query import Deadline, SourceError\n"
        "from whatsrunning.sources.git.client import ClonedGit\n"
        "import os\n"
        "try:\n"
        "    ClonedGit([Path(sys.argv[1])], 'github.com', os.environ, False)"
        ".clones(Deadline.after(60))\n"
        "except SourceError as fault:\n"
        "    print(fault.problem.code, fault.problem.message)\n"
    )
    root = Path(__file__).parents[3]
    ended = subprocess.run(
        [sys.executable, "-c", program, str(history.clone)], check=False,
        env={"PATH": "/nonexistent", "PYTHONPATH": str(root), **variables},
        stdin=subprocess.DEVNULL, capture_output=True, text=True,
    )  # fmt: skip
    assert ended.stderr == ""
    assert ended.stdout == "no-git git is not installed here, or not on the PATH\n"
