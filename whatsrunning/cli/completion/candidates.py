"""What may come next on a command line, for completion that is asked word by word."""

from collections.abc import Callable, Sequence
from typing import TypeAlias

from whatsrunning.cli.completion.tree import NAMES, PASSING, Command, Value, tree

Names: TypeAlias = Callable[[str, Sequence[str]], list[str]]
"""The names of a kind, given what was typed so far."""


def candidates(words: Sequence[str], names: Names) -> list[str]:
    """Words that may stand in the place of the last one, which is not typed whole yet."""
    *typed, begun = words or [""]
    return [word for word in _possible(typed, begun, names) if word.startswith(begun)]


def _possible(typed: list[str], begun: str, names: Names) -> list[str]:
    program = tree()
    valued = {name: option for option in program.options for name in option.names if option.value}
    if typed and typed[-1] in valued:
        return _values(valued[typed[-1]].value, typed, names)
    command = _command(program, typed, set(valued))
    if begun.startswith("-"):
        return [name for option in command.options for name in option.names]
    if command.commands:
        return [below.name for below in command.commands]
    return _values(command.argument, typed, names)


def _command(program: Command, typed: list[str], valued: set[str]) -> Command:
    """The command at hand: after `demo` and `replay FILE` another one may follow."""
    command, skip = program, 0
    for word, before in zip(typed, ["", *typed], strict=False):
        if before in valued or word.startswith("-"):
            continue
        if skip:
            skip -= 1
            continue
        below = {one.name: one for one in command.commands}
        if word in PASSING and command is program:
            skip = int(word == "replay")
        elif word in below:
            command = below[word]
    return command


def _values(value: Value | None, typed: list[str], names: Names) -> list[str]:
    if value is None or value.kind not in NAMES:
        return list(value.words) if value else []
    return names(value.kind, typed)
