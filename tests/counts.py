"""Counts of the package as it is, or as it was: `python -m tests.counts [REVISION]`.

The numbers that a change of the whole house is judged by; tests hold some of them.
"""

import re
import subprocess
import sys
import tarfile
from collections.abc import Iterator, Mapping
from io import BytesIO
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.test_layers import circles

ROOT = Path(__file__).parents[1]
_BY_KIND = re.compile(r"isinstance\(.*\b(?:Found|Nothing|Unknown)\b")
_PENDING = re.compile(r"is_pending\(|[\"']pending[\"'] *(?:==|!=)|code (?:==|!=) [\"']pending[\"']")


def counts(root: Path) -> Mapping[str, int]:
    """The counts of one tree, which holds whatsrunning/ and tests/."""
    package = root / "whatsrunning"
    files = sorted(package.rglob("*.py"))
    folders = {path.parent for path in files}
    return {
        "lines of Python": sum(_lines(path) for path in files),
        "files": len(files),
        "most files in one folder": max(len(list(f.glob("[!_]*.py"))) for f in folders),
        "circles of files": len(circles(package)),
        "tests for what is still asked, in verdicts": sum(_matches(_verdicts(package), _PENDING)),
        "tests of an answer's kind by isinstance": sum(_matches(files, _BY_KIND)),
        "modules with a test of their name": len(_tested(package, root / "tests")),
        "modules": len([path for path in files if not path.name.startswith("__")]),
    }


def _lines(path: Path) -> int:
    return path.read_text(encoding="utf-8").count("\n")


def _verdicts(package: Path) -> list[Path]:
    """They were called reconcile once."""
    return [*(package / "verdicts").rglob("*.py"), *(package / "reconcile").rglob("*.py")]


def _matches(files: list[Path], pattern: re.Pattern[str]) -> Iterator[int]:
    for path in files:
        yield sum(bool(pattern.search(line)) for line in path.read_text("utf-8").splitlines())


def _tested(package: Path, tests: Path) -> set[Path]:
    """The modules whose tests stand in the same place under tests/, or flat in it."""
    return {
        path
        for path in package.rglob("[!_]*.py")
        if (tests / path.relative_to(package).parent / f"test_{path.stem}.py").exists()
        or (tests / f"test_{path.stem}.py").exists()
    }


def _of_revision(revision: str) -> Mapping[str, int]:
    command = ["git", "archive", revision, "whatsrunning", "tests"]
    archive = subprocess.run(command, cwd=ROOT, capture_output=True, check=True).stdout
    with TemporaryDirectory() as folder, tarfile.open(fileobj=BytesIO(archive)) as tar:
        tar.extractall(folder, filter="data")
        return counts(Path(folder))


def main(words: list[str]) -> int:
    """Print the counts; of a revision beside those of the tree at hand."""
    now = counts(ROOT)
    before = _of_revision(words[0]) if words else {}
    for name, count in now.items():
        print(f"{name:<45} {f'{before[name]} -> ' if before else ''}{count}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
