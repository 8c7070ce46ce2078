"""What the types must refuse: mistakes that no test of a verdict would see."""

import shutil
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from tests.program import LOGIN, ROOT

MISTAKES: Mapping[str, tuple[str, str, str, str]] = {
    "a misspelt field of a fact": (
        "verdicts/past/evidence.py", "event.action", "event.acton", 'has no attribute "acton"',
    ),
    "a method that the port does not have": (
        "facts/engine.py", "port.events(", "port.evnts(", 'has no attribute "evnts"',
    ),
    "base and head swapped in the query": (
        "facts/github.py", "base: Base\n    head: Head", "head: Head\n    base: Base",
        'has incompatible type "Base"; expected "Head"',
    ),
    "base and head swapped in the port's call": (
        "facts/github.py", "self.base, self.head", "self.head, self.base",
        'has incompatible type "Head"; expected "Base"',
    ),
    "an answer of another type": (
        "facts/registry.py", "OfImageRepository[tuple[str, ...]]", "OfImageRepository[str]",
        'incompatible with return type "Found[str] | Nothing | Unknown"',
    ),
}  # fmt: skip


@pytest.fixture(scope="module")
def copy(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The package in a folder of its own, with what mypy remembers of it."""
    folder = tmp_path_factory.mktemp("types")
    shutil.copytree(ROOT / "whatsrunning", folder / "whatsrunning")
    shutil.copy(ROOT / "pyproject.toml", folder)
    assert "Success" in _checked(folder)
    return folder


def _checked(folder: Path) -> str:
    command = [sys.executable, "-m", "mypy", "--strict", "whatsrunning"]
    done = subprocess.run(
        command, cwd=folder, env=LOGIN, capture_output=True, text=True, timeout=300, check=False
    )
    return done.stdout + done.stderr


@pytest.mark.parametrize("mistake", MISTAKES)
def test_a_mistake_is_refused(copy: Path, mistake: str) -> None:
    place, right, wrong, says = MISTAKES[mistake]
    file = copy / "whatsrunning" / place
    text = file.read_text(encoding="utf-8")
    assert right in text, f"{place} has no {right!r}: name another place for this mistake"
    file.write_text(text.replace(right, wrong), encoding="utf-8")
    try:
        assert says in _checked(copy)
    finally:
        file.write_text(text, encoding="utf-8")
