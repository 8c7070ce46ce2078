"""Hostile text in every field: nothing moves the cursor, pings, links or breaks a line."""

import json
import re
import unicodedata
from collections.abc import Sequence

import pytest
from markdown_it import MarkdownIt
from markdown_it.token import Token

from tests.render.hostile import poisoned, strings, texts
from tests.reports import NOW, SAMPLES
from whatsrunning.render.ascii import ascii_text
from whatsrunning.render.chat import sections
from whatsrunning.render.formats import render
from whatsrunning.render.json.document import document
from whatsrunning.render.markdown import DIALECT
from whatsrunning.render.settings import RenderSettings
from whatsrunning.text import width
from whatsrunning.view.page import blocks

NAMES = list(SAMPLES)
STRINGS = strings(1000, seed=20261126)
TOGETHER = 6
"""Strings that one page carries, each in every sixth field; the next page moves them on by one."""


def _cases() -> list[tuple[tuple[str, ...], str]]:
    """Each string in every text field of one sample; the samples take turns."""
    groups = [tuple(STRINGS[at : at + TOGETHER]) for at in range(0, len(STRINGS), TOGETHER)]
    return [
        (group[turn:] + group[:turn], NAMES[place % len(NAMES)])
        for place, group in enumerate(groups)
        for turn in range(len(group))
    ]


CASES = _cases()
CHUNKS = [CASES[start::2] for start in range(2)]
Chunk = Sequence[tuple[tuple[str, ...], str]]
SETTINGS = RenderSettings(width=80, every=True)


def controls(shown: str) -> set[str]:
    """Characters that draw nothing or move something."""
    return {
        char for char in shown if unicodedata.category(char)[0] == "C" or char in "\u2028\u2029"
    } - {"\n"}


@pytest.mark.parametrize("chunk", CHUNKS)
def test_terminal(chunk: Chunk) -> None:
    for said, name in chunk:
        shown = render("table", poisoned(SAMPLES[name], *said), NOW, SETTINGS)
        assert controls(shown) == set(), (name, said)
        assert max(map(width, shown.splitlines())) <= 80, (name, said)


def test_terminal_with_colour_and_links() -> None:
    for said, name in CASES[::5]:
        bad = poisoned(SAMPLES[name], *said)
        settings = RenderSettings(width=80, every=True, colour=True, links=True)
        shown = re.sub(
            r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", render("table", bad, NOW, settings)
        )
        assert shown == render("table", bad, NOW, SETTINGS)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_plain(chunk: Chunk) -> None:
    for said, name in chunk:
        shown = render("plain", poisoned(SAMPLES[name], *said), NOW, SETTINGS)
        assert controls(shown) == set(), (name, said)
        assert not re.search(r"(?<!\w)@\w", shown), (name, said)
        assert not re.search(r"<[!@#/A-Za-z]|\]\(|```|~~~", shown), (name, said)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_slack(chunk: Chunk) -> None:
    for said, name in chunk:
        shown = render("slack", poisoned(SAMPLES[name], *said), NOW, SETTINGS)
        assert controls(shown) == set(), (name, said)
        assert max(map(len, shown.split("\n\n"))) <= 3000, (name, said)
        free = re.sub(r"<https://github\.com/acme/[^|<>]*\|[^<>]+>", "", shown)
        assert not set("<>") & set(free), (name, said)
        assert not re.search(r"&(?!amp;|lt;|gt;)", free), (name, said)
        assert not re.search(r"(?<!\w)@\w", free), (name, said)
        assert not re.search(r"://|\[|\]", re.sub(r"`[^`\n]+`", "", free)), (name, said)


def _lines(markdown: str) -> list[str]:
    """What a reader sees: one line a paragraph or item; fails on anything but our own markup."""
    tokens = MarkdownIt("commonmark").enable(["table", "strikethrough"]).parse(markdown)
    allowed = {"paragraph", "bullet_list", "list_item", "inline"}
    assert {re.sub("_(open|close)$", "", token.type) for token in tokens} <= allowed
    return [_inline(token.children or []) for token in tokens if token.type == "inline"]


def _inline(children: Sequence[Token]) -> str:
    said = ""
    for child in children:
        kind = re.sub("_(open|close)$", "", child.type)
        assert kind in {"text", "code_inline", "strong", "link", "softbreak"}, child
        if child.type == "link_open":
            assert str(child.attrs["href"]).startswith("https://github.com/acme/")
        if child.type == "text":
            assert not re.search(r"(?<!\w)@\w|://|www\.|#\d", child.content)
        said += "\n" if kind == "softbreak" else child.content
    return said


def _squeezed(told: str) -> list[str]:
    """Lines with one blank where there are several: no reader shows more."""
    return [" ".join(line.split()) for line in told.split("\n") if line.strip()]


class _Bare:
    """A dialect without any markup: what the Markdown must read back as."""

    bold, bullet, nested = "", "", ""

    @staticmethod
    def code(words: str) -> str:
        return words

    @staticmethod
    def link(words: str, url: str) -> str:  # noqa: ARG004
        return words


@pytest.mark.parametrize("chunk", CHUNKS)
def test_markdown_reads_back_as_the_same_text(chunk: Chunk) -> None:
    for said, name in chunk:
        bad = poisoned(SAMPLES[name], *(text[:60] for text in said))
        written = "\n\n".join(sections(blocks(bad, NOW, True), DIALECT, 10**9))
        expected = "\n".join(sections(blocks(bad, NOW, True), _Bare, 10**9))  # type: ignore[arg-type]
        read = "\n".join(_lines(written))
        assert _squeezed(read) == _squeezed(expected), (name, said)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_markdown(chunk: Chunk) -> None:
    for said, name in chunk:
        shown = render("markdown", poisoned(SAMPLES[name], *said), NOW, SETTINGS)
        assert controls(shown) == set(), (name, said)
        assert len(shown) <= 16_000, (name, said)
        assert _lines(shown) != []


@pytest.mark.parametrize("chunk", CHUNKS)
def test_json_round_trips(chunk: Chunk) -> None:
    for said, name in chunk:
        bad = poisoned(SAMPLES[name], *said)
        shown = render("json", bad, NOW, SETTINGS)
        assert shown.isascii()
        assert shown.replace("\n", "").isprintable()
        loaded = json.loads(shown)
        assert loaded == document(bad)
        assert set(said) <= set(texts(loaded))


def test_ascii_output_stays_ascii_and_harmless() -> None:
    for said, name in CASES[::11]:
        settings = RenderSettings(width=80, every=True, utf8=False)
        shown = render("table", poisoned(SAMPLES[name], *said), NOW, settings)
        assert shown.isascii()
        assert controls(shown) == set()
        assert max(map(len, shown.splitlines())) <= 80
    assert ascii_text("修 → \u00d71") == "\\u4fee -> x1"
