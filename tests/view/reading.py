"""A page's blocks, read as text."""

from collections.abc import Iterator

from tests.reports import NOW, SAMPLES
from whatsrunning.view.blocks import Block, FactSheet, Header, Line, Notes, Table
from whatsrunning.view.page import blocks


def words(line: Line) -> str:
    """A line's words."""
    return "".join(span.text for span in line)


def lines(page: tuple[Block, ...]) -> Iterator[str]:
    """All words of a page, a line each."""
    for block in page:
        match block:
            case Header(items, below):
                yield " | ".join(map(words, items))
                yield from map(words, below)
            case Table(title, _, rows):
                yield title
                for row in rows:
                    yield " | ".join(map(words, row.cells))
                    yield from map(words, row.details)
            case FactSheet(title, facts):
                yield title
                yield from (f"{f.label}: {words(f.value)} ({f.source})" for f in facts)
            case Notes(title, notes):
                yield title
                for note in notes:
                    yield from map(words, (note.line, *note.details))


def page(name: str, *, every: bool = False) -> str:
    """A sample's page as text."""
    return "\n".join(lines(blocks(SAMPLES[name], NOW, every)))
