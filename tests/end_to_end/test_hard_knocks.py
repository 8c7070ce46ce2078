"""What a stranger did: pipes for files, full disks, absurd dates, empty words, lost folders."""

import json
import os
import re
import subprocess
import sys
from datetime import UTC, datetime
from importlib import resources
from io import StringIO
from pathlib import Path
from typing import cast

import pytest

from tests.program import clean_environment, whatsrunning
from tests.scene import Scene, digest, sha
from tests.world.git_writer import git
from whatsrunning.cli.main import main
from whatsrunning.facts.answers import Nothing, Unknown
from whatsrunning.facts.journal import JournalEntry
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.git.client import ClonedGit
from whatsrunning.sources.github.http import RepositoryApi
from whatsrunning.sources.github.rest import reference
from whatsrunning.sources.journal.lines import entries_of, line_of
from whatsrunning.terminal.streams import Io
from whatsrunning.text import utc

DEMO = resources.files("whatsrunning").joinpath("demo.json").read_text(encoding="utf-8")
CONTEXT = "6754af9632a2745e85c293e5aac0863370d9bd3330b9938c00cadfd215227d77"
"""The folder of the Docker context `prod`."""


def run(*words: str, **env: str) -> tuple[int, str, str]:
    """The command line in this process: its exit code, stdout and stderr."""
    io = Io(StringIO(), StringIO(), {"HOME": "/nonexistent", **env})
    code = main(words, io)
    return code, cast(StringIO, io.stdout).getvalue(), cast(StringIO, io.stderr).getvalue()


