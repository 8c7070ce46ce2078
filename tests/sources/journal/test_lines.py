"""The journal's lines: what is written is read again, and what nobody wrote is passed over."""

import json
from dataclasses import replace
from typing import Any

import pytest

from tests.sources.journal.test_client import BROKEN, ODD, look
from whatsrunning.sources.journal.lines import changed, entries_of, line_of


@pytest.mark.parametrize("sha", ["", "a" * 7, "a" * 40, "a" * 64])
def test_a_line_is_read_as_it_was_written(sha: str) -> None:
    entry = look(sha=sha)
    assert list(entries_of(line_of(entry))) == [entry]
    assert line_of(entry).isascii()


def test_a_line_from_before_projects_and_ids_were_written_is_read() -> None:
    line = (
        b'{"at":"2026-05-04T12:00:00.123456+00:00","engine_id":"E1","service":"web",'
        b'"container":"web-1","sha":"' + b"a" * 40 + b'","image_id":"sha256:1",'
        b'"deployed_at":"2026-05-03T12:00:00.123456+00:00"}\n'
    )
    (entry,) = entries_of(line)
    assert entry == look(project="", own_id="")
    assert entry.tells_revision
    assert not replace(entry, sha="").tells_revision
    assert replace(entry, sha="", container_id="f00d").tells_revision


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
