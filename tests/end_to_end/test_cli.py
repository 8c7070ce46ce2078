"""The command line as a process: usage errors, formats, exit codes, streams. Facts are replayed."""

import json
import subprocess
import sys
from io import StringIO
from pathlib import Path

import pytest

from tests.hand_made import silent, snapshot
from tests.program import clean_environment, whatsrunning
from whatsrunning.cli.help_topics.topics import TOPICS
from whatsrunning.cli.main import commands, main
from whatsrunning.sources.saved.codec import to_text
from whatsrunning.terminal.streams import Io


@pytest.fixture
def look(tmp_path: Path) -> str:
    file = tmp_path / "look.json"
    file.write_text(to_text(snapshot()))
    return str(file)


USAGE = [
    (["pss"], "no such command 'pss'", "did you mean ps?"),
    (["web"], "no such command 'web'", "whatsrunning ps web"),
    (["prod"], "no such command 'prod'", "whatsrunning -c prod"),
    (["version"], "no such command 'version'", "did you mean --version?"),
    (["config", "set"], "no such command 'set'", "see `whatsrunning config --help`"),
    (["ps", "--json"], "no such option: --json", "did you mean -o json?"),
    (["has"], "missing argument 'REF'", "a shell drops what follows a bare #"),
    (["help", "helpme"], "there is no help topic 'helpme'", "exit-codes"),
    (["show"], "missing argument 'NAME'", "whatsrunning show --help"),
    (["show", "a", "b"], "got unexpected extra argument", "whatsrunning show --help"),
    (["ps", "--outptu", "json"], "no such option: --outptu", "--output"),
    (["-c"], "option '-c' requires an argument", "whatsrunning --help"),
    (["-o", "yaml"], "-o yaml: there is no such format", "table, plain"),
    (["--timeout", "0"], "--timeout 0: not a number of seconds", "0.1 to 600"),
    (["-c", "nosuch"], "there is no Docker context 'nosuch'", "known contexts: default"),
    (["-c", "a", "-H", "unix:///x"], "cannot be used together", "only one"),
    (["-H", "ftp://x"], "-H", "unix:///path"),
    (["-C", "/dev/null/none"], "-C /dev/null/none: there is no such folder", "git clone"),
    (["--config", "/dev/null/none"], "/dev/null/none: not a directory", "help config"),
    (["show", "x", "--all"], "no such option: --all", "whatsrunning show --help"),
    (["-a", "diff"], "--all is no option of diff", "it belongs to ps"),
    (["help", "exit-code"], "there is no help topic 'exit-code'", "exit-codes"),
    (["completion", "tcsh"], "no completion for 'tcsh'", "bash, zsh, fish"),
    (["replay"], "missing argument 'FILE'", "whatsrunning replay --help"),
    (["config"], "missing command", "whatsrunning config --help"),
    (["\x1b[31mred"], "no such command", "whatsrunning ps"),
]


def run(*words: str, home: Path) -> tuple[int, str, str]:
    """The command line in this process: its exit code, stdout and stderr."""
    io = Io(StringIO(), StringIO(), {"HOME": str(home)})
    code = main(words, io)
    assert isinstance(io.stdout, StringIO)
    assert isinstance(io.stderr, StringIO)
    return code, io.stdout.getvalue(), io.stderr.getvalue()


@pytest.mark.parametrize(("words", "message", "hint"), USAGE, ids=lambda value: str(value)[:20])
def test_usage_errors(tmp_path: Path, words: list[str], message: str, hint: str) -> None:
    code, stdout, stderr = run(*words, home=tmp_path)
    lines = stderr.splitlines()
    assert (code, stdout, len(lines)) == (2, "", 2)
    assert lines[0].startswith("whatsrunning: ")
    assert message in lines[0]
    assert lines[1].startswith("hint: ")
    assert hint in lines[1]
    assert "\x1b" not in stderr


def test_a_usage_error_of_a_process(tmp_path: Path) -> None:
    done = whatsrunning("show", home=tmp_path)
    assert (done.code, done.stdout) == (2, "")
    assert done.stderr.startswith("whatsrunning: missing argument 'NAME'\nhint: see")


def test_a_failure_is_json_when_json_was_asked_for(tmp_path: Path) -> None:
    for words in (["ps", "-c", "nosuch", "-o", "json"], ["--output=json", "pss"]):
        done = whatsrunning(*words, home=tmp_path)
        assert done.code == 2
        assert done.json()["schema"] == "whatsrunning/v1"
        assert done.json()["complete"] is False
        assert done.json()["problems"][0]["message"] in done.stderr


