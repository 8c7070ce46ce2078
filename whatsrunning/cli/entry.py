"""The console scripts; --version is answered before anything heavy is imported."""

import os
import sys

INTERRUPTED, NOT_WRITTEN = 130, 2


def main() -> int:
    """Run the command line of this process; the exit code."""
    words = sys.argv[1:]
    try:
        if words == ["--version"]:
            from whatsrunning import __version__

            print(f"whatsrunning {__version__}")
        elif words[:2] == ["--complete", "--"]:
            from whatsrunning.cli.completion.candidates import complete

            print(complete(words[2:]))
        else:
            from whatsrunning.cli.main import main as run

            return run(words)
        if sys.stdout is not None:
            sys.stdout.flush()  # while Python ends, a full disk or a closed pipe is a traceback
    except KeyboardInterrupt:
        return INTERRUPTED
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), 1)
        return NOT_WRITTEN
    return 0


def docker_plugin() -> int:
    """Run the command line as a plugin of the Docker CLI; the exit code."""
    from whatsrunning.cli.docker_plugin import run

    try:
        return run(sys.argv[1:])
    except KeyboardInterrupt:
        return INTERRUPTED
