"""`docker whatsrunning`: what the Docker CLI hands on, and the same answer through the real one."""

import json
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path

import pytest

from tests.program import clean_environment, whatsrunning
from whatsrunning.cli.shells.words import candidates
from whatsrunning.plugin import own_words

SCRIPT = """#!{python}
import sys
from whatsrunning._entry import docker_plugin
sys.exit(docker_plugin())
"""


@pytest.mark.parametrize(
    ("words", "own", "env"),
    [
        ("whatsrunning", "", {}),
        ("whatsrunning ps -c prod", "ps -c prod", {}),
        ("--context prod whatsrunning ps", "-c prod ps", {}),
        ("--context=prod whatsrunning", "-c prod", {}),
        ("-cprod whatsrunning", "-c prod", {}),
        ("-H unix:///x -D whatsrunning show a", "-H unix:///x show a", {}),
        ("-l debug --log-level=info whatsrunning ps", "ps", {}),
        ("--config /d whatsrunning ps", "ps", {"DOCKER_CONFIG": "/d"}),
        ("--tls whatsrunning ps", "ps", {"DOCKER_TLS": "1"}),
        ("--tlsverify whatsrunning ps", "ps", {"DOCKER_TLS_VERIFY": "1"}),
        ("--tlsverify=false whatsrunning ps", "ps", {}),
        (
            "--tlscacert /c/ca.pem --tlskey=/c/key.pem --tlscert /c/cert.pem whatsrunning ps",
            "ps",
            {"DOCKER_CERT_PATH": "/c", "DOCKER_TLS": "1"},
        ),
        ("ps -o json", "ps -o json", {}),
    ],
)
def test_the_docker_options_before_our_name(words: str, own: str, env: dict[str, str]) -> None:
    given: dict[str, str] = {}
    assert " ".join(own_words(words.split(), given)) == own
    assert given == env


def _names(kind: str, typed: Sequence[str]) -> list[str]:
    return [f"{kind}-of-{'/'.join(typed)}"]


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (["sh"], ["show"]),
        (["-o", "j"], ["json"]),
        (["show", "-o", ""], ["table", "plain", "markdown", "slack", "json"]),
        (["ps", "--off"], ["--offline"]),
        (["-c", ""], ["contexts-of--c"]),
        (["show", ""], ["names-of-show"]),
        (["-c", "show", "show", ""], ["names-of--c/show/show"]),
        (["demo", "rollb"], ["rollback-plan"]),
        (["replay", "ps", "dif"], ["diff"]),
        (["help", "exit"], ["exit-codes"]),
        (["config", ""], ["show"]),
        (["has", ""], []),
    ],
)
def test_what_may_come_next(words: list[str], expected: list[str]) -> None:
    assert candidates(words, _names) == expected


@pytest.fixture
def home(tmp_path: Path) -> Path:
    plugin = tmp_path / ".docker" / "cli-plugins" / "docker-whatsrunning"
    plugin.parent.mkdir(parents=True)
    plugin.write_text(SCRIPT.format(python=sys.executable))
    plugin.chmod(0o755)
    return tmp_path


def _docker(home: Path, *words: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        ["docker", *words],
        env=clean_environment(home),
        cwd="/",
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


def test_the_real_docker_runs_it(home: Path) -> None:
    address = "unix:///dev/null/none.sock"
    through = _docker(home, "-H", address, "whatsrunning", "ps", "-o", "json")
    direct = whatsrunning("-H", address, "ps", "-o", "json", home=home)
    assert through.returncode == direct.code == 4, through.stderr
    documents = [json.loads(through.stdout), direct.json()]
    for document in documents:
        assert document.pop("taken_at")
    assert documents[0] == documents[1]
    unknown = _docker(home, "whatsrunning", "show")
    assert unknown.returncode == 2
    assert "missing argument 'NAME'" in unknown.stderr
    assert "can it be believed" in _docker(home, "--help").stdout
