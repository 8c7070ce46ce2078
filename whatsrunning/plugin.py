"""The same program as `docker whatsrunning`: a plugin of the Docker CLI.

Install: ln -s "$(command -v docker-whatsrunning)" ~/.docker/cli-plugins/
"""

import json
import os
from collections.abc import Callable, Iterator, MutableMapping, Sequence
from itertools import takewhile

NAME = "whatsrunning"
_NO_FILES = ":4"
"""What ends a list of candidates in the Docker CLI's protocol."""

_VALUED = {
    "--config": "config",
    "-c": "context",
    "--context": "context",
    "-H": "host",
    "--host": "host",
    "-l": "log",
    "--log-level": "log",
    "--tlscacert": "ca.pem",
    "--tlscert": "cert.pem",
    "--tlskey": "key.pem",
}
"""The Docker CLI's global options that take a value; it hands all of them on unread."""


def run(words: Sequence[str], names: Callable[[str, Sequence[str]], list[str]]) -> int:
    """Answer the Docker CLI; the exit code. `names` are those of a kind, for completion."""
    if words[:1] == ["docker-cli-plugin-metadata"]:
        return _metadata()
    if words[:1] == ["__complete"]:
        from whatsrunning.cli.shells.words import candidates

        typed = own_words(words[1:], os.environ)
        print("".join(f"{word}\n" for word in candidates(typed, names)) + _NO_FILES)
        return 0
    from whatsrunning.cli import main_of_process

    return main_of_process(own_words(words, os.environ))


def own_words(words: Sequence[str], env: MutableMapping[str, str]) -> list[str]:
    """Our command line out of the Docker CLI's; its folder and TLS options go into `env`."""
    ahead = list(takewhile(lambda word: word != NAME, words))
    if len(ahead) == len(words):  # started by hand, as any program
        return list(words)
    own: list[str] = []
    certificates: list[str] = []
    for option, value in _options(ahead):
        if option == "context":
            own += ["-c", value]
        elif option == "host":
            own += ["-H", value]
        elif option == "config":
            env["DOCKER_CONFIG"] = value
        elif option in ("--tls", "--tlsverify"):
            env["DOCKER_TLS" if option == "--tls" else "DOCKER_TLS_VERIFY"] = "1"
        elif option.endswith(".pem"):
            certificates.append(value)
    if certificates:
        env["DOCKER_CERT_PATH"] = os.path.dirname(certificates[0]) or "."
        env.setdefault("DOCKER_TLS", "1")
    return [*own, *words[len(ahead) + 1 :]]


def _options(words: Sequence[str]) -> Iterator[tuple[str, str]]:
    """Each option before our name with its value; a switch stands for itself."""
    rest = iter(words)
    for word in rest:
        name, equals, value = word.partition("=")
        if name in _VALUED:
            yield _VALUED[name], value if equals else next(rest, "")
        elif word[:2] in ("-c", "-H", "-l") and not word.startswith("--") and len(word) > 2:
            yield _VALUED[word[:2]], word[2:]
        elif name == "--tlsverify" and value == "false":
            continue
        else:
            yield name, value


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
