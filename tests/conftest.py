"""What every test gets: no real home, no connection off this machine, goldens, and the world."""

import os
import runpy
import signal
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests import golden_files
from tests.program import GUARD

if TYPE_CHECKING:
    from tests.world.everything import World
    from tests.world.prod import Prod

_KEPT = ("PATH", "LANG", "LC_ALL", "TMPDIR", "TERM", "CI")


def pytest_addoption(parser: pytest.Parser) -> None:
    """`--update-golden` rewrites the golden files."""
    parser.addoption("--update-golden", action="store_true", help="rewrite the golden files")


def pytest_configure(config: pytest.Config) -> None:
    """Set the guards before any test module is imported."""
    golden_files.updating = bool(config.getoption("--update-golden"))
    runpy.run_path(str(GUARD / "sitecustomize.py"))
    # Started in the background, a shell's child ignores Ctrl-C, and so would all that we start.
    for number in (signal.SIGINT, signal.SIGQUIT, signal.SIGTERM, signal.SIGHUP, signal.SIGTSTP):
        if signal.getsignal(number) is signal.SIG_IGN:
            ours = signal.default_int_handler if number is signal.SIGINT else signal.SIG_DFL
            signal.signal(number, ours)
    signal.pthread_sigmask(signal.SIG_SETMASK, [])


@pytest.fixture(scope="session", autouse=True)
def fresh_environment(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """A home of its own, and none of the developer's variables, for everything started."""
    home = tmp_path_factory.mktemp("home")
    before = dict(os.environ)
    os.environ.clear()
    os.environ.update({name: before[name] for name in _KEPT if name in before})
    os.environ["PATH"] += ":/usr/sbin:/sbin"
    os.environ.update({"HOME": str(home), "GIT_CONFIG_NOSYSTEM": "1"})
    yield home
    os.environ.clear()
    os.environ.update(before)


def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """A missing part is a failure, never a skip (CONTRIBUTING)."""
    if report.skipped and not hasattr(report, "wasxfail"):
        report.outcome = "failed"


@pytest.fixture(scope="session")
def world(tmp_path_factory: pytest.TempPathFactory) -> "Iterator[World]":
    """The fleet's engine, the registry, the history and GitHub; raised once for all tests."""
    from tests.world.everything import raise_world

    raised = raise_world(tmp_path_factory.mktemp("world"))
    yield raised
    writes = {write for gate in raised.gates.all() for write in gate.writes}
    violations = raised.github.violations()
    raised.stop()
    assert violations == []
    # Over the whole run of the program's tests: GET, HEAD, and GraphQL's query (issue 3).
    assert writes <= {("POST", "/graphql")}


@pytest.fixture(scope="session")
def prod(world: "World", tmp_path_factory: pytest.TempPathFactory) -> "Iterator[Prod]":
    """A second engine beside the world's, with a night behind it; raised once, and only read."""
    from tests.world.prod import raise_prod

    raised = raise_prod(world, tmp_path_factory.mktemp("prod"))
    yield raised
    writes = raised.gate.writes
    raised.stop()
    assert writes == set()
