"""A newcomer's first minute: `pip install .` in a fresh virtual environment, then the demo.

pip gets the environment that the tests were started in: it names the package index. What it
installs is run with an empty home, and without an engine.
"""

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.program import GUARD, LOGIN, ROOT, clean_environment, whatsrunning

SHIPPED = (
    "whatsrunning/demo.json",
    "whatsrunning/render/schema/",
    "whatsrunning/topics/config.md",
    "/licenses/LICENSE",
    "share/man/man1/whatsrunning.1",
    "share/bash-completion/completions/whatsrunning",
    "share/zsh/site-functions/_whatsrunning",
    "share/fish/vendor_completions.d/whatsrunning.fish",
    "bin/whatsrunning",
    "bin/docker-whatsrunning",
)
NOT_SHIPPED = ("tests/", "docs/", ".ci/")
VIEWS = ("demo", "demo show shop_worker_1", "demo diff", "demo ps -o json", "help findings")


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def _run(*words: str, env: Mapping[str, str], cwd: Path) -> str:
    done = subprocess.run(
        words, env=env, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        encoding="utf-8", timeout=170, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A virtual environment with the program in it, installed from a copy of the checkout."""
    folder = tmp_path_factory.mktemp("newcomer")
    checkout = folder / "checkout"
    hidden = ignore_patterns(".*", "__pycache__", "build", "dist")
    copytree(ROOT, checkout, ignore=hidden)
    before = _files(checkout)
    env = {**LOGIN, "PIP_CACHE_DIR": str(folder / "cache")}
    _run(sys.executable, "-m", "venv", ".venv", env=env, cwd=checkout)
    _run(".venv/bin/pip", "install", "--quiet", ".", env=env, cwd=checkout)
    written = {path for path in _files(checkout) - before if not path.startswith(".venv")}
    assert written == set()
    return checkout / ".venv"


def _newcomer(home: Path) -> dict[str, str]:
    """An empty home and no engine; nothing of the checkout can be imported."""
    home.mkdir(exist_ok=True)
    env = clean_environment(home) | {"PYTHONPATH": str(GUARD)}
    return env | {"DOCKER_HOST": "unix:///nonexistent/docker.sock"}


@pytest.mark.timeout(300)
def test_the_installed_program_shows_the_demo_from_anywhere(
    installed: Path, tmp_path: Path
) -> None:
    program = str(installed / "bin" / "whatsrunning")
    for view, cwd in zip(VIEWS, (Path("/"), tmp_path, installed, tmp_path, Path("/")), strict=True):
        printed = _run(program, *view.split(), env=_newcomer(tmp_path / "home"), cwd=cwd)
        assert printed == whatsrunning(*view.split()).stdout, view
    assert _files(tmp_path) == {"home"}


def test_the_wheel_holds_what_it_needs_and_no_more(installed: Path, tmp_path: Path) -> None:
    listing = "from importlib.metadata import files\nprint(*files('whatsrunning'), sep='\\n')"
    python = str(installed / "bin" / "python")
    held = _run(python, "-c", listing, env=_newcomer(tmp_path / "home"), cwd=tmp_path).splitlines()
    assert [part for part in SHIPPED if not any(part in path for path in held)] == []
    assert [path for path in held if path.startswith(NOT_SHIPPED)] == []
    for part, source in (
        ("share/man/man1/whatsrunning.1", "man/whatsrunning.1"),
        ("share/zsh/site-functions/_whatsrunning", "completions/whatsrunning.zsh"),
    ):
        assert (installed / part).read_bytes() == (ROOT / source).read_bytes()


def test_the_docker_cli_finds_its_plugin(installed: Path, tmp_path: Path) -> None:
    plugin = str(installed / "bin" / "docker-whatsrunning")
    env = _newcomer(tmp_path / "home")
    said = _run(plugin, "docker-cli-plugin-metadata", env=env, cwd=tmp_path)
    assert '"SchemaVersion": "0.1.0"' in said
