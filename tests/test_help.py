"""Help: two real examples a command, topics, and the manual page that is made from them."""

import shlex
import subprocess
from io import StringIO
from pathlib import Path
from typing import Any

import pytest

from tests import golden_files, man
from tests.program import clean_environment, whatsrunning
from whatsrunning.cli.commands import PROGRAM, program
from whatsrunning.cli.help_topics.topics import TOPICS, text_of
from whatsrunning.cli.main import main
from whatsrunning.terminal.streams import Io

PROGRAM_AND_COMMANDS = [(PROGRAM, program()), *man.leaves(program())]
SHOWN = {0, 1, 3}
"""Exit codes of an example that could be run: shown, no, and could not vouch."""

OF_THEIR_OWN = ("demo", "replay", "completion", "config", "help")
"""Commands that do not look at engines: their examples run as they stand."""


def options(command: Any) -> set[str]:
    """Every spelling of a command's options."""
    return {
        name for p in command.params if p.param_type_name == "option" for name in p.opts
    }  # fmt: skip


def run(*words: str, home: Path) -> tuple[int, str]:
    """The command line in this process: its exit code and standard output."""
    io = Io(StringIO(), StringIO(), {"HOME": str(home)})
    code = main(words, io)
    assert isinstance(io.stdout, StringIO)
    return code, io.stdout.getvalue()


@pytest.mark.parametrize(("path", "command"), PROGRAM_AND_COMMANDS, ids=lambda v: str(v)[-20:])
def test_help_shows_two_examples_and_every_option(
    path: str, command: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    words = path.split()[1:]
    assert run(*words, "--help", home=tmp_path) == (0, "")
    printed = capsys.readouterr()  # typer writes help to the process's own stream
    assert printed.out.count(f"    {path}") >= 2
    assert [name for name in options(command) if name not in printed.out] == []
    assert run(*words, "-h", home=tmp_path) == (0, "")
    assert capsys.readouterr() == printed


def test_every_example_runs_on_the_demo(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "whatsrunning.toml").write_text("timeout = 20\n")
    assert run("demo", "--save", "look.json", home=tmp_path)[0] == 0
    lines = {line for _, command in PROGRAM_AND_COMMANDS for line in man.examples(command)}
    assert len(lines) > len(PROGRAM_AND_COMMANDS)
    codes = {line: run(*_words(line), home=tmp_path)[0] for line in sorted(lines)}
    assert {line: code for line, code in codes.items() if code not in SHOWN} == {}


def _words(line: str) -> list[str]:
    """An example's words, over the demo's facts where it would look at engines."""
    own = shlex.split(line.partition(" || ")[0].partition(" > ")[0])[1:]
    return own if own and own[0] in OF_THEIR_OWN else ["demo", *own]


def test_help_names_the_incident_question_first() -> None:
    assert "    whatsrunning has 412 -c prod\n" in whatsrunning("--help").stdout


@pytest.mark.parametrize("topic", TOPICS)
def test_each_topic_prints(topic: str) -> None:
    printed = whatsrunning("help", topic)
    assert (printed.code, printed.stdout) == (0, text_of(topic))
    assert len(printed.stdout.splitlines()) > 5
    assert f"help {topic}" in whatsrunning("help").stdout or topic in whatsrunning("help").stdout


def test_the_manual_page_is_made_from_the_commands() -> None:
    if golden_files.updating:
        man.FILE.parent.mkdir(exist_ok=True)
        man.FILE.write_text(man.page(), encoding="utf-8")
    assert man.FILE.read_text(encoding="utf-8") == man.page()


def test_man_shows_every_command_option_and_topic(tmp_path: Path) -> None:
    done = subprocess.run(
        ["man", "-l", str(man.FILE)],
        env=clean_environment(tmp_path) | {"MANWIDTH": "120", "MAN_KEEP_FORMATTING": ""},
        stdin=subprocess.DEVNULL, capture_output=True, text=True, timeout=60, check=False,
    )  # fmt: skip
    assert (done.returncode, done.stderr) == (0, "")
    shown = " ".join(done.stdout.split())
    every = {name for _, command in PROGRAM_AND_COMMANDS for name in options(command)}
    assert [name for name in sorted(every) if name not in shown] == []
    assert [path for path, _ in PROGRAM_AND_COMMANDS if path not in shown] == []
    lines = [line for topic in TOPICS for line in text_of(topic).splitlines()[1:]]
    assert [line for line in lines if " ".join(line.split()) not in shown] == []
