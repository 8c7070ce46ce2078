"""The same program as `docker whatsrunning`: a plugin of the Docker CLI.

Install: ln -s "$(command -v docker-whatsrunning)" ~/.docker/cli-plugins/
"""

import json
import os
from collections.abc import Sequence

NAME = "whatsrunning"
_COMPLETING = ("__complete", "__completeNoDesc")
"""How the Docker CLI asks for candidates; it gets them without descriptions."""

_TLS_FILES = ("tlscacert", "tlscert", "tlskey")
_TLS_SWITCHES = ("tls", "tlsverify")
_VALUED = ("config", "context", "host", "log-level", *_TLS_FILES)
_SHORT = {"c": "context", "H": "host", "l": "log-level"}
"""The Docker CLI's global options that take a value; it hands all of its options on unread."""


def run(words: Sequence[str]) -> int:
    """Answer the Docker CLI; the exit code."""
    if words[:1] == ["docker-cli-plugin-metadata"]:
        return _metadata()
    if words and words[0] in _COMPLETING:
        from whatsrunning.cli.completion.candidates import complete

        typed, _ = _placed([*_said_to_docker(), *words[1:]])
        print(complete(typed, described=False))
        return 0
    from whatsrunning.cli.main import main_of_process

    return main_of_process(*_placed(words))


def own_words(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Our command line out of the Docker CLI's, and its options that we have no word for.

    Those are by its names: `config`, `tls`, `tlsverify`, `tlscacert`, `tlscert`, `tlskey`.
    """
    said, left = _options(words)
    if left[:2] == ["help", NAME]:
        left = [NAME, *left[2:], "--help"]
    if left[:1] != [NAME]:  # started by hand, as any program
        return list(words), {}
    places = (("-c", said.get("context")), ("-H", said.get("host")))
    engine = [word for option, value in places if value for word in (option, value)]
    kept = ("config", *_TLS_SWITCHES, *_TLS_FILES)
    asked_for_help = ["--help"] if "help" in said else []
    others = {name: said[name] for name in kept if name in said}
    return [*engine, *left[1:], *asked_for_help], others


def _placed(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Our words and the TLS options; the Docker CLI's folder goes where all of us look for it."""
    own, others = own_words(words)
    folder = others.pop("config", "")
    if folder:
        os.environ["DOCKER_CONFIG"] = folder
    return own, others


def _said_to_docker() -> list[str]:
    """The options before our name in the Docker CLI's command line.

    It runs us with all of them, but not for completion; there only /proc tells.
    """
    try:
        with open(f"/proc/{os.getppid()}/cmdline", encoding="utf-8", errors="replace") as file:
            words = [word for word in file.read().split("\0")[1:-1] if word not in _COMPLETING]
    except OSError:
        return []
    left = _options(words)[1]
    return words[: len(words) - len(left)] if left[:1] == [NAME] else []


def _options(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The options at the front, the last of each, and what follows them."""
    said: dict[str, str] = {}
    left = list(words)
    while left and left[0].startswith("-"):
        name, value = _option(left.pop(0))
        if not value:
            value = (left.pop(0) if left else "") if name in _VALUED else "true"
        said[name] = value
    return said, left


def _option(word: str) -> tuple[str, str]:
    """Name and value of one word; `-D` may stand before another letter, as in `-Dc prod`."""
    if word.startswith("--"):
        name, _, value = word[2:].partition("=")
        return name, value
    letters = word[1:].lstrip("D")
    return _SHORT.get(letters[:1], letters[:1]), letters[1:].removeprefix("=")


def _metadata() -> int:
    from whatsrunning import __version__

    about = {
        "SchemaVersion": "0.1.0",
        "Vendor": NAME,
        "Version": __version__,
        "ShortDescription": "What exact commit is running, and can it be believed?",
    }
    print(json.dumps(about))
    return 0
