"""The console script: answers --version and --complete before anything heavy is imported."""

import sys

INTERRUPTED = 130


def main() -> int:
    """Run the command line of this process; the exit code."""
    words = sys.argv[1:]
    try:
        if words == ["--version"]:
            return _version()
        if words[:1] == ["--complete"]:
            from whatsrunning.complete import complete

            return complete(words[1:])
        from whatsrunning.cli import main_of_process

        return main_of_process(words)
    except KeyboardInterrupt:
        return INTERRUPTED


def docker_plugin() -> int:
    """The console script `docker-whatsrunning`, which the Docker CLI runs as its plugin."""
    from whatsrunning.complete import names
    from whatsrunning.plugin import run

    try:
        return run(sys.argv[1:], names)
    except KeyboardInterrupt:
        return INTERRUPTED


def _version() -> int:
    from whatsrunning import __version__

    print(f"whatsrunning {__version__}")
    return 0
