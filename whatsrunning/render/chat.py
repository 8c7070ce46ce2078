"""Sections of bullets for chats: what Slack and Markdown have in common, and how they fold."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby
from operator import itemgetter

from whatsrunning.view.blocks import (
    Block,
    FactSheet,
    Header,
    Line,
    Notes,
    Table,
    join,
    text,
    worded,
)

# Anything a chat could read as markup, a mention, a link, an emoji or a reference.
_RISKY = re.compile(
    r"[*_`~<>&|\[\]\\{}@#$^]|://|www\.|\w\.[A-Za-z]{2}|:[\w+-]+:|\bGH-\d|^[-+=]+$|^\d+[.)]$"
)
_AROUND = re.compile(r"([(\"']?)(.*?)([)\"',;:.]*)", re.DOTALL)
_TIME = re.compile(r"\(?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ[),;:]*")
_INNER = re.compile(r"\S(?:.*\S)?", re.DOTALL)
_LINE = 1500
_RESERVE = 40  # room for the count of what was left out


@dataclass(frozen=True, slots=True)
class Dialect:
    """How one chat writes bold text, code and links, and its bullets."""

    bold: str
    code: Callable[[str], str]
    link: Callable[[str, str], str]
    bullet: str
    nested: str


@dataclass(frozen=True, slots=True)
class Item:
    """Lines that stay together; of too many items the heaviest are kept."""

    lines: tuple[str, ...]
    weight: int = 0


def sections(blocks: Sequence[Block], dialect: Dialect, limit: int, budget: int = 0) -> list[str]:
    """Sections of at most `limit` characters, without empty lines in them.

    A block may take several, up to `budget` characters in all; what is over that is counted.
    """
    return [part for block in blocks for part in _sections(block, dialect, limit, budget)]


def quote(words: str, dialect: Dialect) -> str:
    """The text with its risky words as code, so that they stay what they are."""
    marked: list[tuple[bool, str]] = []
    paired, ticks = words.count("`") % 2 == 0, 0
    for word in words.split(" "):
        between = paired and ticks % 2 == 1
        ticks += word.count("`")
        risky = bool(_RISKY.search(word)) and not _TIME.fullmatch(word)
        marked.append((between or risky, word))
    runs = [
        (risky, " ".join(word for _, word in run)) for risky, run in groupby(marked, itemgetter(0))
    ]
    return " ".join(_coded(run, dialect) if risky else run for risky, run in runs)


def _coded(words: str, dialect: Dialect) -> str:
    """The words as code; harmless punctuation around them stays outside."""
    around = _AROUND.fullmatch(words)
    if around and around[2]:
        return around[1] + dialect.code(around[2]) + around[3]
    return dialect.code(words)


def _sections(block: Block, dialect: Dialect, limit: int, budget: int) -> Iterator[str]:
    title = getattr(block, "title", "")
    head = _bold(quote(title, dialect), dialect)
    room = limit - len(head) - _RESERVE
    items = [_shortened(item, room) for item in _items(block, dialect)]
    kept = _kept(items, max(room, budget))
    part = [head] if head else []
    for place in kept:
        if part and _length([*part, *items[place].lines]) > limit - _RESERVE:
            yield "\n".join(part)
            part = []
        part.extend(items[place].lines)
    if len(kept) < len(items):
        part.append(f"{dialect.bullet}\u2026 and {len(items) - len(kept)} more")
    yield "\n".join(part)


def _items(block: Block, dialect: Dialect) -> Iterator[Item]:
    match block:
        case Header(items, below):
            yield Item((_line(join(items, " \u00b7 "), dialect),), 9)
            yield from (Item((dialect.bullet + _line(line, dialect),)) for line in below)
        case Table(_, columns, rows):
            for row in rows:
                cells = map(worded, columns, row.cells)
                yield _item(join(cells, " \u00b7 "), row.details, dialect, row.weight)
        case FactSheet(_, rows):
            for fact in rows:
                source = text(f"({fact.source})") if fact.source else ()
                line = join([text(f"{fact.label}:"), fact.value, source], " ")
                yield _item(line, (), dialect)
        case Notes(_, notes):
            for place, note in enumerate(notes):
                yield _item(note.line, note.details, dialect, -place)


def _item(line: Line, details: Sequence[Line], dialect: Dialect, weight: int = 0) -> Item:
    below = (dialect.nested + _line(detail, dialect) for detail in details)
    return Item((dialect.bullet + _line(line, dialect), *below), weight)


def _line(line: Line, dialect: Dialect) -> str:
    """One line; whole spans are left out at the end when it grows too long for a message."""
    done = ""
    for span in line:
        written = quote(span.text, dialect)
        if not span.text.strip():
            written = span.text
        elif span.url:
            written = dialect.link(written, span.url)
        elif span.role == "sha":
            written = dialect.code(span.text)
        elif span.role in ("strong", "bad"):
            written = _bold(written, dialect)
        if done and len(done) + len(written) > _LINE:
            return done + " \u2026"
        done += written
    return done


def _bold(written: str, dialect: Dialect) -> str:
    """The text in bold, the blanks around it left outside, as the chats want it."""
    return _INNER.sub(rf"{dialect.bold}\g<0>{dialect.bold}", written, count=1)


def _shortened(item: Item, room: int) -> Item:
    """The item without its last details, if it is longer than a section by itself."""
    if len(item.lines) > 1 and _length(item.lines) > room:
        return _shortened(Item(item.lines[:-1], item.weight), room)
    return item


def _kept(items: Sequence[Item], room: int) -> list[int]:
    """The places of the heaviest items that fit, in order."""
    kept: list[int] = []
    for place in sorted(range(len(items)), key=lambda place: (-items[place].weight, place)):
        needed = _length(items[place].lines)
        if needed <= room:
            kept.append(place)
            room -= needed
    return sorted(kept)


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)
