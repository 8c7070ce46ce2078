"""Imports run one way: between folders, inside verdicts/ and sources/, and never in a circle."""

import ast
from collections.abc import Iterator, Mapping
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parents[1] / "whatsrunning"
SOURCES = sorted(PACKAGE.rglob("*.py"))

BASE = {"facts", "names", "errors", "files", "text"}
"""What everybody may import: the facts' types, and pure functions over text."""

ALLOWED: Mapping[str, set[str]] = {
    "__init__": set(),
    "__main__": {"cli"},
    "cli": {"app", "checks", "config", "contexts", "terminal", "__init__", *BASE},
    "app": {
        "gather", "verdicts", "checks", "view", "render", "sources", "contexts", "config",
        "report", "terminal", "__init__", *BASE,
    },
    "gather": BASE,
    "verdicts": {"report", *BASE},
    "checks": {"report", *BASE},
    "view": {"report", *BASE},
    "render": {"view", "report", *BASE},
    "config": {"render", "__init__", *BASE},
    "contexts": {"config", *BASE},
    "sources": {"contexts", "__init__", *BASE},
    "terminal": BASE,
    "report": {"facts", "names"},
    "facts": {"names"},
    "errors": set(),
    "files": set(),
    "names": set(),
    "text": set(),
}  # fmt: skip
"""Each folder or file of the package, and what it may import besides itself."""

FLOORS = ("inventory", "origin", "history", "proof", "ci", "past", "commands", "")
"""The folders of verdicts/, from the ground up; the files beside them stand on top."""

SHARED_BY_SOURCES = {"http", "interface", "json_reader"}
"""What one source's folder may take from sources/ besides its own; never another source."""

HOMES: Mapping[str, tuple[str, ...]] = {
    "docker": ("sources/engine/",),
    "git": ("sources/git/",),
    "github": ("sources/github/",),
    "requests": ("sources/",),
    "urllib3": ("sources/",),
    "yaml": ("sources/git/",),
    "rich": ("render/terminal",),
    "typer": ("cli/",),
    "click": ("nowhere",),
}
"""A library, and where alone it may be imported."""


def _imports(path: Path) -> Iterator[str]:
    """Every name that a file imports, in full, wherever in the file it does so."""
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}: relative import"
            yield from (f"{node.module}.{alias.name}" for alias in node.names)


def _own(path: Path) -> Iterator[tuple[str, ...]]:
    """What a file imports of the package: the parts of each name below `whatsrunning`."""
    for name in _imports(path):
        parts = name.split(".")
        if parts[0] == "whatsrunning":
            yield ("__init__",) if parts[1] == "__version__" else tuple(parts[1:])


def _parts(path: Path) -> tuple[str, ...]:
    return path.relative_to(PACKAGE).with_suffix("").parts


def _between_folders(path: Path) -> list[str]:
    here = _parts(path)[0]
    return [
        f"{here} imports {'.'.join(name)}"
        for name in _own(path)
        if name[0] != here and name[0] not in ALLOWED[here]
    ]


def _inside_verdicts(path: Path) -> list[str]:
    floor = _floor(_parts(path)[1:])
    return [
        f"{'/'.join(_parts(path))} imports {'.'.join(name)}, which stands above it"
        for name in _own(path)
        if name[0] == "verdicts" and _floor(name[1:]) > floor
    ]


def _floor(parts: tuple[str, ...]) -> int:
    return FLOORS.index(parts[0] if parts[0] in FLOORS else "")


def _inside_sources(path: Path) -> list[str]:
    here = _parts(path)[1]
    return [
        f"{'/'.join(_parts(path))} imports {'.'.join(name)}"
        for name in _own(path)
        if name[0] == "sources" and name[1] not in {here, *SHARED_BY_SOURCES}
    ]


def _libraries(path: Path) -> list[str]:
    here = "/".join(_parts(path))
    named = {name.split(".")[0] for name in _imports(path)}
    return [
        f"{here} imports {name}"
        for name in sorted(named & HOMES.keys())
        if not here.startswith(HOMES[name])
    ]


