"""Sections of bullets for chats: what Slack and Markdown have in common, and how they fold."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from whatsrunning.view.blocks import Block, Facts, Header, Line, Notes, Row, Table, join, text

# Anything a chat could read as markup, a mention, a link, an emoji or a reference.
_RISKY = re.compile(
    r"[*_`~<>&|\[\]\\{}@#$^]|://|www\.|\w\.[A-Za-z]{2}|:[\w+-]+:|\bGH-\d|^[-+=]+$|^\d+[.)]$"
)
_AROUND = re.compile(r"([(\"']?)(.*?)([)\"',;:.]*)", re.DOTALL)
_TIME = re.compile(r"\(?\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ[),;:]*")
_LINE = 1500


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


def sections(blocks: Sequence[Block], dialect: Dialect, limit: int) -> list[str]:
    """Each block as a section of at most `limit` characters, without empty lines in it."""
    return [_section(block, dialect, limit) for block in blocks]


def quote(words: str, dialect: Dialect) -> str:
    """The text with its risky words as code, so that they stay what they are."""
    parts: list[str] = []
    risky: list[str] = []
    paired = words.count("`") % 2 == 0
    ticks = 0
    for word in words.split(" "):
        between = paired and ticks % 2 == 1
        ticks += word.count("`")
        if between or (_RISKY.search(word) and not _TIME.fullmatch(word)):
            risky.append(word)
            continue
        if risky:
            parts.append(_coded(" ".join(risky), dialect))
            risky = []
        parts.append(word)
    if risky:
        parts.append(_coded(" ".join(risky), dialect))
    return " ".join(parts)


def _coded(words: str, dialect: Dialect) -> str:
    """The words as code; harmless punctuation around them stays outside."""
    around = _AROUND.fullmatch(words)
    if around is None or not around[2]:
        return dialect.code(words)
    return around[1] + dialect.code(around[2]) + around[3]


def _section(block: Block, dialect: Dialect, limit: int) -> str:
    title = getattr(block, "title", "")
    head = (_bold(quote(title, dialect), dialect),) if title else ()
    room = limit - sum(map(len, head)) - 60
    items = _fitted(list(_items(block, dialect)), room, dialect)
    return "\n".join([*head, *items])


def _items(block: Block, dialect: Dialect) -> Iterator[Item]:
    match block:
        case Header(items, below):
            yield Item((_line(join(items, " \u00b7 "), dialect),), 9)
            yield from (Item((dialect.bullet + _line(line, dialect),)) for line in below)
        case Table(_, _, rows):
            for row in rows:
                cells = join(_cells(block, row), " \u00b7 ")
                yield _item(cells, row.details, dialect, row.weight)
        case Facts(_, rows):
            for fact in rows:
                source = text(f"({fact.source})", "dim") if fact.source else ()
                told = join([text(f"{fact.label}:"), fact.value, source], " ")
                yield _item(told, (), dialect)
        case Notes(_, notes):
            for place, note in enumerate(notes):
                yield _item(note.line, note.details, dialect, -place)


def _item(line: Line, details: Sequence[Line], dialect: Dialect, weight: int = 0) -> Item:
    below = (dialect.nested + _line(detail, dialect) for detail in details)
    return Item((dialect.bullet + _line(line, dialect), *below), weight)


def _cells(table: Table, row: Row) -> Iterator[Line]:
    for column, cell in zip(table.columns, row.cells, strict=True):
        yield join([text(column.said), cell], " ") if cell and column.said else cell


def _line(line: Line, dialect: Dialect) -> str:
    """One line; whole spans are left out at the end when it grows too long for a message."""
    said = ""
    for span in line:
        written = quote(span.text, dialect)
        if span.url:
            written = dialect.link(written, span.url)
        elif span.role == "sha":
            written = dialect.code(span.text)
        elif span.role in ("strong", "bad"):
            written = _bold(written, dialect)
        if said and len(said) + len(written) > _LINE:
            return said + " \u2026"
        said += written
    return said


def _bold(written: str, dialect: Dialect) -> str:
    inner = written.strip()
    if not inner:
        return written
    start = written.index(inner)
    marked = f"{dialect.bold}{inner}{dialect.bold}"
    return written[:start] + marked + written[start + len(inner) :]


def _fitted(items: list[Item], room: int, dialect: Dialect) -> Iterator[str]:
    """The lines of the items that fit, in their order, and a count of those that do not."""
    kept: set[int] = set()
    for place in sorted(range(len(items)), key=lambda place: (-items[place].weight, place)):
        needed = _length(items[place].lines)
        if needed <= room:
            kept.add(place)
            room -= needed
        elif len(items[place].lines[0]) < room:
            items[place] = Item(items[place].lines[:1])
            kept.add(place)
            room -= _length(items[place].lines)
    for place in sorted(kept):
        yield from items[place].lines
    if len(kept) < len(items):
        yield f"{dialect.bullet}\u2026 and {len(items) - len(kept)} more"


def _length(lines: Sequence[str]) -> int:
    return sum(len(line) + 1 for line in lines)
