"""What starting costs: nothing heavy is imported before it is used."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.program import clean_environment

SCRIPT = "import sys; sys.argv[1:] = {words!r}; {code}; print(*sys.modules, file=sys.stderr)"
SDKS = ("docker", "git", "github", "requests", "rich", "urllib3")
MOST = 260
"""Modules that a TAB for names may load; 60 are Python's own start."""


def _modules(code: str, home: Path, words: tuple[str, ...] = ()) -> set[str]:
    done = subprocess.run(
        [sys.executable, "-c", SCRIPT.format(code=code, words=list(words))],
        env=clean_environment(home),
        cwd="/",
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    return set(done.stderr.split())


def test_the_command_line_loads_no_sdk(tmp_path: Path) -> None:
    loaded = _modules("import whatsrunning.cli.main", tmp_path)
    assert "typer" in loaded
    assert loaded.isdisjoint(SDKS)


def test_the_entry_loads_nothing(tmp_path: Path) -> None:
    loaded = _modules("import whatsrunning.cli.entry", tmp_path)
    assert {name for name in loaded if name.startswith("whatsrunning")} == {
        "whatsrunning",
        "whatsrunning.cli",
        "whatsrunning.cli.entry",
    }


def test_the_version_loads_neither_typer_nor_dataclasses(tmp_path: Path) -> None:
    words = ("--version",)
    loaded = _modules("from whatsrunning.cli.entry import main; main()", tmp_path, words)
    assert loaded.isdisjoint({*SDKS, "typer", "dataclasses", "inspect", "asyncio", "http.client"})


def test_a_tab_loads_nothing_but_its_table(tmp_path: Path) -> None:
    words = ("--complete", "--", "ps", "-")
    bare = _modules("pass", tmp_path)
    loaded = _modules("from whatsrunning.cli.entry import main; main()", tmp_path, words)
    assert {name for name in loaded - bare if not name.startswith("whatsrunning")} == set()
    assert "whatsrunning.cli.completion.candidates" in loaded


@pytest.mark.parametrize("words", [("-c", ""), ("show", "")])
def test_a_tab_for_names_loads_neither_typer_nor_a_source(
    tmp_path: Path, words: tuple[str, ...]
) -> None:
    words = ("--complete", "--", *words)
    loaded = _modules("from whatsrunning.cli.entry import main; main()", tmp_path, words)
    assert "whatsrunning.cli.completion.names" in loaded
    slow = {*SDKS, "typer", "pydantic", "yaml", "asyncio", "http.client", "email"}
    assert loaded.isdisjoint(slow)
    assert len(loaded) < MOST


def test_a_run_without_a_terminal_loads_no_rich(tmp_path: Path) -> None:
    words = ("-H", "unix:///dev/null/none.sock", "-o", "json", "--offline")
    loaded = _modules("from whatsrunning.cli.entry import main; main()", tmp_path, words)
    assert "whatsrunning.render.formats" in loaded
    assert loaded.isdisjoint({"rich", "github", "git", "pydantic"})
