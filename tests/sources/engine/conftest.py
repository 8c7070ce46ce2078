"""What the engine tests share: a place for a socket."""

import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest


@pytest.fixture
def path() -> Iterator[Path]:
    """Where a socket can be: pytest's own folders have names too long for one."""
    with tempfile.TemporaryDirectory(prefix="wr-s", dir="/tmp") as folder:
        yield Path(folder) / "s"
