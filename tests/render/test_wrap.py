"""Lines broken at a width."""

import pytest

from tests.view.reading import words
from whatsrunning.render.wrap import flow, wrap
from whatsrunning.view.blocks import Span, text

SHA = "157d3e91c40b65f8a2157d3e91c40b65f8a2157d"


@pytest.mark.parametrize(
    ("line", "columns", "lines"),
    [
        ("one two three", None, ["one two three"]),
        ("one two three", 13, ["one two three"]),
        ("one two three", 8, ["one two", "three"]),
        (f"at {SHA}", 20, [f"at {SHA[:12]}"]),
        ("sha256:" + "a" * 64, 71, ["sha256:" + "a" * 64]),
        ("x" * 9, 4, ["xxxx", "xxxx", "x"]),
    ],
    ids=["no limit", "it fits", "between words", "a SHA is cut to 12", "a digest", "a long word"],
)
def test_wrap(line: str, columns: int | None, lines: list[str]) -> None:
    assert [words(piece) for piece in wrap(text(line), columns)] == lines


def test_what_is_wrapped_keeps_its_role() -> None:
    line = (Span("plain"), Span(" "), Span("bad word", "bad"))
    assert wrap(line, 9) == [(Span("plain"), Span(" "), Span("bad", "bad")), (Span("word", "bad"),)]


def test_an_item_that_fits_on_a_line_is_never_broken() -> None:
    items = [text("one two"), text("three four"), text("five")]
    assert [words(line) for line in flow(items, 12, " | ")] == ["one two", "three four", "five"]
    assert [words(line) for line in flow(items, 20, " | ", 2)] == [
        "  one two", "  three four | five",
    ]  # fmt: skip