def shell(line: str, folder: Path, **env: str) -> "subprocess.CompletedProcess[str]":
    """A shell's line, where `$P` is the program and its arguments before the command."""
    program = f"{sys.executable} -m whatsrunning"
    return subprocess.run(
        ["sh", "-c", line],
        env={**clean_environment(folder), "P": program, **env},
        cwd=folder,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.fixture
def pipe(tmp_path: Path) -> Path:
    """A pipe into which nobody ever writes, where files belong that are read."""
    made = [tmp_path / "pipe", tmp_path / "docker" / "config.json"]
    made.append(tmp_path / "docker" / "contexts" / "meta" / CONTEXT / "meta.json")
    for path in made:
        path.parent.mkdir(parents=True, exist_ok=True)
        os.mkfifo(path)
    return made[0]


READERS = {
    "a configuration": (["ps", "--config", "{pipe}"], "pipe: a pipe or device that gives nothing"),
    "a saved look": (["replay", "{pipe}"], "pipe: a pipe or device that gives nothing"),
    "the current context": (["ps"], "config.json cannot be read: a pipe or device that gives"),
    "a context": (["ps", "-c", "prod"], "meta.json cannot be read: a pipe or device that gives"),
    "every context": (["ps", "--all-contexts"], "meta.json cannot be read: a pipe or device"),
    "a TAB": (["--complete", "--", "-c", ""], "default"),
}


@pytest.mark.parametrize("name", READERS)
def test_a_pipe_in_place_of_a_file_is_named_and_hangs_nothing(pipe: Path, name: str) -> None:
    words, said = READERS[name]
    env = {"DOCKER_CONFIG": str(pipe.parent / "docker")}
    done = whatsrunning(*(word.format(pipe=pipe) for word in words), env=env, home=pipe.parent)
    assert said in done.stdout + done.stderr
    assert done.code in (0, 2, 4)
    assert "fault" not in (done.stdout + done.stderr).replace("default", "")


def test_a_look_comes_through_a_pipe(tmp_path: Path) -> None:
    (tmp_path / "look.json").write_text(DEMO)
    done = shell("(sleep 0.3; cat look.json) | $P replay /dev/stdin", tmp_path)
    assert (done.returncode, done.stderr) == (0, "")
    first, _, page = done.stdout.partition("\n")
    assert first.startswith("saved look of 2026-03-04T05:04:05Z, ")
    assert page == run("demo")[1].partition("\n")[2]


def test_save_puts_nothing_away_but_files(tmp_path: Path) -> None:
    pipe, link, file = tmp_path / "pipe", tmp_path / "link", tmp_path / "file"
    os.mkfifo(pipe)
    link.symlink_to(file)
    code, stdout, stderr = run("demo", "--save", str(pipe))
    assert (code, pipe.is_fifo()) == (2, True)
    assert "is not a plain file" in stderr
    assert "complete" in stdout
    assert run("demo", "--save", str(link))[0] == 0
    assert link.is_symlink()
    assert json.loads(file.read_text())["format"] == "whatsrunning/snapshot/v3"


FULL = {
    "an answer": "$P demo >/dev/full",
    "json": "$P demo -o json >/dev/full",
    "a refusal in json": "$P demo nosuch -o json >/dev/full",
    "help": "$P --help >/dev/full",
    "the version": "$P --version >/dev/full",
    "names": "$P --complete -- -c '' >/dev/full",
}


@pytest.mark.parametrize("unbuffered", ["", "1"])
def test_a_full_disk_is_no_fault_of_ours(tmp_path: Path, unbuffered: str) -> None:
    for line in FULL.values():
        done = shell(line, tmp_path, PYTHONUNBUFFERED=unbuffered)
        assert done.returncode == 2, line
        assert "Traceback" not in done.stderr
        assert "Exception ignored" not in done.stderr
        assert "fault" not in done.stderr
    quiet = shell("SUDO_USER=x $P demo 2>/dev/full", tmp_path, PYTHONUNBUFFERED=unbuffered)
    assert quiet.returncode == 0
    assert quiet.stdout == run("demo")[1]


DATES = sorted(set(re.findall(r'"(\w+)": "\d{4}-\d\d-\d\dT', DEMO)) - {"taken_at"})

COMMANDS = (["ps"], ["show", "shop_web_1"], ["diff"], ["history"], ["rollback-plan", "web"])


@pytest.mark.parametrize("key", DATES)
def test_the_first_and_the_last_year_are_dates_too(tmp_path: Path, key: str) -> None:
    for instant in ("0001-01-01T00:00:00+00:00", "9999-12-31T23:59:59.999999+00:00"):
        file = tmp_path / "look.json"
        file.write_text(re.sub(rf'"{key}": "[^"]*"', f'"{key}": "{instant}"', DEMO))
        for command in COMMANDS:
            code, stdout, stderr = run("replay", str(file), *command, "-o", "json")
            assert (code, stderr) == (0, ""), (key, instant, command)
            assert json.loads(stdout)["schema"] == "whatsrunning/v1"


def test_a_year_has_four_digits() -> None:
    assert utc(datetime(1, 1, 1, tzinfo=UTC)) == "0001-01-01T00:00:00Z"
    code, _, stderr = run("demo", "history", "--since", "999999w")
    assert code == 2
    assert "--since 999999w: not a time" in stderr


@pytest.mark.parametrize("command", ["show", "has", "rollback-plan", "ps", "diff"])
@pytest.mark.parametrize("word", ["", " "])
def test_an_empty_word_is_no_name(command: str, word: str) -> None:
    code, stdout, stderr = run("demo", command, word)
    assert (code, stdout) == (2, "")
    assert f"an argument of {command} is empty" in stderr


def test_a_plan_for_what_is_not_ours_says_so() -> None:
    code, stdout, _ = run("demo", "rollback-plan", "db")
    assert code == 0
    assert "no container there is known to be ours" in stdout


def test_a_reference_that_is_no_text_is_nothing(tmp_path: Path) -> None:
    git(tmp_path, "init", "--quiet", "clone")
    git(tmp_path / "clone", "remote", "add", "origin", "https://github.com/acme/shop.git")
    commits = ClonedGit([tmp_path / "clone"], "github.com", dict(os.environ), False)
    assert commits.reference("acme/shop", "\udcff", Deadline.after(30)) == Nothing()
    assert reference(cast(RepositoryApi, None), "\udcff") == Nothing()


def test_a_folder_of_contexts_that_cannot_be_read_is_not_an_empty_one() -> None:
    lost = f"/{'x' * 300}"  # as root, permissions keep nobody out: a name that is too long does
    for words in (["--all-contexts"], ["-c", "prod"]):
        code, stdout, _ = run(*words, DOCKER_CONFIG=lost)
        assert code == 4
        assert "engine UNREACHABLE | context" in stdout
        assert "cannot be read: File name too long" in stdout


def test_an_image_that_goes_by_its_short_id_is_none_of_docker_hub() -> None:
    scene = Scene()
    scene.container("web-1", digest("config")[7:19], digest("config"), {"git.sha": sha("v")})
    (one,) = scene.look().containers
    assert one.image.repository == ""
    assert isinstance(one.repository, Unknown)
    assert "docker.io" not in one.repository.problem.message
    assert "[services.web-1]" in one.repository.problem.hint


def test_a_journal_with_words_for_revisions_is_not_believed() -> None:
    look = JournalEntry(datetime(2026, 3, 4, tzinfo=UTC), "E", "web", "web-1", "a1" * 20, "", None)
    sound = line_of(look)
    assert list(entries_of(sound)) == [look]
    for word in ("[bold]", "--upload-pack=x", "\x1b[2J", "A1" * 20):
        assert list(entries_of(sound.replace(b"a1" * 20, json.dumps(word)[1:-1].encode()))) == []


def test_a_working_directory_that_is_gone(tmp_path: Path) -> None:
    line = "mkdir gone && cd gone && rmdir ../gone && $P -H unix://here.sock"
    done = shell(line, tmp_path)
    assert (done.returncode, done.stderr) == (4, "")
    assert "there is no socket at unix://here.sock" in done.stdout


def test_columns_beyond_reason(tmp_path: Path) -> None:
    beyond, widest = (shell("$P demo", tmp_path, COLUMNS=told) for told in ("9" * 5000, "1000"))
    assert (beyond.returncode, beyond.stdout) == (0, widest.stdout)


def test_what_libraries_log_is_not_shown(tmp_path: Path) -> None:
    line = "import logging, whatsrunning.sources; logging.getLogger('github').warning('\\033[2J')"
    program = [sys.executable, "-c", line]
    done = subprocess.run(
        program, env=clean_environment(tmp_path), capture_output=True, timeout=60, check=False
    )
    assert (done.returncode, done.stdout, done.stderr) == (0, b"", b"")
