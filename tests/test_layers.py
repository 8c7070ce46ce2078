"""Imports run one way (DESIGN section 3): a breach of the table below is a failure."""

import ast
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "whatsrunning"
SOURCES = sorted(PACKAGE.rglob("*.py"))

CORE = {"questions", "ports", "names", "claims", "outcome", "text", "model"}
# Each room, and the rooms it may import besides itself.
ALLOWED: dict[str, set[str]] = {
    "__init__": set(),
    "__main__": {"_entry"},
    "_entry": {"complete", "cli", "plugin", "__init__"},
    "complete": set(),
    "plugin": {"cli", "__init__"},
    "cli": {"app", "options", "outcome", "model", "text", "topics", "__init__"},
    "topics": {"checks", "outcome", "options", "model", "text"},
    "app": {
        "gather", "reconcile", "checks", "view", "render", "sources", "contexts", "options",
        "watch", "progress", "pager", "__init__", *CORE,
    },
    "watch": {"view", "render", *CORE},
    "progress": CORE,
    "pager": CORE,
    "gather": CORE,
    "options": {"text", "model", "outcome", "names", "reading", "__init__"},
    "contexts": {"text", "model", "names", "outcome", "reading"},
    "reconcile": CORE,
    "checks": {"text", "names", "model"},
    "view": {"text", "names", "model"},
    "render": {"view", "text", "names", "model"},
    "sources": {"ports", "names", "text", "model", "contexts", "reading", "__init__"},
    "questions": {"model"},
    "ports": {"model"},
    "claims": {"names", "model"},
    "outcome": {"model"},
    "names": {"model"},
    "text": {"model"},
    "reading": set(),
    "model": set(),
}  # fmt: skip
# A library, and where alone it may be imported.
HOMES = {
    "docker": ("sources/",),
    "git": ("sources/",),
    "github": ("sources/",),
    "requests": ("sources/",),
    "urllib3": ("sources/",),
    "yaml": ("sources/",),
    "rich": ("render/terminal",),
    "typer": ("cli/",),
    "click": (),
}


def _imports(path: Path) -> set[str]:
    tree = ast.parse(path.read_text(encoding="utf-8"))
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


def _room(path: Path) -> str:
    return path.relative_to(PACKAGE).parts[0].removesuffix(".py")


def _breaches(path: Path) -> list[str]:
    room, wrong = _room(path), []
    for name in sorted(_imports(path)):
        parts = name.split(".")
        if parts[0] == "whatsrunning":
            target = parts[1] if parts[1] != "__version__" else "__init__"
            if target != room and target not in ALLOWED.get(room, set()):
                wrong.append(f"{room} imports {target}")
        elif parts[0] in HOMES:
            here = str(path.relative_to(PACKAGE))
            if not here.startswith(HOMES[parts[0]] or ("nowhere",)):
                wrong.append(f"{here} imports {parts[0]}")
    return wrong


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    assert _room(path) in ALLOWED, f"{_room(path)} is a new room: give it a line in ALLOWED"
    assert _breaches(path) == []


def test_a_breach_is_seen(tmp_path: Path) -> None:
    wrong = PACKAGE / "model" / "imaginary.py"
    text = tmp_path / "imaginary.py"
    text.write_text("import rich\nfrom whatsrunning.sources import oci_registry\n")
    seen = {name.split(".")[0] for name in _imports(text)}
    assert seen == {"rich", "whatsrunning"}
    assert "sources" not in ALLOWED[_room(wrong)]
