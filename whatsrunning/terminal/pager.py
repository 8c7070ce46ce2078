"""Long output through the user's PAGER, on a terminal."""

import contextlib
import shlex
import subprocess
from collections.abc import Mapping


def pager_of(env: Mapping[str, str]) -> list[str]:
    """The command in PAGER; empty when there is none, or one that only copies."""
    try:
        command = shlex.split(env.get("PAGER", ""))
    except ValueError:
        return []
    return [] if command[:1] == ["cat"] else command


def page_through(text: str, command: list[str], env: Mapping[str, str]) -> bool:
    """Show the text; whether the pager could be started.

    `less` keeps colours and leaves a short page be, as git starts it:
    https://git-scm.com/docs/git-config#Documentation/git-config.txt-corepager
    """
    try:
        pager = subprocess.Popen(
            command, stdin=subprocess.PIPE, env={"LESS": "FRX", **env}, text=True, encoding="utf-8"
        )
    except (OSError, ValueError):
        return False
    with contextlib.suppress(BrokenPipeError, KeyboardInterrupt):
        pager.communicate(text)
    while pager.poll() is None:  # Ctrl-C is the pager's to handle; we leave when it does
        with contextlib.suppress(KeyboardInterrupt):
            pager.wait()
    return True
