"""The same program as `docker whatsrunning`, a plugin of the Docker CLI.

Install: ln -s "$(command -v docker-whatsrunning)" ~/.docker/cli-plugins/
What such a plugin must answer: https://github.com/docker/cli/issues/1534
"""

import json
import os
from collections.abc import Sequence

NAME = "whatsrunning"
_METADATA = "docker-cli-plugin-metadata"
_DESCRIPTION = "What exact commit is running, and can it be believed?"
_COMPLETING = ("__complete", "__completeNoDesc")
"""How the Docker CLI asks for candidates; it gets them without descriptions."""

_TLS_FILES = ("tlscacert", "tlscert", "tlskey")
_VALUED = ("config", "context", "host", "log-level", *_TLS_FILES)
_SHORT = {"c": "context", "H": "host", "l": "log-level"}
"""The Docker CLI's global options that take a value; it hands all of its options on unread."""

_KEPT = ("config", "tls", "tlsverify", *_TLS_FILES)


def run(words: Sequence[str]) -> int:
    """Answer the Docker CLI; the exit code."""
    if words[:1] == [_METADATA]:
        from whatsrunning import __version__

        about = {"SchemaVersion": "0.1.0", "Vendor": NAME, "Version": __version__}
        print(json.dumps({**about, "ShortDescription": _DESCRIPTION}))
        return 0
    if words and words[0] in _COMPLETING:
        from whatsrunning.cli.completion.candidates import complete

        own, _ = _prepared([*_words_before_name(), *words[1:]])
        print(complete(own, described=False))
        return 0
    from whatsrunning.cli.main import main

    own, options = _prepared(words)
    return main(own, docker=options)


def own_words(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Our command line out of the Docker CLI's, and its options that we have no word for.

    Those are by its names: `config`, `tls`, `tlsverify`, `tlscacert`, `tlscert`, `tlskey`.
    """
    options, left = _options(words)
    if left[:2] == ["help", NAME]:
        left = [NAME, *left[2:], "--help"]
    if left[:1] != [NAME]:  # started by hand, as any program
        return list(words), {}
    context, host = options.get("context"), options.get("host")
    engine = [*(["-c", context] if context else []), *(["-H", host] if host else [])]
    helping = ["--help"] if "help" in options else []
    kept = {name: options[name] for name in _KEPT if name in options}
    return [*engine, *left[1:], *helping], kept


def _prepared(words: Sequence[str]) -> tuple[list[str], dict[str, str]]:
    """Our words and the TLS options; the Docker CLI's folder is set where all of us look for it."""
    own, options = own_words(words)
    if folder := options.pop("config", ""):
        os.environ["DOCKER_CONFIG"] = folder
    return own, options


def _words_before_name() -> list[str]:
    """The options before our name in the Docker CLI's command line.

    It runs us with all of them, but not for completion; there only /proc knows them.
    """
    try:
        with open(f"/proc/{os.getppid()}/cmdline", encoding="utf-8", errors="replace") as file:
            words = [word for word in file.read().split("\0")[1:-1] if word not in _COMPLETING]
    except OSError:
        return []
    _, left = _options(words)
    return words[: len(words) - len(left)] if left[:1] == [NAME] else []


def _options(words: Sequence[str]) -> tuple[dict[str, str], list[str]]:
    """The options at the front, the last of each, and what follows them."""
    options: dict[str, str] = {}
    left = list(words)
    while left and left[0].startswith("-"):
        name, value = _option(left.pop(0))
        if not value:
            value = (left.pop(0) if left else "") if name in _VALUED else "true"
        options[name] = value
    return options, left


def _option(word: str) -> tuple[str, str]:
    """Name and value of one word; `-D` may stand before another letter, as in `-Dc prod`."""
    if word.startswith("--"):
        name, _, value = word[2:].partition("=")
        return name, value
    letters = word[1:].lstrip("D")
    return _SHORT.get(letters[:1], letters[:1]), letters[1:].removeprefix("=")
