"""Completion scripts: files as the program prints them, and typed TABs in real shells."""

import os
import sys
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.cli.socket_engine import REPLY, Start, write_context
from tests.program import ROOT, clean_environment
from whatsrunning.cli.completion.scripts import SHELLS, script

PATIENT = 30
START = {
    "bash": ("bash", ["--noprofile", "--rcfile", "{rc}", "-i"]),
    "zsh": ("zsh", ["-i"]),
    "fish": ("fish", ["--no-config", "-i", "--init-command", "source {rc}"]),
}
SETUP = {
    "bash": "PS1='READY> '\nbind 'set bell-style none'\nbind 'set enable-bracketed-paste off'\n"
    "bind 'set show-all-if-ambiguous on'\nsource {file}\n",
    "zsh": "autoload -U compinit; compinit -u -d {home}/dump\nunsetopt beep autoremoveslash\n"
    "PROMPT='READY> '\nsource {file}\n",
    "fish": "function fish_prompt; echo -n 'READY> '; end\nfunction fish_greeting; end\n"
    "set -g fish_autosuggestion_enabled 0\nsource {file}\n",
}
PROGRAM = """#!/bin/sh
[ "$1" = --complete ] && exec "{python}" -m whatsrunning "$@"
echo "RAN[$*]"
"""
"""Completes as the real one; else it shows what was typed."""
STATIC = {
    "rollb": "rollback-plan",
    "-o js": "-o json",
    "ps -o mark": "ps -o markdown",
    "ps --all-con": "ps --all-contexts",
    "show --off": "show --offline",
    "demo rollb": "demo rollback-plan",
    "demo show lo": "demo show lo",
    "replay rc ps we": "replay rc ps we",
    "replay rc diff --off": "replay rc diff --offline",
    "help exit": "help exit-codes",
    "completion fi": "completion fish",
    "config sh": "config show",
    "config show --conf": "config show --config",
    "--output=js": "--output=json",
    "has 412 --check -o pl": "has 412 --check -o plain",
    "--vers": "--version",
    "replay sav": "replay saved.json",
    "-C clo": "-C clone/",
    "ps --save=sav": "ps --save=saved.json",
    "-C 'a clone' show --off": "-C a clone show --offline",
}
"""What is typed before the TAB, and the command line that it becomes; no engine has to be asked."""

LOOKED_UP = {
    "-c pr": "-c prod",
    "-c prod -c sta": "-c prod -c staging",
    "ps --context=pr": "ps --context=prod",
    "ps -c pr": "ps -c prod",
    "-c prod ps we": "-c prod ps web",
    "-c prod show lo": "-c prod show lone",
    "show -c prod lo": "show -c prod lone",
    "-c prod history we": "-c prod history web",
    "-c prod diff lo": "-c prod diff lone",
    "-c prod rollback-plan we": "-c prod rollback-plan web",
}
"""Names of contexts, containers and services."""


@pytest.mark.parametrize("shell", SHELLS)
def test_the_files_are_what_the_program_prints(shell: str) -> None:
    file = ROOT / "completions" / f"whatsrunning.{shell}"
    assert file.read_text(encoding="utf-8") == script(shell)


def _start(shell: str, home: Path, setup: str) -> Any:
    """An interactive shell at its first prompt, whose PATH begins with our program."""
    program = home / "bin" / "whatsrunning"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(python=sys.executable, home=home))
    program.chmod(0o755)
    rc = home / (".zshrc" if shell == "zsh" else "rc")
    rc.write_text(setup)
    env = clean_environment(home) | {
        "PATH": f"{program.parent}{os.pathsep}{os.environ['PATH']}",
        "ZDOTDIR": str(home),
        "XDG_CONFIG_HOME": str(home / "config"),
        "XDG_DATA_HOME": str(home / "data"),
        "XDG_RUNTIME_DIR": str(home),
        "TERM": "dumb" if shell == "bash" else "xterm",
    }
    name, arguments = START[shell]
    words = [word.format(rc=rc) for word in arguments]
    child = pexpect.spawn(
        name, words, env=env, cwd=str(home), encoding="utf-8", timeout=PATIENT,
        dimensions=(40, 200),
    )  # fmt: skip
    child.expect_exact("READY> ")
    return child


def _typed(child: Any, line: str) -> str:
    """The command line that runs after one TAB at the end of it."""
    child.send(f"whatsrunning {line}\t\r")
    child.expect(r"RAN\[([^\]]*)\]")
    assert child.match is not None
    ran = str(child.match.group(1)).strip()
    child.expect_exact("READY> ")
    return ran


@pytest.mark.parametrize("shell", SHELLS)
def test_typed_tabs_complete(shell: str, tmp_path: Path, engine: Start, asked: list[bytes]) -> None:
    (tmp_path / "saved.json").touch()
    (tmp_path / "clone").mkdir()
    write_context(tmp_path, "prod", f"unix://{engine(REPLY)}")
    write_context(tmp_path, "staging", "unix:///dev/null/none")
    file = ROOT / "completions" / f"whatsrunning.{shell}"
    child = _start(shell, tmp_path, SETUP[shell].format(file=file, home=tmp_path))
    assert {line: _typed(child, line) for line in STATIC} == STATIC
    assert asked == []
    assert {line: _typed(child, line) for line in LOOKED_UP} == LOOKED_UP
    assert len(asked) == sum(line.endswith((" we", " lo")) for line in LOOKED_UP)
    child.close(force=True)


@pytest.mark.parametrize("shell", ["zsh", "fish"])
def test_a_choice_is_shown_with_what_each_does(shell: str, tmp_path: Path) -> None:
    file = ROOT / "completions" / f"whatsrunning.{shell}"
    child = _start(shell, tmp_path, SETUP[shell].format(file=file, home=tmp_path))
    child.send("whatsrunning h\t\t")
    assert child.expect_exact("What ran before, and since when") == 0
    child.close(force=True)


INSTALLED = {
    "zsh": ("data/_whatsrunning", "fpath=({home}/data $fpath)\n"),
    "fish": ("data/whatsrunning.fish", "set -p fish_complete_path {home}/data\n"),
}
"""Where a shell looks by itself on the first TAB, and what the user has set for that."""


@pytest.mark.parametrize("shell", INSTALLED)
@pytest.mark.parametrize("line", ["rollb", "-c prod show lo"])
def test_the_very_first_tab_of_an_installed_script(
    shell: str, line: str, tmp_path: Path, engine: Start
) -> None:
    write_context(tmp_path, "prod", f"unix://{engine(REPLY)}")
    place, rc = INSTALLED[shell]
    (tmp_path / place).parent.mkdir(parents=True)
    (tmp_path / place).write_text(script(shell))
    setup = rc + SETUP[shell].replace("source {file}\n", "")
    child = _start(shell, tmp_path, setup.format(home=tmp_path))
    assert _typed(child, line) == {**STATIC, **LOOKED_UP}[line]
    child.close(force=True)
