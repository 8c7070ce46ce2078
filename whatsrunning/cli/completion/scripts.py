"""Completion scripts, made from the command tree; the files in completions/ are these."""

from collections.abc import Callable, Mapping

from whatsrunning.cli.completion import bash, fish, zsh
from whatsrunning.cli.completion.tree import Command, tree
from whatsrunning.errors import Refused, UsageFault

SHELLS: Mapping[str, Callable[[Command], str]] = {
    "bash": bash.script,
    "zsh": zsh.script,
    "fish": fish.script,
}


def script(shell: str) -> str:
    """The script for a shell. Raises Refused for one that we have none for."""
    if shell not in SHELLS:
        hint = f"there are scripts for {', '.join(SHELLS)}"
        raise Refused(UsageFault("shell", f"no completion for {shell!r}", hint))
    return SHELLS[shell](tree())
