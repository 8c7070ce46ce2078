"""Small functions, small files, and a word on everything public (CONTRIBUTING)."""

import ast
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
FILES = sorted([*(ROOT / "whatsrunning").rglob("*.py"), *(ROOT / "tests").rglob("*.py")])
LONGEST_FUNCTION = 40
LONGEST_FILE = 300


def _functions(path: Path) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    kinds = (ast.FunctionDef, ast.AsyncFunctionDef)
    return [node for node in ast.walk(tree) if isinstance(node, kinds)]


@pytest.mark.parametrize("path", FILES, ids=lambda path: str(path.relative_to(ROOT)))
def test_functions_and_files_are_short(path: Path) -> None:
    long = [
        f"{node.name}: {node.end_lineno - node.lineno + 1}"
        for node in _functions(path)
        if node.end_lineno is not None and node.end_lineno - node.lineno >= LONGEST_FUNCTION
    ]
    assert long == []
    assert len(path.read_text(encoding="utf-8").splitlines()) <= LONGEST_FILE


def _undocumented(path: Path) -> list[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    missing = [] if ast.get_docstring(tree) or not tree.body else [str(path.name)]
    for node in tree.body:
        if not isinstance(node, ast.FunctionDef | ast.ClassDef) or node.name.startswith("_"):
            continue
        if not ast.get_docstring(node):
            missing.append(node.name)
    return missing


@pytest.mark.parametrize(
    "path",
    [path for path in FILES if "whatsrunning" in path.relative_to(ROOT).parts[0]],
    ids=lambda path: str(path.relative_to(ROOT)),
)
def test_everything_public_is_documented(path: Path) -> None:
    assert _undocumented(path) == []


def test_every_test_asserts_something() -> None:
    silent = [
        f"{path.relative_to(ROOT)}: {node.name}"
        for path in FILES
        for node in _functions(path)
        if node.name.startswith("test_") and not _asserts(node)
    ]
    assert silent == []


def _asserts(function: ast.AST) -> bool:
    for node in ast.walk(function):
        if isinstance(node, ast.Assert):
            return True
        name = getattr(node, "attr", "") or getattr(node, "id", "")
        if name in ("raises", "fail") or str(name).startswith(("check", "assert", "expect")):
            return True
    return False
