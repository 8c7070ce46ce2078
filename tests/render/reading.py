"""Pages read back from their formats: entries, each a line with all that stands below it."""

import html
import re
from collections.abc import Iterator, Sequence

from markdown_it import MarkdownIt
from markdown_it.token import Token

_SLACK_LINK = re.compile(r"<https?://[^|<>]*\|([^<>]*)>")
_CONTROLS = re.compile(r"\x1b\[[0-9;]*m|[\u202a-\u202e\u2066-\u2069]")
_MARKS = re.compile(r"[\s`'*]")


def entries(output: str, shown: str) -> list[str]:
    """What a page says, an entry each: a row or a sentence with its details, on one line."""
    if output == "markdown":
        return [_squeezed(said) for said in _markdown(shown)]
    if output == "slack":
        shown = html.unescape(_SLACK_LINK.sub(r"\1", shown)).replace("    \u25e6 ", "  ")
        shown = re.sub(r"^\u2022 ", "", shown, flags=re.MULTILINE)
    blocks = shown.split("\n\n")
    head, rest = blocks[0].replace("\n", " "), "\n".join(blocks[1:])
    return [_squeezed(head), *map(_squeezed, re.split(r"\n(?! )", rest))]


def says(entry: str, words: str) -> bool:
    """Whether an entry says these words, or the text, however it was broken, marked and cleaned."""
    words = _CONTROLS.sub("", words)
    if re.search(rf"(?<!\w){re.escape(words)}(?!\w)", entry):
        return True
    return len(words) > 12 and _MARKS.sub("", words) in _MARKS.sub("", entry)


def _squeezed(text: str) -> str:
    return " ".join(text.replace("`", "").replace("*", "").split())


def _markdown(shown: str) -> Iterator[str]:
    """Paragraphs, and top items with the items in them, as a parser of CommonMark reads them."""
    depth, said = 0, ""
    for token in MarkdownIt("commonmark").parse(shown):
        depth += {"list_item_open": 1, "list_item_close": -1}.get(token.type, 0)
        if token.type == "inline":
            said += " " + _inline(token.children or [])
        if depth == 0 and said and token.type in ("list_item_close", "paragraph_close"):
            yield said
            said = ""


def _inline(children: Sequence[Token]) -> str:
    broken = ("softbreak", "hardbreak")
    return "".join(" " if child.type in broken else child.content for child in children)