@pytest.mark.parametrize(
    ("words", "printed"),
    [
        (["pss"], True),
        (["ps", "-c", "nosuch"], True),
        (["show", "--config", "{home}/other.toml"], False),
        (["--config={home}/other.toml", "-o", "json", "show"], True),
        (["show", "-o", "plain"], False),
        (["show", "-oplain"], False),
        (["--output=table", "show", "--output=json"], True),
        (["--config", "{home}/broken.toml", "ps"], False),
    ],
)
def test_a_failure_is_json_when_the_configuration_says_so(
    tmp_path: Path, words: list[str], printed: bool
) -> None:
    file = tmp_path / ".config" / "whatsrunning" / "config.toml"
    file.parent.mkdir(parents=True)
    file.write_text('output = "json"\n')
    (tmp_path / "other.toml").write_text('output = "slack"\n')
    (tmp_path / "broken.toml").write_text("output = [\n")
    typed = [word.format(home=tmp_path) for word in words]
    code, stdout, stderr = run(*typed, home=tmp_path)
    assert (code, stderr.startswith("whatsrunning: ")) == (2, True)
    assert bool(stdout) == printed
    if printed:
        problem = json.loads(stdout)["problems"][0]
        assert problem["message"] in stderr


NAMES = [
    (["show", "shop-web-1"], 0, ""),
    (["show", "0003"], 0, ""),
    (["show", "worker"], 0, ""),
    (["show", "000"], 2, "there is no container or service 000"),
    (["show", "web"], 2, "web is 2 containers: shop-web-1 on prod, shop-web-2 on prod"),
    (["show", "wbe"], 2, "hint: did you mean web?"),
    (["ps", "web", "wroker"], 2, "there is no service wroker"),
    (["diff", "wroker"], 2, "hint: did you mean worker?"),
    (["rollback-plan", "wroker"], 2, "there is no service wroker"),
    (["ps", "worker", "--check"], 3, ""),
]


@pytest.mark.parametrize(("words", "code", "message"), NAMES, ids=lambda value: str(value)[:24])
def test_names(look: str, tmp_path: Path, words: list[str], code: int, message: str) -> None:
    got, stdout, stderr = run("replay", look, *words, home=tmp_path)
    assert (got, bool(stdout)) == (code, code != 2)
    assert message in stderr


def test_where_an_engine_is_silent_nobody_says_that_a_name_is_not_there(tmp_path: Path) -> None:
    file = tmp_path / "look.json"
    file.write_text(to_text(silent()))
    code, _, stderr = run("replay", str(file), "show", "wbe", home=tmp_path)
    assert code == 3
    assert "silent: spare" in stderr
    assert run("replay", str(file), home=tmp_path)[0] == 0
    assert run("replay", str(file), "--check", home=tmp_path)[0] == 3


def test_no_engine_at_all(tmp_path: Path) -> None:
    socket = tmp_path / "none.sock"
    done = whatsrunning("-H", f"unix://{socket}", home=tmp_path)
    assert done.code == 4
    assert str(socket) in done.stdout


def test_options_work_before_and_after_the_command(look: str, tmp_path: Path) -> None:
    lines = [
        ["-o", "json", "replay", look, "show", "shop-web-1"],
        ["replay", "-o", "json", look, "show", "shop-web-1"],
        ["replay", look, "-o", "json", "show", "shop-web-1"],
        ["replay", look, "show", "-o", "json", "shop-web-1"],
        ["replay", look, "show", "shop-web-1", "-ojson"],
    ]
    printed = [run(*words, home=tmp_path) for words in lines]
    assert {code for code, _, _ in printed} == {0}
    documents = [json.loads(stdout) | {"replayed_at": ""} for _, stdout, _ in printed]
    assert documents[0]["containers"][0]["name"] == "shop-web-1"
    assert documents == [documents[0]] * len(lines)


def test_help_shows_two_real_examples_of_every_command(tmp_path: Path) -> None:
    assert "has 412 -c prod" in whatsrunning("--help", home=tmp_path).stdout
    for name in commands():
        words = ("config", "show") if name == "config" else (name,)
        done = whatsrunning(*words, "--help", home=tmp_path)
        examples = done.stdout.split("Examples:\n")[1].splitlines()
        assert done.code == 0
        assert len([line for line in examples if f"whatsrunning {name}" in line]) >= 2
        assert max(map(len, done.stdout.splitlines())) <= 80


