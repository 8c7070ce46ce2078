"""Golden files: what the program prints, kept as files and rewritten only by `--update-golden`."""

import difflib
from pathlib import Path

FOLDER = Path(__file__).parent / "golden"

updating = False


def check_golden(name: str, text: str) -> None:
    """Compare with tests/golden/NAME, or write it under `--update-golden`."""
    path = FOLDER / name
    if updating:
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    expected = path.read_text(encoding="utf-8") if path.exists() else ""
    difference = "\n".join(
        difflib.unified_diff(expected.splitlines(), text.splitlines(), name, "printed", lineterm="")
    )
    assert text == expected, f"{name} differs (--update-golden rewrites it):\n{difference}"
