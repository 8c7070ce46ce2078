"""Lines broken at a width: between items first, then between words, and never inside a SHA."""

import re
from collections.abc import Iterable, Iterator
from dataclasses import replace

from whatsrunning.text import short, width
from whatsrunning.view.blocks import Line, Span, text

_ATOMS = re.compile(r"[0-9a-fA-F]{7,64}|.", re.DOTALL)
_WITH_DIGESTS = re.compile(r"sha256:[0-9a-f]{64}|[0-9a-fA-F]{7,64}|.", re.DOTALL)

_DIGEST = len("sha256:") + 64


def line_width(line: Line) -> int:
    """Columns that a line needs."""
    return sum(width(span.text) for span in line)


def flow(items: Iterable[Line], columns: int | None, between: str, indent: int = 0) -> list[Line]:
    """Items on few lines, `between` them; an item that fits on a line is never broken."""
    lines: list[Line] = []
    room = None if columns is None else columns - indent
    whole = False
    for item in items:
        joined = (*lines[-1], Span(between, "dim"), *item) if whole else item
        if whole and (room is None or line_width(joined) <= room):
            lines[-1] = joined
            continue
        pieces = wrap(item, room)
        whole = len(pieces) == 1
        lines.extend(pieces)
    return [_indented(line, indent) for line in lines]


def wrap(line: Line, columns: int | None, first: int = 0, rest: int = 0) -> list[Line]:
    """The line in pieces of at most `columns`, indented by `first`, then by `rest`."""
    if columns is None or first + line_width(line) <= columns:
        return [_indented(line, first)]
    lines: list[Line] = []
    room = max(columns - first, 1)
    current: Line = ()
    for word in _words(line, max(columns - max(first, rest), 1)):
        longer = _appended(current, word)
        if current and line_width(longer) > room:
            lines.append(_indented(current, rest if lines else first))
            room, current = max(columns - rest, 1), word
        else:
            current = longer
    lines.append(_indented(current, rest if lines else first))
    return lines


def _indented(line: Line, columns: int) -> Line:
    return (Span(" " * columns), *line) if columns and line else line


def _appended(line: Line, word: Line, between: str = " ") -> Line:
    """The line with a word more; what looks alike becomes one span."""
    if not line:
        return word
    last, head = line[-1], word[0]
    if (last.role, last.url) == (head.role, head.url):
        return (*line[:-1], replace(last, text=last.text + between + head.text), *word[1:])
    return (*line, *text(between), *word)


def _words(line: Line, room: int) -> Iterator[Line]:
    word: list[Span] = []
    for span in line:
        for place, part in enumerate(span.text.split(" ")):
            if place and word:
                yield from _fitting(tuple(word), room)
                word = []
            if part:
                word.append(replace(span, text=part))
    if word:
        yield from _fitting(tuple(word), room)


def _fitting(word: Line, room: int) -> Iterator[Line]:
    if line_width(word) <= room:
        yield word
        return
    piece: Line = ()
    atoms = _WITH_DIGESTS if room >= _DIGEST else _ATOMS
    for span in word:
        for atom in atoms.findall(span.text):
            fit = atom if width(atom) <= room else short(atom)[:room]
            if piece and line_width(piece) + width(fit) > room:
                yield piece
                piece = ()
            piece = _appended(piece, (replace(span, text=fit),), "")
    if piece:
        yield piece


def padded(line: Line, columns: int) -> Line:
    """The line filled up with blanks."""
    missing = columns - line_width(line)
    return (*line, *text(" " * missing)) if missing > 0 else line