def _breaches(path: Path) -> list[str]:
    inside = {"verdicts": _inside_verdicts, "sources": _inside_sources}.get(_parts(path)[0])
    within = inside(path) if inside and len(_parts(path)) > 1 else []
    return [*_between_folders(path), *within, *_libraries(path)]


@pytest.mark.parametrize("path", SOURCES, ids=lambda path: str(path.relative_to(PACKAGE)))
def test_imports_run_one_way(path: Path) -> None:
    assert _parts(path)[0] in ALLOWED, f"{_parts(path)[0]} is new: give it a line in ALLOWED"
    assert _breaches(path) == []


@pytest.mark.parametrize(
    ("place", "text"),
    [
        ("facts/scope.py", "from whatsrunning.sources import interface"),
        ("verdicts/origin/claims.py", "from whatsrunning.verdicts.history import graph"),
        ("verdicts/inventory/engines.py", "from whatsrunning.verdicts import containers"),
        ("sources/git/log.py", "from whatsrunning.sources.github import rest"),
        ("view/page.py", "def late() -> None:\n    import rich"),
    ],
    ids=["between folders", "up a floor", "to the top", "from source to source", "a library"],
)
def test_a_breach_is_seen(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, place: str, text: str
) -> None:
    file = tmp_path / place
    file.parent.mkdir(parents=True)
    file.write_text(text)
    monkeypatch.setattr("tests.test_layers.PACKAGE", tmp_path)
    assert len(_breaches(file)) == 1


def circles(package: Path) -> list[set[str]]:
    """The groups of files that import one another in a circle, wherever in a file they do."""
    files = {
        path.relative_to(package).with_suffix("").parts: path for path in package.rglob("*.py")
    }
    ends = {parts: {_file_of(name, files) for name in _own(path)} for parts, path in files.items()}
    reached = {parts: _reached(parts, ends) for parts in files}
    found = {
        frozenset(other for other in reached[parts] if parts in reached[other])
        for parts in files
        if parts in reached[parts]
    }
    return [{"/".join(parts) for parts in circle} for circle in found]


def _file_of(name: tuple[str, ...], files: Mapping[tuple[str, ...], Path]) -> tuple[str, ...]:
    """The file that an imported name stands in: a module, or a name in one."""
    candidates = (name, name[:-1], (*name, "__init__"), (*name[:-1], "__init__"))
    return next((parts for parts in candidates if parts in files), ())


def _reached(
    start: tuple[str, ...], ends: Mapping[tuple[str, ...], set[tuple[str, ...]]]
) -> set[tuple[str, ...]]:
    seen: set[tuple[str, ...]] = set()
    left = [start]
    while left:
        new = ends.get(left.pop(), set()) - seen
        seen |= new
        left += new
    return seen


def test_no_file_imports_itself_in_a_circle() -> None:
    assert circles(PACKAGE) == []


def test_a_circle_is_seen(tmp_path: Path) -> None:
    (tmp_path / "facts").mkdir()
    (tmp_path / "facts" / "a.py").write_text("from whatsrunning.facts.b import x")
    (tmp_path / "facts" / "b.py").write_text("def y():\n    from whatsrunning.facts import a")
    assert circles(tmp_path) == [{"facts/a", "facts/b"}]


def test_no_folder_is_crowded_and_no_init_has_logic() -> None:
    folders = {path.parent for path in SOURCES}
    assert {str(f): n for f in folders if (n := len(list(f.glob("[!_]*.py")))) > 12} == {}
    for path in PACKAGE.rglob("__init__.py"):
        kinds = (ast.FunctionDef, ast.ClassDef, ast.For, ast.If, ast.While)
        body = ast.parse(path.read_text(encoding="utf-8")).body
        assert not [node for node in body if isinstance(node, kinds)], path
