"""The table that a TAB is answered from, made of the command tree; `--update-golden` writes it.

A row: the command, an option or a command below it (nothing for an argument), what it is, the flag
that it sets, what can stand for its value, and its help.
"""

from collections.abc import Iterator
from dataclasses import fields
from typing import Any

import typer

from tests.program import ROOT
from whatsrunning.cli.commands import program
from whatsrunning.cli.completion.candidates import FILES, FOLDERS, LINE
from whatsrunning.cli.completion.scripts import SHELLS
from whatsrunning.cli.help_topics.topics import TOPICS
from whatsrunning.config.file import OUTPUTS
from whatsrunning.config.options import Flags

FILE = ROOT / "whatsrunning" / "cli" / "completion" / "table.txt"
VALUES = {
    "contexts": "@contexts", "services": "@services", "service": "@services", "name": "@names",
    "output": " ".join(OUTPUTS), "topic": " ".join(TOPICS), "shell": " ".join(SHELLS),
    "clones": FOLDERS, "save": FILES, "config": FILES, "file": FILES, "rest": LINE,
}  # fmt: skip
FLAGS = {field.name for field in fields(Flags)}


def table() -> str:
    """The whole table."""
    return "".join("\t".join(row) + "\n" for row in _rows(program()))


def _rows(
    command: Any, path: str = "", parent: typer.Context | None = None
) -> Iterator[tuple[str, ...]]:
    context = typer.Context(command, parent, **command.context_settings)
    for param in command.get_params(context):
        values = VALUES.get(param.name, "")
        if param.param_type_name == "option":
            kind, flag = "switch" if param.is_flag else "value", param.name
            for name in sorted(param.opts, key=len):  # typer keeps those of --help in a set
                yield path, name, kind, flag if flag in FLAGS else "", values, param.help
        else:
            yield path, "", "many" if param.nargs < 0 else "one", "", values, ""
    for name, below in getattr(command, "commands", {}).items():
        yield path, name, "command", "", "", below.help.splitlines()[0]
        yield from _rows(below, f"{path} {name}".strip(), context)