def test_topics_and_versions(tmp_path: Path) -> None:
    for topic in TOPICS:
        code, stdout, stderr = run("help", topic, home=tmp_path)
        assert (code, stderr) == (0, "")
        assert len(stdout.splitlines()) > 5
    listed = run("help", home=tmp_path)[1]
    assert all(topic in listed for topic in TOPICS)
    assert whatsrunning("--version", home=tmp_path).stdout.startswith("whatsrunning 0")


def test_help_of_a_command_is_its_own(tmp_path: Path) -> None:
    for command in (name for name in commands() if name not in TOPICS):
        asked = whatsrunning("help", command, home=tmp_path)
        assert asked.code == 0
        assert asked.stdout == whatsrunning(command, "--help", home=tmp_path).stdout


def test_config_show_names_every_origin_and_no_secret(tmp_path: Path) -> None:
    (tmp_path / "c.toml").write_text(
        'timeout = 20\n[services.web]\nrepo = "acme/shop"\ngates = ["test"]\n'
    )
    env = {"GH_TOKEN": "gh-s3cret", "GH_HOST": "ghe.acme.com", "DOCKER_HOST": "unix:///d.sock"}
    words = ("config", "show", "--config", str(tmp_path / "c.toml"))
    done = whatsrunning(*words, home=tmp_path, env=env)
    rows = {" ".join(line.split()) for line in done.stdout.splitlines()}
    assert "timeout 20 s ~/c.toml" in rows
    assert "services.web.repo acme/shop ~/c.toml" in rows
    assert "services.web.gates test ~/c.toml" in rows
    assert "engine default unix:///d.sock DOCKER_HOST" in rows
    assert "github https://ghe.acme.com/api/v3 GH_HOST" in rows
    assert "github token set GH_TOKEN" in rows
    assert "s3cret" not in done.stdout + done.stderr


@pytest.mark.parametrize(
    ("env", "coloured"),
    [
        ({}, False),
        ({"FORCE_COLOR": "1"}, True),
        ({"CLICOLOR_FORCE": "1"}, True),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, False),
        ({"FORCE_COLOR": "0"}, False),
    ],
)
def test_colour_without_a_terminal(
    look: str, tmp_path: Path, env: dict[str, str], coloured: bool
) -> None:
    done = whatsrunning("replay", look, "-o", "table", home=tmp_path, env=env)
    assert done.code == 0
    assert ("\x1b[" in done.stdout) == coloured


def test_columns_and_a_locale_without_utf8(look: str, tmp_path: Path) -> None:
    wide = whatsrunning("replay", look, "-o", "table", home=tmp_path, env={"COLUMNS": "60"})
    assert max(map(len, wide.stdout.splitlines())) <= 60
    env = {"LC_ALL": "C", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0", "COLUMNS": "100"}
    plain = whatsrunning("replay", look, "-o", "table", home=tmp_path, env=env)
    assert plain.code == 0
    assert plain.stdout.isascii()
    assert "shop" in plain.stdout or "web" in plain.stdout


def _shell(line: str, home: Path) -> subprocess.CompletedProcess[str]:
    env = clean_environment(home) | {"PROGRAM": f"{sys.executable} -m whatsrunning"}
    return subprocess.run(
        ["bash", "-c", line],
        env=env,
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )


@pytest.mark.parametrize("words", ["", "-o json", "--help", "help config"])
def test_a_reader_that_goes_away_ends_it_quietly(look: str, tmp_path: Path, words: str) -> None:
    command = f"replay {look} {words}" if words in ("", "-o json") else words
    done = _shell(f"set -o pipefail; $PROGRAM {command} | true; echo ${{PIPESTATUS[0]}}", tmp_path)
    assert done.stderr == ""
    assert done.stdout.strip() in ("0", "1")


def test_closed_streams(look: str, tmp_path: Path) -> None:
    assert _shell(f"$PROGRAM replay {look} >&-", tmp_path).returncode == 0
    assert _shell(f"$PROGRAM replay {look} -o json 2>&- <&-", tmp_path).returncode == 0
    assert _shell("$PROGRAM pss 2>&-", tmp_path).returncode == 2


def test_a_save_that_fails_costs_the_answer_nothing(look: str, tmp_path: Path) -> None:
    done = whatsrunning(
        "replay", look, "-o", "json", "--save", "/dev/null/look.json", home=tmp_path
    )
    assert done.code == 2
    assert done.json()["command"] == "ps"
    assert "--save /dev/null/look.json: not a directory" in done.stderr
