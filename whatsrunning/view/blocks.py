"""What a page is made of. Renderers know these blocks and nothing of reports."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any, Literal, TypeAlias

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
    word: str = ""
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
    """A line of one span; empty for no words."""
    return (Span(words, role, url),) if words else ()


def join(lines: Iterable[Line], between: str = ", ") -> Line:
    """Lines in one, with words between them; empty ones are left out."""
    spans: list[Span] = []
    for line in lines:
        if line and spans:
            spans.append(Span(between))
        spans.extend(line)
    return tuple(spans)


def worded(column: Column, cell: Line) -> Line:
    """A cell as it reads where there are no columns: with its column's word before it."""
    return join([text(column.word, "dim"), cell], " ") if cell and column.word else cell


def over(part: Any, change: Callable[[Span], Span]) -> Any:
    """A block, or a part of one, with every text in it changed, titles and labels too."""
    match part:
        case Span():
            return change(part)
        case str():
            return change(Span(part)).text
        case tuple():
            return tuple(over(inner, change) for inner in part)
        case Header() | Table() | FactSheet() | Notes() | Row() | Fact() | Note():
            return type(part)(*(over(getattr(part, name), change) for name in part.__slots__))
        case _:
            return part
