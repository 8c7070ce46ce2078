"""The console script: answers --version and --complete before anything heavy is imported."""

from __future__ import annotations

import os
import sys

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

INTERRUPTED, NOT_WRITTEN = 130, 2


def main() -> int:
    """Run the command line of this process; the exit code."""
    words = sys.argv[1:]
    try:
        if words == ["--version"]:
            return _said(_version)
        if words[:1] == ["--complete"]:
            from whatsrunning.cli.completion.names import complete

            return _said(lambda: complete(words[1:]))
        from whatsrunning.cli.main import main_of_process

        return main_of_process(words)
    except KeyboardInterrupt:
        return INTERRUPTED


def docker_plugin() -> int:
    """The console script `docker-whatsrunning`, which the Docker CLI runs as its plugin."""
    from whatsrunning.cli.completion.names import names
    from whatsrunning.cli.docker_plugin import run

    try:
        return run(sys.argv[1:], names)
    except KeyboardInterrupt:
        return INTERRUPTED


def _said(say: Callable[[], int]) -> int:
    """Print now, not while Python ends, where a full disk or a reader that left is a traceback."""
    try:
        code = say()
        if sys.stdout is not None:
            sys.stdout.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return NOT_WRITTEN
    return code


def _version() -> int:
    from whatsrunning import __version__

    print(f"whatsrunning {__version__}")
    return 0
