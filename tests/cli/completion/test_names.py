"""Names for a TAB: `whatsrunning --complete`, over a socket that answers as an engine does."""

import time
from pathlib import Path

import pytest

from tests.cli.socket_engine import REPLY, Start, write_context
from tests.program import whatsrunning
from whatsrunning.cli.completion.names import LIMIT

ELSEWHERE = {"DOCKER_HOST": "unix:///dev/null/none"}


def complete(home: Path, line: str, **env: str) -> list[str]:
    """The candidates for the last word of a line; nothing else may be printed."""
    done = whatsrunning("--complete", "--", *line.split(" "), home=home, env=env)
    assert (done.code, done.stderr) == (0, "")
    *names, last = done.stdout.splitlines()
    assert last == ":4"
    return names


def test_names_by_kind(tmp_path: Path, engine: Start, asked: list[bytes]) -> None:
    host = f"unix://{engine(REPLY)}"
    assert complete(tmp_path, "ps ", DOCKER_HOST=host) == ["lone", "web"]
    names = ["lone", "shop-web-1", "shop-web-2", "web"]
    assert complete(tmp_path, "show ", DOCKER_HOST=host) == names
    assert {request.split(b"\r\n")[0] for request in asked} == {
        b"GET /containers/json?all=1 HTTP/1.0"
    }


def test_contexts_that_can_be_used(tmp_path: Path) -> None:
    write_context(tmp_path, "prod", "ssh://prod")
    (tmp_path / ".docker" / "contexts" / "meta" / "broken").mkdir()
    (tmp_path / ".docker" / "contexts" / "meta" / "broken" / "meta.json").write_text("{")
    assert complete(tmp_path, "-c ") == ["default", "prod"]
    assert complete(tmp_path, "demo -c ") == ["default", "prod"]


@pytest.mark.parametrize(
    "line",
    [
        "-c prod ps ",
        "ps -c prod ",
        "--context=prod ps ",
        "--context = prod ps ",
        "-H {prod} ps ",
        "ps --host={prod} ",
        "-c other ps -c prod ",
        "-c prod ps web ",
        "-c prod -o json history --since 2h ",
    ],
)
def test_the_engine_that_the_line_names(tmp_path: Path, engine: Start, line: str) -> None:
    prod = f"unix://{engine(REPLY)}"
    write_context(tmp_path, "prod", prod)
    assert complete(tmp_path, line.format(prod=prod), **ELSEWHERE) == ["lone", "web"]


def test_every_engine_that_the_line_names(tmp_path: Path, engine: Start) -> None:
    write_context(tmp_path, "prod", f"unix://{engine(REPLY)}")
    other = REPLY.replace(b"lone", b"alone")
    write_context(tmp_path, "staging", f"unix://{engine(other)}")
    write_context(tmp_path, "far", "ssh://far")
    names = ["alone", "lone", "web"]
    assert complete(tmp_path, "ps -c prod -c far -c staging ", **ELSEWHERE) == names
    assert complete(tmp_path, "--all-contexts ps ") == names


def test_the_engine_that_the_environment_names(tmp_path: Path, engine: Start) -> None:
    prod = f"unix://{engine(REPLY)}"
    write_context(tmp_path, "prod", prod)
    assert complete(tmp_path, "-c nosuch ps ", DOCKER_HOST=prod) == []
    assert complete(tmp_path, "ps ", DOCKER_CONTEXT="prod") == ["lone", "web"]
    (tmp_path / ".docker" / "config.json").write_text('{"currentContext": "prod"}')
    assert complete(tmp_path, "ps ") == ["lone", "web"]
    config = tmp_path / ".config" / "whatsrunning" / "config.toml"
    config.parent.mkdir(parents=True)
    config.write_text('contexts = ["nosuch"]')
    assert complete(tmp_path, "ps ") == []
    config.write_text("contexts = ")
    assert complete(tmp_path, "ps ") == []


@pytest.mark.parametrize("reply", [b"", b"HTTP/1.0 500 no\r\n\r\n[]", b"HTTP/1.0 200 OK\r\n\r\n{"])
def test_whatever_goes_wrong_there_are_no_names(
    tmp_path: Path, engine: Start, reply: bytes
) -> None:
    assert complete(tmp_path, "show ", DOCKER_HOST=f"unix://{engine(reply)}") == []


@pytest.mark.parametrize(
    "line", ["-H ssh://prod show ", "oops ", "ps --oops ", "-c a -H b ps ", "-C /nowhere ps "]
)
def test_a_line_that_leads_nowhere_has_no_names(tmp_path: Path, line: str) -> None:
    assert complete(tmp_path, line, **ELSEWHERE) == []


def test_an_engine_that_hangs_holds_a_tab_for_a_second(tmp_path: Path, engine: Start) -> None:
    host = f"unix://{engine(None)}"
    began = time.monotonic()
    assert complete(tmp_path, "show ", DOCKER_HOST=host) == []
    assert LIMIT <= time.monotonic() - began < 10
