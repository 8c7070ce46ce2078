"""The one reader of JSON from outside: what is missing or of another type is malformed."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest

from whatsrunning.sources import json_reader as j

REPLY: dict[str, Any] = {
    "text": "word",
    "half": "\ud800",
    "number": 3,
    "yes": True,
    "null": None,
    "list": [1, "two"],
    "texts": ["one", "two\ud800"],
    "objects": [{"a": 1}],
    "labels": {"a": "b"},
    "mixed": {"a": 1},
    "at": "2026-01-01T00:00:00.123456789+02:00",
    "zero": "0001-01-01T00:00:00Z",
    "naive": "2026-01-01T00:00:00",
    "inner": {"deep": {"text": "found"}},
}


@pytest.mark.parametrize(
    ("read", "path", "expected"),
    [
        (j.text, ["text"], "word"),
        (j.text, ["half"], "?"),
        (j.text, ["inner", "deep", "text"], "found"),
        (j.integer, ["number"], 3),
        (j.flag, ["yes"], True),
        (j.items, ["list"], [1, "two"]),
        (j.texts, ["texts"], ("one", "two?")),
        (j.texts, ["missing"], ()),
        (j.labels, ["labels"], {"a": "b"}),
        (j.labels, ["null"], {}),
        (j.moment, ["at"], datetime(2025, 12, 31, 22, 0, 0, 123456, UTC)),
        (j.moment_or_none, ["at"], datetime(2025, 12, 31, 22, 0, 0, 123456, UTC)),
        (j.moment_or_none, ["zero"], None),
        (j.moment_or_none, ["inner", "missing"], None),
        (j.epoch, ["number"], datetime(1970, 1, 1, 0, 0, 3, tzinfo=UTC)),
        (j.field, ["inner", "missing", "text"], None),
        (j.field, ["null", "deep"], None),
    ],
    ids=lambda value: value.__name__ if callable(value) else str(value),
)
def test_what_is_read(read: Callable[..., Any], path: list[str], expected: object) -> None:
    assert read(REPLY, *path) == expected


@pytest.mark.parametrize(
    ("read", "path", "message"),
    [
        (j.text, ["number"], "number is no text"),
        (j.text, ["null"], "null is no text"),
        (j.text, ["text", "deep"], "text is no object"),
        (j.text, ["inner", "deep", "missing"], "missing is no text"),
        (j.integer, ["yes"], "yes is no number"),
        (j.integer, ["text"], "text is no number"),
        (j.flag, ["number"], "number is no yes or no"),
        (j.items, ["missing"], "missing is no list"),
        (j.texts, ["list"], "list is no list of texts"),
        (j.texts, ["text"], "text is no list of texts"),
        (j.labels, ["list"], "list is no object"),
        (j.labels, ["mixed"], "mixed is no map of texts"),
        (j.moment, ["naive"], "naive is no time"),
        (j.moment, ["text"], "text is no time"),
        (j.moment_or_none, ["text"], "text is no time"),
    ],
    ids=lambda value: value.__name__ if callable(value) else str(value),
)
def test_what_is_malformed(read: Callable[..., Any], path: list[str], message: str) -> None:
    with pytest.raises(j.MalformedReply) as caught:
        read(REPLY, *path)
    assert str(caught.value) == message


def test_defaults_stand_for_null_alone() -> None:
    assert j.text(REPLY, "null", default="nobody") == "nobody"
    assert j.integer(REPLY, "missing", default=1) == 1
    assert j.flag(REPLY, "missing", default=False) is False
    with pytest.raises(j.MalformedReply):
        j.text(REPLY, "number", default="nobody")


def test_objects_are_all_objects() -> None:
    assert list(j.objects(REPLY, "objects")) == [{"a": 1}]
    assert list(j.objects(REPLY, "null")) == []
    with pytest.raises(j.MalformedReply, match="an item is no object"):
        list(j.objects(REPLY, "list"))
    with pytest.raises(j.MalformedReply, match="the reply is no list"):
        j.objects(REPLY)


@pytest.mark.parametrize("seconds", [10**30, -(10**30)])
def test_a_time_that_cannot_be(seconds: int) -> None:
    with pytest.raises(j.MalformedReply, match="at is no time"):
        j.epoch({"at": seconds}, "at")


@pytest.mark.parametrize(
    "body", [b"", b"{", b"\xff", b"[" * 100_000], ids=["nothing", "half", "no text", "deep"]
)
def test_what_is_no_json(body: bytes) -> None:
    with pytest.raises(j.MalformedReply, match="it is not JSON"):
        j.loads(body)
