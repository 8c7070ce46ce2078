"""The journal's lines: what is written is read again, and what nobody wrote is passed over."""

import json
from typing import Any

import pytest

from tests.sources.journal.test_client import BROKEN, ODD, look
from whatsrunning.sources.journal.lines import changed, entries_of, line_of


@pytest.mark.parametrize("sha", ["", "a" * 7, "a" * 40, "a" * 64])
def test_a_line_is_read_as_it_was_written(sha: str) -> None:
    entry = look(sha=sha)
    assert list(entries_of(line_of(entry))) == [entry]
    assert line_of(entry).isascii()


@pytest.mark.parametrize("value", ODD, ids=repr)
def test_an_odd_line_is_passed_over(value: Any) -> None:
    good = json.loads(line_of(look()))
    odd = {**good, **value} if isinstance(value, dict) else value
    assert list(entries_of(json.dumps(odd).encode() + b"\n" + line_of(look()))) == [look()]


@pytest.mark.parametrize(
    "line", BROKEN, ids=["no text", "deep", "a long number", "empty", "half a line"]
)
def test_a_broken_line_is_passed_over(line: bytes) -> None:
    assert list(entries_of(line + b"\n" + line_of(look()))) == [look()]


def test_only_the_services_newest_lines_count() -> None:
    before = [look(sha="b" * 40, minutes=0), look(minutes=1)]
    assert changed(before, [look(minutes=2)]) == []
    assert changed(before, [look(sha="b" * 40, minutes=2)]) == [look(sha="b" * 40, minutes=2)]
