"""Completion scripts: files as the program prints them, and typed TABs in real shells."""

import os
import sys
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.program import ROOT, clean_environment
from tests.test_complete import REPLY, Start, asked, engine, write_context
from whatsrunning.cli.shells import SHELLS, script
from whatsrunning.cli.shells.tree import tree

__all__ = ["asked", "engine"]

PATIENT = 30
START = {
    "bash": ("bash", ["--noprofile", "--rcfile", "{rc}", "-i"]),
    "zsh": ("zsh", ["-i"]),
    "fish": ("fish", ["--no-config", "-i", "--init-command", "source {rc}"]),
}
SETUP = {
    "bash": "PS1='READY> '\nbind 'set bell-style none'\nbind 'set enable-bracketed-paste off'\n"
    "bind 'set show-all-if-ambiguous on'\nsource {file}\n",
    "zsh": "autoload -U compinit; compinit -u -d {home}/dump\nunsetopt beep\nPROMPT='READY> '\n"
    "source {file}\n",
    "fish": "function fish_prompt; echo -n 'READY> '; end\nfunction fish_greeting; end\n"
    "set -g fish_autosuggestion_enabled 0\nsource {file}\n",
}
PROGRAM = """#!/bin/sh
[ "$1" = --complete ] && exec "{python}" -m whatsrunning "$@"
echo "RAN[$*]"
"""
TYPED = [
    ("rollb", "rollback-plan"),
    ("-c prod show lo", "-c prod show lone"),
    ("-c pr", "-c prod"),
    ("-c prod rollback-plan we", "-c prod rollback-plan web"),
    ("-o js", "-o json"),
    ("ps --all-con", "ps --all-contexts"),
    ("demo rollb", "demo rollback-plan"),
    ("replay rc diff --off", "replay rc diff --offline"),
    ("help exit", "help exit-codes"),
    ("config sh", "config show"),
]


@pytest.mark.parametrize("shell", SHELLS)
def test_the_files_are_what_the_program_prints(shell: str) -> None:
    file = ROOT / "completions" / f"whatsrunning.{shell}"
    assert file.read_text(encoding="utf-8") == script(shell)


def test_every_command_and_option_is_in_every_script() -> None:
    program = tree()
    names = {command.name for command in program.commands}
    assert {"ps", "show", "diff", "has", "history", "rollback-plan", "demo", "replay"} <= names
    for shell in SHELLS:
        text = script(shell)
        for command in program.commands:
            assert command.name in text
        for option in program.options:
            bare = [name.lstrip("-") for name in option.names]
            assert all(name in text for name in bare)


def _shell(shell: str, home: Path) -> Any:
    program = home / "bin" / "whatsrunning"
    program.parent.mkdir()
    program.write_text(PROGRAM.format(python=sys.executable))
    program.chmod(0o755)
    rc = home / (".zshrc" if shell == "zsh" else "rc")
    file = ROOT / "completions" / f"whatsrunning.{shell}"
    rc.write_text(SETUP[shell].format(file=file, home=home))
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


@pytest.mark.parametrize("shell", SHELLS)
def test_typed_tabs_complete(shell: str, tmp_path: Path, engine: Start) -> None:
    write_context(tmp_path, "prod", f"unix://{engine(REPLY)}")
    child = _shell(shell, tmp_path)
    ran = []
    for typed, _ in TYPED:
        child.send(f"whatsrunning {typed}\t\r")
        child.expect(r"RAN\[([^\]]*)\]")
        assert child.match is not None
        ran.append(str(child.match.group(1)).strip())
        child.expect_exact("READY> ")
    child.close(force=True)
    assert ran == [expected for _, expected in TYPED]
