"""Every command line of ours that a hint, a help text or a finding names can be typed."""

import ast
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.program import ROOT
from whatsrunning.cli.commands import PROGRAM, program

PACKAGE = ROOT / "whatsrunning"
ANY = "ANY"
"""In place of what an f-string fills in."""

NAMED = re.compile(rf"(?<![\w./-]){PROGRAM} +((?:(?!{PROGRAM} )[^`\n;,|&<>()])+)")
PROSE = re.compile(r"(itself|there)\b")
"""What follows the program's name where it is spoken of, not called."""


def _texts(path: Path) -> Iterator[str]:
    """The string literals of a Python file, or all of a text."""
    if path.suffix != ".py":
        yield path.read_text(encoding="utf-8")
        return
    nodes = list(ast.walk(ast.parse(path.read_text(encoding="utf-8"))))
    joined = [node for node in nodes if isinstance(node, ast.JoinedStr)]
    parts = {id(value) for node in joined for value in node.values}
    yield from ("".join(map(_text, node.values)) for node in joined)
    for node in nodes:
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and id(node) not in parts:
            yield node.value


def _text(part: ast.expr) -> str:
    if isinstance(part, ast.Constant):
        return str(part.value)
    filled = part.value if isinstance(part, ast.FormattedValue) else part
    return PROGRAM if isinstance(filled, ast.Name) and filled.id == "PROGRAM" else ANY


def calls(text: str) -> list[str]:
    """What follows the program's name where a text names a command line of it."""
    return [call for call in NAMED.findall(text) if not PROSE.match(call)]


def mistake(line: str) -> str:
    """The first word that the program does not know, empty where it knows all."""
    command = PROGRAM_TREE
    options = _options(command)
    words = iter(line.replace(".", " ").split())
    for word in words:
        below = getattr(command, "commands", {})
        name = word.partition("=")[0]
        if name.startswith("-"):
            if name not in options:
                return word
            if options[name] and name == word:
                next(words, "")
        elif word in below:
            command = below[word]
            options |= _options(command)
        elif below and word != ANY:
            return word
    return ""


def _options(command: Any) -> dict[str, bool]:
    """The options of a command; whether each takes a value."""
    options = [param for param in command.params if param.param_type_name == "option"]
    taking = {name: not option.is_flag for option in options for name in option.opts}
    return taking | {"-h": False, "--help": False}


PROGRAM_TREE = program()
FILES = [path for path in PACKAGE.rglob("*") if path.suffix in (".py", ".md")]
CALLS = [(path, call) for path in sorted(FILES) for text in _texts(path) for call in calls(text)]


@pytest.mark.parametrize(
    ("path", "call"), CALLS, ids=lambda v: v.name if isinstance(v, Path) else v.strip()
)
def test_what_is_named_can_be_typed(path: Path, call: str) -> None:
    assert mistake(call) == "", f"{path}: {PROGRAM} {call}"


def test_the_calls_are_found() -> None:
    named = {(path.name, call.split()[0]) for path, call in CALLS}
    assert named >= {
        ("catalogue.py", "rollback-plan"),
        ("main.py", "ps"),
        ("main.py", "-c"),
        ("environment.md", "config"),
        ("topics.py", "help"),
    }


@pytest.mark.parametrize(
    ("text", "wrong"),
    [
        ("whatsrunning scaffold github-actions prints how", "scaffold"),
        ("see `whatsrunning config set`", "set"),
        ("see `whatsrunning ps --json`.", "--json"),
        ("`whatsrunning -c prod shwo web`", "shwo"),
        ("whatsrunning -C scaffold has 412 --chek.", "--chek"),
        ("whatsrunning ps shows it and whatsrunning shwo too", "shwo"),
    ],
)
def test_what_cannot_be_typed_is_found(text: str, wrong: str) -> None:
    assert list(filter(None, map(mistake, calls(text)))) == [wrong]


@pytest.mark.parametrize(
    "text",
    [
        "a fault of whatsrunning itself",
        "whatsrunning ANY --help",
        "whatsrunning/config.toml",
        "`whatsrunning ps --context=prod web`, for a service",
        "whatsrunning rollback-plan SERVICE shows what to go back to.",
    ],
)
def test_what_can_be_typed_passes(text: str) -> None:
    assert list(filter(None, map(mistake, calls(text)))) == []
