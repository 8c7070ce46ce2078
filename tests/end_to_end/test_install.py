"""A newcomer's first minute: README's first command, then the demo, and what the wheel holds.

pip gets the environment that the tests were started in: it names the package index. What it
installs is run with an empty home, and without an engine.
"""

import os
import subprocess
import sys
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

from tests.program import GUARD, LOGIN, ROOT, clean_environment, whatsrunning

COPIES = {
    "share/man/man1/whatsrunning.1": "man/whatsrunning.1",
    "share/bash-completion/completions/whatsrunning": "completions/whatsrunning.bash",
    "share/zsh/site-functions/_whatsrunning": "completions/whatsrunning.zsh",
    "share/fish/vendor_completions.d/whatsrunning.fish": "completions/whatsrunning.fish",
}
SHIPPED = (
    *COPIES,
    "whatsrunning/demo.json",
    "whatsrunning/render/schema/",
    "whatsrunning/cli/help_topics/config.md",
    "whatsrunning/cli/completion/whatsrunning.bash",
    "/licenses/LICENSE",
    "bin/whatsrunning",
    "bin/docker-whatsrunning",
)
NOT_SHIPPED = ("tests/", "docs/", ".ci/")


def _files(folder: Path) -> set[str]:
    return {str(path.relative_to(folder)) for path in folder.rglob("*")}


def _run(*words: str, env: Mapping[str, str], cwd: Path) -> str:
    done = subprocess.run(
        words, env=env, cwd=cwd, stdin=subprocess.DEVNULL, capture_output=True, text=True,
        encoding="utf-8", timeout=280, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


def _login(home: Path) -> dict[str, str]:
    """The environment that pip needs, with a home that is empty but for what it says of pip."""
    home.mkdir(exist_ok=True)
    kept = {name: LOGIN[name] for name in LOGIN if not name.startswith(("DOCKER_", "XDG_", "GH_"))}
    config = Path(LOGIN.get("HOME", "/")) / ".config" / "pip" / "pip.conf"
    if config.exists():
        kept.setdefault("PIP_CONFIG_FILE", str(config))
    python = Path(sys.executable).parent
    return {**kept, "HOME": str(home), "PATH": f"{python}{os.pathsep}{LOGIN['PATH']}"}


def _first_command() -> str:
    """README's first command, but for what it installs from Debian: the tests' set-up has that."""
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    steps = readme.partition("```sh\n")[2].partition("\n```")[0].split(" && ")
    assert [step.split()[0] for step in steps[:2]] == ["apt-get", "apt-get"]
    return " && ".join(steps[2:])


@dataclass(frozen=True, slots=True)
class Installed:
    """A virtual environment with the program in it, and what README's first command printed."""

    folder: Path
    printed: str

    def program(self, name: str) -> str:
        """The path of one of its programs."""
        return str(self.folder / "bin" / name)


@pytest.fixture(scope="module")
def installed(tmp_path_factory: pytest.TempPathFactory) -> Installed:
    """README's first command, run in a copy of the checkout."""
    folder = tmp_path_factory.mktemp("newcomer")
    checkout = folder / "checkout"
    copytree(ROOT, checkout, ignore=ignore_patterns(".*", "__pycache__", "build", "dist"))
    before = _files(checkout)
    printed = _run("bash", "-c", _first_command(), env=_login(folder / "home"), cwd=checkout)
    written = {path for path in _files(checkout) - before if not path.startswith(".venv")}
    assert written == set()
    return Installed(checkout / ".venv", printed)


def _newcomer(home: Path) -> dict[str, str]:
    """An empty home and no engine; nothing of the checkout can be imported."""
    home.mkdir(exist_ok=True)
    env = clean_environment(home) | {"PYTHONPATH": str(GUARD)}
    return env | {"DOCKER_HOST": "unix:///nonexistent/docker.sock"}


@pytest.mark.timeout(400)
def test_readmes_first_command_ends_with_the_first_screen(installed: Installed) -> None:
    assert installed.printed == whatsrunning("demo").stdout
    assert len(installed.printed.splitlines()) > 20


@pytest.mark.parametrize("view", ["demo show shop_worker_1", "demo diff", "demo -o json"])
def test_the_views_of_the_demo_work_from_anywhere(
    installed: Installed, tmp_path: Path, view: str
) -> None:
    env = _newcomer(tmp_path / "home")
    printed = _run(installed.program("whatsrunning"), *view.split(), env=env, cwd=tmp_path)
    assert printed == whatsrunning(*view.split()).stdout
    assert _files(tmp_path) == {"home"}


def test_the_wheel_holds_what_it_needs_and_no_more(installed: Installed, tmp_path: Path) -> None:
    listing = "from importlib.metadata import files\nprint(*files('whatsrunning'), sep='\\n')"
    env = _newcomer(tmp_path / "home")
    files = _run(installed.program("python"), "-c", listing, env=env, cwd=tmp_path).splitlines()
    assert [part for part in SHIPPED if not any(part in path for path in files)] == []
    assert [path for path in files if path.startswith(NOT_SHIPPED)] == []


@pytest.mark.parametrize(("part", "source"), COPIES.items(), ids=COPIES)
def test_what_others_read_lies_where_they_look(
    installed: Installed, part: str, source: str
) -> None:
    assert (installed.folder / part).read_bytes() == (ROOT / source).read_bytes()


def test_the_docker_cli_finds_its_plugin(installed: Installed, tmp_path: Path) -> None:
    plugin, env = installed.program("docker-whatsrunning"), _newcomer(tmp_path / "home")
    metadata = _run(plugin, "docker-cli-plugin-metadata", env=env, cwd=tmp_path)
    assert '"SchemaVersion": "0.1.0"' in metadata
