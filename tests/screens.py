"""The screens of README, docs/screens/*.svg: what the program prints for a terminal, drawn."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from unicodedata import east_asian_width
from xml.sax.saxutils import escape

from tests.program import ROOT, whatsrunning

FOLDER = ROOT / "docs" / "screens"
SCREENS = {"ps": "demo", "show": "demo show worker", "diff": "demo diff"}
"""Each screen's name, and the command line that it shows."""
WIDTH = 100
"""Columns of the terminal."""

_CELL, _LINE, _SIZE, _EDGE = 8.4, 19, 14, 18
"""Pixels: a column, a line, the letters' size, and the room around."""

_STYLES = {
    "": "fill:#d0d7de", "1": "fill:#f0f6fc;font-weight:bold", "2": "fill:#8b949e",
    "32": "fill:#3fb950", "33": "fill:#d29922", "36": "fill:#39c5cf",
    "1;31": "fill:#ff7b72;font-weight:bold",
}  # fmt: skip
"""What each escape sequence of the program looks like; another one is an error here."""

_FONT = "ui-monospace,'SF Mono',Menlo,Consolas,'DejaVu Sans Mono',monospace"
_SEQUENCE = re.compile(r"\x1b\[([0-9;]*)m")


@dataclass(frozen=True, slots=True)
class _Run:
    """Text of one style; `column` is where it begins, `cells` how many columns it takes."""

    text: str
    style: str
    column: int
    cells: int


def printed(name: str) -> str:
    """What the program prints for this screen, with its colours."""
    env = {"FORCE_COLOR": "1", "COLUMNS": str(WIDTH)}
    done = whatsrunning(*SCREENS[name].split(), "-o", "table", env=env)
    assert done.code == 0, done.stderr
    return done.stdout


def drawn(name: str, text: str) -> str:
    """The screen as SVG: the command typed, and below it what was printed, on the grid."""
    typed = f"whatsrunning {SCREENS[name]}"
    lines = [f"\x1b[2m$\x1b[0m {typed}", *text.splitlines()]
    width = round(WIDTH * _CELL) + 2 * _EDGE
    height = len(lines) * _LINE + 2 * _EDGE
    rows = [_row(number, line) for number, line in enumerate(lines)]
    rules = "".join(f".{_class(code)}{{{style}}}" for code, style in _STYLES.items())
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width} {height}" '
        f'width="{width}" height="{height}" role="img">\n'
        f"<title>{escape(typed)}</title>\n"
        f"<style>text{{font:{_SIZE}px {_FONT};white-space:pre}}{rules}</style>\n"
        f'<rect width="{width}" height="{height}" rx="8" fill="#0d1117"/>\n'
    )
    return head + "".join(rows) + "</svg>\n"


def words(svg: str) -> list[str]:
    """The lines of a screen as text, read back from where each run of it was drawn."""
    lines: dict[int, str] = {}
    for x, y, said in re.findall(r'<text x="([\d.]+)" y="(\d+)"[^>]*>([^<]*)</text>', svg):
        row, column = (int(y) - _EDGE - _SIZE) // _LINE, round((float(x) - _EDGE) / _CELL)
        line = lines.get(row, "")
        plain = said.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&")
        lines[row] = line + " " * (column - _cells(line)) + plain
    return [lines.get(row, "") for row in range(max(lines) + 1)]


def _row(number: int, line: str) -> str:
    y = _EDGE + _SIZE + number * _LINE
    return "".join(
        f'<text x="{_EDGE + run.column * _CELL:.1f}" y="{y}" class="{_class(run.style)}" '
        f'textLength="{run.cells * _CELL:.1f}">{escape(run.text)}</text>\n'
        for run in _runs(line)
    )


def _runs(line: str) -> Iterator[_Run]:
    column, style = 0, ""
    for position, part in enumerate(_SEQUENCE.split(line)):
        if position % 2:
            style = "" if part == "0" else part
            continue
        text = part.strip(" ")
        if text:
            start = column + len(part) - len(part.lstrip(" "))
            yield _Run(text, style, start, _cells(text))
        column += _cells(part)


def _cells(text: str) -> int:
    return sum(2 if east_asian_width(letter) in "WF" else 1 for letter in text)


def _class(code: str) -> str:
    assert code in _STYLES, f"no colour for the escape sequence {code!r}"
    return f"s{code.replace(';', '-')}"


def main() -> None:
    """Write every screen."""
    FOLDER.mkdir(parents=True, exist_ok=True)
    for name in SCREENS:
        (FOLDER / f"{name}.svg").write_text(drawn(name, printed(name)), encoding="utf-8")


if __name__ == "__main__":
    main()
