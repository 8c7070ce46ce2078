"""The spinner: what is being waited for, on stderr, only on a terminal and only after 300 ms."""

import itertools
import threading
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from typing import TextIO, TypeAlias

from whatsrunning.text import one_line

PATIENCE = 0.3
"""Seconds before anything is drawn: a quick answer needs no spinner."""

_STEP = 0.1
_DRAWN = "\u280b\u2819\u2839\u2838\u283c\u2834\u2826\u2827\u2807\u280f"
_ASCII = "|/-\\"
_ERASE = "\r\x1b[K"

OnWaiting: TypeAlias = Callable[[frozenset[str]], None]
"""Takes the names of the sources that are waited for."""


@contextmanager
def spinner(stream: TextIO, width: int, unicode: bool) -> Iterator[OnWaiting]:
    """Draw while the block runs; it gets a function that is told what is waited for."""
    waiting = deque([frozenset[str]()], maxlen=1)
    ended = threading.Event()

    def draw() -> None:
        if ended.wait(PATIENCE):
            return
        for frame in itertools.cycle(_DRAWN if unicode else _ASCII):
            if ended.wait(_STEP):
                break
            text = f"{frame} waiting for {', '.join(sorted(waiting[-1])) or 'answers'}"
            _write(stream, _ERASE + one_line(text)[: width - 1])
        _write(stream, _ERASE)

    thread = threading.Thread(target=draw, name="spinner", daemon=True)
    thread.start()
    try:
        yield waiting.append
    finally:
        ended.set()
        thread.join()


def _write(stream: TextIO, text: str) -> None:
    with suppress(OSError, ValueError):  # a terminal that went away is told nothing
        stream.write(text)
        stream.flush()
