"""Completion scripts: each calls the program with `--complete --` and the words typed so far."""

from importlib import resources

from whatsrunning.errors import Refused

SHELLS = ("bash", "zsh", "fish")


def script(shell: str) -> str:
    """The script for a shell. Raises Refused for one that we have none for."""
    if shell not in SHELLS:
        hint = f"there are scripts for {', '.join(SHELLS)}"
        raise Refused("shell", f"no completion for {shell!r}", hint)
    file = resources.files(__package__).joinpath(f"whatsrunning.{shell}")
    return file.read_text(encoding="utf-8")
