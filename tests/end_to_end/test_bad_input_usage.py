"""Files and options that are wrong: named, with the next step, exit 2, and nothing printed."""

from io import StringIO
from pathlib import Path

import pytest

from tests.hand_made import snapshot
from whatsrunning.cli.main import main
from whatsrunning.sources.saved.codec import to_text
from whatsrunning.terminal.streams import Io


def run(*words: str, home: Path) -> tuple[int, str, list[str]]:
    """The command line in this process: its exit code, stdout, and stderr in lines."""
    io = Io(StringIO(), StringIO(), {"HOME": str(home), "DOCKER_HOST": f"unix://{home}/none"})
    code = main(words, io)
    assert isinstance(io.stdout, StringIO)
    assert isinstance(io.stderr, StringIO)
    return code, io.stdout.getvalue(), io.stderr.getvalue().splitlines()


CONFIG = {
    'timout = 3\n': ("timout is not a setting", "did you mean timeout"),
    '[service.web]\nrepo = "a/b"\n': ("service is not a setting", "did you mean services"),
    '[services.web]\nrepoo = "a/b"\n': ("services.web.repoo is not a setting", "repo"),
    '[services.web]\nrepo = "web"\n': ("services.web.repo must be a repository", "help config"),
    'timeout = "soon"\n': ("timeout must be a number of seconds", "help config"),
    'timeout = \n': ("not TOML", "help config"),
    'output = "yaml"\n': ("output must be one of table, plain", "help config"),
    '[registries."r.test"]\ninsecure = "yes"\n': ("insecure must be true or false", "help config"),
}  # fmt: skip


@pytest.mark.parametrize("text", CONFIG)
def test_a_wrong_configuration(tmp_path: Path, text: str) -> None:
    file = tmp_path / "config.toml"
    file.write_text(text)
    message, hint = CONFIG[text]
    code, stdout, stderr = run("ps", "--config", str(file), home=tmp_path)
    assert (code, stdout, len(stderr)) == (2, "", 2)
    assert stderr[0].startswith("whatsrunning: ~/config.toml: ")
    assert message in stderr[0]
    assert stderr[1].startswith("hint: ")
    assert hint in stderr[1]


def _half(text: str) -> str:
    return text[: len(text) // 2]


SAVED = {
    "half of it": (_half, "it is not JSON"),
    "empty": (lambda _: "", "it is not JSON"),
    "something else": (lambda _: '{"format": "elsewhere/v9"}', "saved in a format"),
    "another document": (lambda _: "[1, 2]", "it is not a saved look"),
    "a field too many": (
        lambda text: text.replace('"state":', '"estate": 1, "state":', 1),
        "unknown field 'estate'",
    ),
    "a number for a text": (lambda text: text.replace('"state": "', '"state": 7, "x": "', 1), "x"),
    "no text": (lambda _: "\udcff", "it is not text"),
}  # fmt: skip


@pytest.mark.parametrize("name", SAVED)
def test_a_broken_saved_look(tmp_path: Path, name: str) -> None:
    damage, reason = SAVED[name]
    file = tmp_path / "look.json"
    file.write_bytes(damage(to_text(snapshot())).encode("utf-8", "surrogateescape"))
    for command in ((), ("show", "web"), ("diff",)):
        code, stdout, stderr = run("replay", str(file), *command, home=tmp_path)
        assert (code, stdout, len(stderr)) == (2, "", 2)
        assert str(file) in stderr[0]
        assert reason in stderr[0]
        assert stderr[1].startswith("hint: ")
        assert "--save" in stderr[1]


@pytest.mark.parametrize(("name", "reason"), [("none.json", "no such file"), (".", "directory")])
def test_no_saved_look_there(tmp_path: Path, name: str, reason: str) -> None:
    code, stdout, stderr = run("replay", str(tmp_path / name), home=tmp_path)
    assert (code, stdout) == (2, "")
    assert str(tmp_path) in stderr[0]
    assert reason in stderr[0]
    assert stderr[1].startswith("hint: ")


def test_a_usage_error_comes_before_everything_else(tmp_path: Path) -> None:
    both = run("ps", "-c", "prod", "-H", "unix:///none", home=tmp_path)
    assert both[:2] == (2, "")
    assert "cannot be used together" in both[2][0]
    unknown = run("ps", "-c", "prod", home=tmp_path)
    assert unknown[:2] == (2, "")
    assert "no Docker context 'prod'" in unknown[2][0]
    assert unknown[2][1] == "hint: known contexts: default"
