"""Blocks set as lines of at most so many columns, or as long as they are (`None`).

rich's own tables are not used for this: they cut a SHA and drop a column when space is short.
"""

from collections.abc import Iterator, Sequence

from whatsrunning.render.wrap import flow, line_width, padded, wrap
from whatsrunning.text import width
from whatsrunning.view.blocks import (
    Block,
    FactSheet,
    Header,
    Line,
    Notes,
    Row,
    Table,
    join,
    text,
    worded,
)

_GAP = 2
_LONGEST_NAME = 40
_LEAST_ROOM = 24
_SHA = 40


def lay_out(blocks: Sequence[Block], columns: int | None, dot: str) -> list[Line]:
    """All blocks, an empty line between them; `dot` stands between items on one line."""
    lines: list[Line] = []
    for block in blocks:
        if lines:
            lines.append(())
        lines.extend(_block(block, columns, f" {dot} "))
    return lines


def _block(block: Block, columns: int | None, between: str) -> Iterator[Line]:
    match block:
        case Header(items, below):
            yield from flow(items, columns, between)
            for line in below:
                yield from wrap(line, columns, 0, 2)
        case Table():
            yield from _title(block.title, columns)
            yield from _table(block, columns, between)
        case FactSheet():
            yield from _title(block.title, columns)
            yield from _facts(block, columns)
        case Notes(title, notes):
            yield from _title(title, columns)
            for note in notes:
                yield from wrap(note.line, columns, 0, 2)
                for line in note.details:
                    yield from wrap(line, columns, 2, 4)


def _title(title: str, columns: int | None) -> Iterator[Line]:
    if title:
        yield from wrap(text(title, "strong"), columns)


def _table(table: Table, columns: int | None, between: str) -> Iterator[Line]:
    widths = _widths(table, columns)
    inline = _inline(table, widths, columns)
    titles = [text(table.columns[place].title, "dim") for place in inline]
    yield _beside(titles, [widths[place] for place in inline])
    for row in table.rows:
        yield from _row(row, widths, inline, columns)
        cells = map(worded, table.columns, row.cells)
        below = [cell for place, cell in enumerate(cells) if cell and place not in inline]
        yield from flow(below, columns, between, indent=2)
        for line in row.details:
            yield from wrap(line, columns, 2, 4)


def _widths(table: Table, columns: int | None) -> list[int]:
    """What each column needs; longer names stand on a line of their own and do not count."""
    longest = _LONGEST_NAME if columns is None else max(columns // 3, 12)
    names = [
        name for row in table.rows if any(row.cells[1:]) and (name := line_width(row.cells[0]))
    ]
    widths = []
    for place, column in enumerate(table.columns):
        cells = [line_width(row.cells[place]) for row in table.rows]
        counted = cells if place else [name for name in names if name <= longest]
        widths.append(max([width(column.title), *counted]) if any(cells) else 0)
    return widths


def _inline(table: Table, widths: list[int], columns: int | None) -> list[int]:
    """The columns that fit beside each other, the lowest ranks first, in their own order."""
    ranked = sorted(range(len(widths)), key=lambda place: (table.columns[place].rank, place))
    taken: list[int] = []
    used = -_GAP
    for place in ranked:
        room = None if columns is None else columns - used - _GAP
        if room is not None and table.columns[place].wraps and _LEAST_ROOM <= room < widths[place]:
            widths[place] = room if widths[place] <= 2 * room else widths[place]
        if widths[place] and (room is None or widths[place] <= room or not taken):
            taken.append(place)
            used += _GAP + widths[place]
    return sorted(taken)


def _row(row: Row, widths: list[int], inline: list[int], columns: int | None) -> Iterator[Line]:
    cells = [row.cells[place] for place in inline]
    needs = [widths[place] for place in inline]
    if line_width(cells[0]) > needs[0]:
        yield from wrap(cells[0], columns, 0, 2)
        cells[0] = ()
    rest: list[Line] = []
    if len(cells) > 1 and line_width(cells[-1]) > needs[-1]:
        cells[-1], *rest = wrap(cells[-1], needs[-1])
    if any(cells):
        yield _beside(cells, needs)
    start = sum(needs[:-1]) + _GAP * len(needs[:-1])
    yield from ((*text(" " * start), *line) for line in rest)


def _beside(cells: list[Line], widths: list[int]) -> Line:
    line: Line = ()
    for place, cell in enumerate(cells):
        if cell:
            line = (*padded(line, sum(widths[:place]) + _GAP * place), *cell)
    return line


def _facts(facts: FactSheet, columns: int | None) -> Iterator[Line]:
    """Label, value, source; the sources stand in a column beside all but the longest values."""
    label = max((width(fact.label) for fact in facts.rows), default=0) + _GAP
    longest = max(_SHA, (columns or 0) // 2)
    short = [line_width(fact.value) for fact in facts.rows if line_width(fact.value) <= longest]
    value = max(short, default=0) + _GAP
    for fact in facts.rows:
        named = padded(text(fact.label, "dim"), label)
        beside = padded(fact.value, max(value, line_width(fact.value) + _GAP))
        line = (*named, *beside, *text(fact.source, "dim")) if fact.source else ()
        if line and columns is not None and line_width(line) <= columns:
            yield line
        else:
            source = text(f"({fact.source})", "dim") if fact.source else ()
            yield from _fact(named, fact.value, source, label, columns)


def _fact(
    named: Line, value: Line, source: Line, label: int, columns: int | None
) -> Iterator[Line]:
    """A fact whose source has no room beside it."""
    longest = max((width(word) for span in value for word in span.text.split(" ")), default=0)
    if columns is not None and label + longest > columns:
        yield from wrap((*named, *source) if source else named[:1], columns, 0, 4)
        yield from wrap(value, columns, 4, 4)
        return
    lines = wrap(join([value, source], " "), None if columns is None else columns - label)
    yield (*named, *lines[0])
    for line in lines[1:]:
        yield (*text(" " * label), *line)
