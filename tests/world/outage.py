"""What can be missing while a question is asked: GitHub, the clone, or both."""

import contextlib
from collections.abc import Iterator

from tests.world.everything import World


@contextlib.contextmanager
def github_down(world: World, down: bool = True) -> Iterator[None]:
    """Nobody answers at GitHub's address for so long."""
    if down:
        world.gates.github.shut()
    try:
        yield
    finally:
        if down:
            world.gates.github.open()
