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
from whatsrunning.render import render
from whatsrunning.render.ascii import ascii_text
from whatsrunning.render.chat import sections
from whatsrunning.render.json_doc import document
from whatsrunning.render.markdown import DIALECT
from whatsrunning.render.settings import RenderSettings
from whatsrunning.text import width
from whatsrunning.view import blocks

NAMES = list(SAMPLES)
# Each string fills every field of one sample; the round takes all samples, again and again.
CASES = [
    (text, NAMES[place % len(NAMES)]) for place, text in enumerate(strings(1000, seed=20261126))
]
CHUNKS = [CASES[start::6] for start in range(6)]
SETTINGS = RenderSettings(width=80, every=True)


def controls(shown: str) -> set[str]:
    """Characters that draw nothing or move something."""
    return {
        char for char in shown if unicodedata.category(char)[0] == "C" or char in "\u2028\u2029"
    } - {"\n"}


@pytest.mark.parametrize("chunk", CHUNKS)
def test_terminal(chunk: Sequence[tuple[str, str]]) -> None:
    for text, name in chunk:
        shown = render("table", poisoned(SAMPLES[name], text), NOW, SETTINGS)
        assert controls(shown) == set(), (name, text)
        assert max(map(width, shown.splitlines())) <= 80, (name, text)


@pytest.mark.parametrize("chunk", CHUNKS[:2])
def test_terminal_with_colour_and_links(chunk: Sequence[tuple[str, str]]) -> None:
    for text, name in chunk[::5]:
        bad = poisoned(SAMPLES[name], text)
        settings = RenderSettings(width=80, every=True, colour=True, links=True)
        shown = re.sub(
            r"\x1b\]8;[^\x1b]*\x1b\\|\x1b\[[0-9;]*m", "", render("table", bad, NOW, settings)
        )
        assert shown == render("table", bad, NOW, SETTINGS)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_plain(chunk: Sequence[tuple[str, str]]) -> None:
    for text, name in chunk:
        shown = render("plain", poisoned(SAMPLES[name], text), NOW, SETTINGS)
        assert controls(shown) == set(), (name, text)
        assert not re.search(r"(?<!\w)@\w", shown), (name, text)
        assert not re.search(r"<[!@#/A-Za-z]|\]\(|```|~~~", shown), (name, text)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_slack(chunk: Sequence[tuple[str, str]]) -> None:
    for text, name in chunk:
        shown = render("slack", poisoned(SAMPLES[name], text), NOW, SETTINGS)
        assert controls(shown) == set(), (name, text)
        assert max(map(len, shown.split("\n\n"))) <= 3000, (name, text)
        free = re.sub(r"<https://github\.com/acme/[^|<>]*\|[^<>]+>", "", shown)
        assert not set("<>") & set(free), (name, text)
        assert not re.search(r"&(?!amp;|lt;|gt;)", free), (name, text)
        assert not re.search(r"(?<!\w)@\w", free), (name, text)
        assert not re.search(r"://|\[|\]", re.sub(r"`[^`\n]+`", "", free)), (name, text)


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
def test_markdown_reads_back_as_the_same_text(chunk: Sequence[tuple[str, str]]) -> None:
    for text, name in chunk:
        bad = poisoned(SAMPLES[name], text[:60])
        written = "\n\n".join(sections(blocks(bad, NOW, True), DIALECT, 10**9))
        expected = "\n".join(sections(blocks(bad, NOW, True), _Bare, 10**9))  # type: ignore[arg-type]
        read = "\n".join(_lines(written))
        assert _squeezed(read) == _squeezed(expected), (name, text)


@pytest.mark.parametrize("chunk", CHUNKS)
def test_markdown(chunk: Sequence[tuple[str, str]]) -> None:
    for text, name in chunk:
        shown = render("markdown", poisoned(SAMPLES[name], text), NOW, SETTINGS)
        assert controls(shown) == set(), (name, text)
        assert len(shown) <= 16_000, (name, text)
        assert _lines(shown) != []


@pytest.mark.parametrize("chunk", CHUNKS)
def test_json_round_trips(chunk: Sequence[tuple[str, str]]) -> None:
    for text, name in chunk:
        bad = poisoned(SAMPLES[name], text)
        shown = render("json", bad, NOW, SETTINGS)
        assert shown.isascii()
        assert shown.replace("\n", "").isprintable()
        loaded = json.loads(shown)
        assert loaded == document(bad)
        assert text in set(texts(loaded))


def test_ascii_output_stays_ascii_and_harmless() -> None:
    for text, name in CASES[::11]:
        settings = RenderSettings(width=80, every=True, utf8=False)
        shown = render("table", poisoned(SAMPLES[name], text), NOW, settings)
        assert shown.isascii()
        assert controls(shown) == set()
        assert max(map(len, shown.splitlines())) <= 80
    assert ascii_text("修 → \u00d71") == "\\u4fee -> x1"
