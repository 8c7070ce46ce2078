"""What may come next on a command line. Every shell asks the program, which has the one tree."""

import os
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

import typer

from whatsrunning.cli.commands import program
from whatsrunning.cli.completion.names import CONTEXTS, NAMES, SERVICES, names
from whatsrunning.cli.completion.scripts import SHELLS
from whatsrunning.cli.flags import flags_of, merged
from whatsrunning.cli.help_topics.topics import TOPICS
from whatsrunning.config.file import OUTPUTS
from whatsrunning.config.options import Flags

# The last line says what the shell itself may add: nothing, files or folders. It is the protocol of
# the Docker CLI, which has it from Cobra: https://github.com/spf13/cobra/blob/main/completions.go
NOTHING, FILES, FOLDERS = ":4", ":0", ":16"

_VALUES: Mapping[str, Sequence[str]] = {
    "output": OUTPUTS,
    "topic": TOPICS,
    "shell": SHELLS,
    "clones": (FOLDERS,),
    "save": (FILES,),
    "config": (FILES,),
    "file": (FILES,),
}
"""What can stand for an option or an argument, by its name."""

_KINDS = {"contexts": CONTEXTS, "services": SERVICES, "service": SERVICES, "name": NAMES}
"""The kind of names to look up for it."""


@dataclass(frozen=True, slots=True)
class _Line:
    """The word that is being typed, and what was read before it; `saved` is after demo, replay."""

    begun: str
    env: Mapping[str, str] = field(repr=False)
    flags: Flags = field(default_factory=Flags)
    saved: bool = False


def complete(words: Sequence[str], described: bool = True) -> str:
    """The candidates for the last of the words, one a line, with a tab and its description."""
    lines = candidates(words, os.environ)
    return "\n".join(lines if described else [line.partition("\t")[0] for line in lines])


def candidates(words: Sequence[str], env: Mapping[str, str]) -> list[str]:
    """The candidates for the last of the words, and a last line: NOTHING, FILES or FOLDERS."""
    *typed, begun = words or [""]
    typed = [word for word in typed if word != "="]  # bash makes three words of `--output=json`
    begun = begun.removeprefix("=")
    if begun.startswith("--") and "=" in begun:
        option, _, begun = begun.partition("=")
        typed.append(option)
    possible = _possible(program(), typed, _Line(begun, env))
    if possible in ((FILES,), (FOLDERS,)):
        return list(possible)
    return [*(line for line in possible if line.startswith(begun)), NOTHING]


def _possible(
    command: Any, typed: list[str], line: _Line, parent: typer.Context | None = None
) -> Sequence[str]:
    """What can stand after these words of a command."""
    context = typer.Context(command, parent, resilient_parsing=True, **command.context_settings)
    given, left, _ = command.make_parser(context).parse_args(list(typed))
    line = replace(line, flags=merged(line.flags, flags_of(given)))
    below = getattr(command, "commands", {})
    if below and left:  # the name of a command, or a word after which nothing can be said
        return _possible(below[left[0]], left[1:], line, context) if left[0] in below else ()
    if given.get("rest"):
        return _in_saved(given["rest"], line)
    options = [p for p in command.get_params(context) if p.param_type_name == "option"]
    for option in options:
        if not option.is_flag and typed and typed[-1] in option.opts:
            return _values(option.name, line)
    if line.begun.startswith("-"):
        return [f"{name}\t{option.help}" for option in options for name in option.opts]
    if below:
        return [f"{name}\t{command.help.splitlines()[0]}" for name, command in below.items()]
    return _argument(command, given, line)


def _argument(command: Any, given: Mapping[str, Any], line: _Line) -> Sequence[str]:
    """Values of the first argument that is not given yet, or of one that takes many."""
    for param in command.params:
        if param.param_type_name == "argument" and (param.nargs < 0 or not given.get(param.name)):
            return _in_saved([], line) if param.name == "rest" else _values(param.name, line)
    return ()


def _in_saved(typed: Sequence[str], line: _Line) -> Sequence[str]:
    """A command line of its own follows `demo` and `replay FILE`; no engine has its names."""
    return _possible(program(), list(typed), replace(line, saved=True))


def _values(name: str, line: _Line) -> Sequence[str]:
    kind = _KINDS.get(name, "")
    if not kind or (line.saved and kind != CONTEXTS):
        return _VALUES.get(name, ())
    return names(kind, line.flags, line.env)
