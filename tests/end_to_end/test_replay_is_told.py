"""A saved look cannot be taken for a live one: every format says so first, and how old it is."""

import json
import re
from datetime import UTC, datetime, timedelta
from io import StringIO
from pathlib import Path

import jsonschema  # type: ignore[import-untyped]
import pytest

from tests.hand_made import AT, silent, snapshot
from tests.render.json.schema import schema
from whatsrunning.cli.main import main
from whatsrunning.render.formats import FORMATS
from whatsrunning.sources.saved.codec import to_text
from whatsrunning.terminal.streams import Io

NOVEMBER = datetime(2026, 11, 30, 20, tzinfo=UTC)
COMMANDS = ("ps", "show shop-web-1", "diff", "has b2b2b2b", "history", "rollback-plan web")
TEXTS = [name for name in FORMATS if name != "json"]


def printed(home: Path, *words: str, now: datetime = NOVEMBER, width: int = 80) -> str:
    """What the program prints at that instant."""
    io = Io(StringIO(), StringIO(), {"HOME": str(home)}, width=width, now=lambda: now)
    main(list(words), io)
    assert isinstance(io.stdout, StringIO)
    return io.stdout.getvalue()


@pytest.fixture
def look(tmp_path: Path) -> str:
    """A saved look of February."""
    file = tmp_path / "look.json"
    file.write_text(to_text(snapshot()))
    return str(file)


def first_line(text: str) -> str:
    """Without the format's marks."""
    return re.sub(r"[*`]|^(?:- |\u2022 )", "", text.splitlines()[0])


@pytest.mark.parametrize("command", COMMANDS)
@pytest.mark.parametrize("output", TEXTS)
def test_the_first_line_of_a_replay(look: str, tmp_path: Path, output: str, command: str) -> None:
    text = printed(tmp_path, "replay", look, *command.split(), "-o", output)
    assert first_line(text).startswith("saved look of 2026-02-01T03:00:00Z, 10 months ago")


@pytest.mark.parametrize("output", TEXTS)
def test_what_is_missing_stands_on_the_first_line_too(tmp_path: Path, output: str) -> None:
    file = tmp_path / "silent.json"
    file.write_text(to_text(silent()))
    first = first_line(printed(tmp_path, "replay", str(file), "-o", output))
    assert first.startswith("saved look of 2026-02-01T03:00:00Z, 10 months ago")
    assert "NOT COMPLETE" in first


@pytest.mark.parametrize("command", COMMANDS)
def test_the_json_of_a_replay(look: str, tmp_path: Path, command: str) -> None:
    text = printed(tmp_path, "replay", look, *command.split(), "-o", "json")
    document = json.loads(text)
    assert list(document)[2:4] == ["taken_at", "replayed_at"]
    assert document["replayed_at"] == "2026-11-30T20:00:00Z"
    assert jsonschema.Draft202012Validator(schema()).is_valid(document)


@pytest.mark.parametrize("output", TEXTS)
def test_ages_on_the_page_count_from_the_look(look: str, tmp_path: Path, output: str) -> None:
    then = printed(tmp_path, "replay", look, "-o", output, now=AT)
    later = printed(tmp_path, "replay", look, "-o", output)
    assert "saved look of 2026-02-01T03:00:00Z, 0 s ago" in first_line(then)
    assert then.partition("\n\n")[2] == later.partition("\n\n")[2] != ""


def test_a_look_from_a_clock_that_is_ahead_has_no_age(look: str, tmp_path: Path) -> None:
    text = printed(tmp_path, "replay", look, "-o", "plain", now=AT - timedelta(minutes=5))
    assert text.startswith("saved look of 2026-02-01T03:00:00Z | ")


@pytest.mark.parametrize("output", TEXTS)
def test_the_demo_says_that_it_is_the_demo(tmp_path: Path, output: str) -> None:
    text = printed(tmp_path, "demo", "-o", output, width=100)
    assert first_line(text).startswith("demo, a saved look of 2026-03-04T05:04:05Z")
    assert text == printed(tmp_path, "demo", "-o", output, now=AT, width=100)


def test_the_json_of_the_demo(tmp_path: Path) -> None:
    document = json.loads(printed(tmp_path, "demo", "-o", "json"))
    assert document["replayed_at"] == document["taken_at"] == "2026-03-04T05:04:05Z"


def test_a_live_look_says_nothing_of_the_kind(tmp_path: Path) -> None:
    socket = f"unix://{tmp_path}/none.sock"
    document = json.loads(printed(tmp_path, "-H", socket, "-o", "json"))
    assert "replayed_at" not in document
    assert document["taken_at"] == "2026-11-30T20:00:00Z"
    first = first_line(printed(tmp_path, "-H", socket, "-o", "plain"))
    assert first.startswith("NOT COMPLETE: could not look at ")
    assert first.endswith("2026-11-30T20:00:00Z")
