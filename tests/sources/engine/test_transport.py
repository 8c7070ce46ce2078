"""Requests to an engine: by the deadline, whoever is at the other end."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.sources.engine.asking import (
    INFO,
    Ask,
    containers,
    events,
    images,
    inspect,
    problem_of,
    unix,
)
from tests.world.canned import canned, reply
from tests.world.engine import PATIENCE, EngineProcess, start_engine
from whatsrunning.facts.query import Deadline
from whatsrunning.sources.engine.client import DockerEngine


@pytest.fixture(scope="module")
def real(tmp_path_factory: pytest.TempPathFactory) -> Iterator[EngineProcess]:
    """An engine to freeze."""
    started = start_engine(tmp_path_factory.mktemp("engine"))
    yield started
    started.stop()


@pytest.mark.parametrize("ask", [DockerEngine.info, containers, images, inspect, events])
def test_a_frozen_engine_ends_at_the_deadline(real: EngineProcess, ask: Ask) -> None:
    engine = unix(real.socket)
    engine.info(Deadline.after(PATIENCE))
    real.freeze()
    started = time.monotonic()
    try:
        late = problem_of(engine, ask, 0.3)
    finally:
        took = time.monotonic() - started
        real.thaw()
    assert late.code == "timeout"
    assert "--timeout" in late.hint
    assert 0.3 <= took < 10
    assert engine.info(Deadline.after(PATIENCE))


def test_a_deadline_that_is_over_asks_nothing(path: Path) -> None:
    with canned(path, {"/info": reply(INFO)}) as asked:
        assert problem_of(unix(path), seconds=0).code == "timeout"
        assert asked == []
