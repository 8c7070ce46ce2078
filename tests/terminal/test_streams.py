"""Colour by the variables that programs agree on, and streams whose reader went away."""

import os
from io import StringIO
from pathlib import Path

import pytest

from whatsrunning.terminal.streams import WIDTH, Io, colour, resized, tell, write


@pytest.mark.parametrize(
    ("env", "terminal", "expected"),
    [
        ({"TERM": "xterm"}, True, True),
        ({"TERM": "xterm"}, False, False),
        ({"TERM": "dumb"}, True, False),
        ({}, True, False),
        ({"TERM": "xterm", "CLICOLOR": "0"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, True, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, True),
        ({"FORCE_COLOR": "1"}, False, True),
        ({"CLICOLOR_FORCE": "1", "CLICOLOR": "0"}, False, True),
        ({"FORCE_COLOR": "0"}, False, False),
        ({"FORCE_COLOR": "1", "NO_COLOR": "1"}, True, False),
    ],
    ids=[
        "a terminal", "a pipe", "a dumb terminal", "a terminal of no kind", "CLICOLOR=0",
        "NO_COLOR", "an empty NO_COLOR", "FORCE_COLOR in a pipe", "CLICOLOR_FORCE over CLICOLOR=0",
        "FORCE_COLOR=0", "NO_COLOR over FORCE_COLOR",
    ],
)  # fmt: skip
def test_colour(env: dict[str, str], terminal: bool, expected: bool) -> None:
    assert colour(env, terminal) == expected


@pytest.mark.parametrize(
    ("columns", "expected"),
    [("100", 100), ("", WIDTH), ("wide", WIDTH), ("000", WIDTH), ("1", 20), ("9" * 30, 1000)],
    ids=["said", "not said", "no number", "zero", "too narrow", "too wide"],
)
def test_the_width_is_what_columns_says_or_the_terminal_has(columns: str, expected: int) -> None:
    io, lines = resized(Io(StringIO(), StringIO(), {"COLUMNS": columns}))
    assert (io.width, lines) == (expected, 24)


def test_a_reader_that_went_away_is_no_error(tmp_path: Path) -> None:
    reading, writing = os.pipe()
    os.close(reading)
    with open(writing, "w", encoding="utf-8") as gone, (tmp_path / "err").open("w") as stderr:
        io = Io(gone, stderr, {})
        assert not write("a line\n", io)
        assert write("nobody reads it\n", io)
    assert (tmp_path / "err").read_text() == ""


def test_notes_that_cannot_be_written_are_lost_and_no_more() -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        io = Io(StringIO(), full, {})
        tell("a note\n", io)
        tell("another\n", io)
        assert write("the answer\n", io)
    assert isinstance(io.stdout, StringIO)
    assert io.stdout.getvalue() == "the answer\n"
