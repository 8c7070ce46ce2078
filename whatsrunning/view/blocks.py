"""What a page is made of. Renderers know these blocks and nothing of reports."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from typing import Literal, TypeAlias

Role = Literal["plain", "dim", "strong", "good", "warn", "bad", "sha"]


@dataclass(frozen=True, slots=True)
class Span:
    """A piece of text in one role; every role also reads without colour."""

    text: str
    role: Role = "plain"
    url: str = ""


Line: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Header:
    """How far the page can be believed, as items of its first line; then lines of their own."""

    items: tuple[Line, ...]
    lines: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Column:
    """A column's title, the word said before its cell where there are no columns, and its rank.

    Where not all fit beside each other, columns of the highest rank go to the line below. A last
    column that `wraps` may take several lines instead.
    """

    title: str
    said: str = ""
    rank: int = 0
    wraps: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """Cells, lines of detail below them, and how bad it is: the heaviest rows survive folding."""

    cells: tuple[Line, ...]
    details: tuple[Line, ...] = ()
    weight: int = 0


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under columns; the first column names the row."""

    title: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True, slots=True)
class Fact:
    """One fact with its source."""

    label: str
    value: Line
    source: str = ""


@dataclass(frozen=True, slots=True)
class FactSheet:
    """Facts about one thing."""

    title: str
    rows: tuple[Fact, ...]


@dataclass(frozen=True, slots=True)
class Note:
    """A sentence, with what follows from it below."""

    line: Line
    details: tuple[Line, ...] = ()


@dataclass(frozen=True, slots=True)
class Notes:
    """Sentences under a title, the most important first."""

    title: str
    notes: tuple[Note, ...]


Block: TypeAlias = Header | Table | FactSheet | Notes


def text(words: str, role: Role = "plain", url: str = "") -> Line:
    """A line of one span."""
    return (Span(words, role, url),)


def join(lines: Iterable[Line], between: str = ", ") -> Line:
    """Lines in one, with words between them; empty ones are left out."""
    spans: list[Span] = []
    for line in lines:
        if line and spans:
            spans.append(Span(between))
        spans.extend(line)
    return tuple(spans)


def over(block: Block, change: Callable[[Span], Span]) -> Block:
    """The block with every text in it changed, titles too."""

    def words(said: str) -> str:
        return change(Span(said)).text

    def line(spans: Line) -> Line:
        return tuple(change(span) for span in spans)

    def lines(many: tuple[Line, ...]) -> tuple[Line, ...]:
        return tuple(line(one) for one in many)

    match block:
        case Header(items, below):
            return Header(lines(items), lines(below))
        case Table(title, columns, rows):
            made = tuple(replace(r, cells=lines(r.cells), details=lines(r.details)) for r in rows)
            return Table(words(title), columns, made)
        case FactSheet(title, facts):
            said = tuple(Fact(f.label, line(f.value), words(f.source)) for f in facts)
            return FactSheet(words(title), said)
        case Notes(title, notes):
            return Notes(words(title), tuple(Note(line(n.line), lines(n.details)) for n in notes))
