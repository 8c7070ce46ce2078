"""The command tree as completion scripts need it."""

from dataclasses import dataclass, replace
from typing import Any

from whatsrunning.cli import commands
from whatsrunning.cli.help_topics.topics import TOPICS
from whatsrunning.cli.program import PROGRAM
from whatsrunning.config.file import OUTPUTS

FILES = "files"
FOLDERS = "folders"
NAMES = frozenset({"contexts", "services", "names"})
"""Kinds that `whatsrunning --complete` knows."""

_KINDS = {
    "contexts": "contexts",
    "services": "services",
    "service": "services",
    "name": "names",
    "clones": FOLDERS,
    "save": FILES,
    "config": FILES,
    "file": FILES,
}
_WORDS = {"output": OUTPUTS, "topic": TOPICS, "shell": ("bash", "zsh", "fish")}
PASSING = ("demo", "replay")
"""Commands after which another command follows."""


@dataclass(frozen=True, slots=True)
class Value:
    """What a value can be: fixed words, or a kind (files, folders, or names that are looked up)."""

    words: tuple[str, ...] = ()
    kind: str = ""


@dataclass(frozen=True, slots=True)
class Option:
    """An option with its spellings; `value` None for one that takes none."""

    names: tuple[str, ...]
    help: str
    value: Value | None


@dataclass(frozen=True, slots=True)
class Command:
    """A command, what its argument can be, and the commands below it."""

    name: str
    help: str
    options: tuple[Option, ...]
    argument: Value
    commands: tuple["Command", ...] = ()

    def valued(self) -> tuple[str, ...]:
        """The spellings of all options that take a value."""
        return tuple(name for option in self.options if option.value for name in option.names)


def tree() -> Command:
    """The whole program."""
    program = _command(PROGRAM, commands.program())
    return replace(program, commands=tuple(map(_with_options_below, program.commands)))


def _with_options_below(command: Command) -> Command:
    """`config show`: scripts look no further than the first command, so it has both's options."""
    options = (*command.options, *(each for below in command.commands for each in below.options))
    return replace(command, options=tuple(dict.fromkeys(options)))


def _command(name: str, made: Any) -> Command:
    below = tuple(_command(key, value) for key, value in getattr(made, "commands", {}).items())
    options = tuple(_option(p) for p in made.params if p.param_type_name == "option")
    helping = Option(("-h", "--help"), "Show help.", None)
    arguments = [p.name for p in made.params if p.param_type_name == "argument"]
    return Command(
        name=name,
        help=(made.help or "").strip().splitlines()[0],
        options=(*options, helping),
        argument=_value(arguments[0]) if arguments else Value(),
        commands=below,
    )


def _option(made: Any) -> Option:
    flag = bool(made.is_flag)
    return Option(tuple(made.opts), made.help or "", None if flag else _value(made.name))


def _value(name: str) -> Value:
    return Value(_WORDS.get(name, ()), _KINDS.get(name, ""))
