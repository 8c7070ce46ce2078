"""The spinner: what is being waited for, on stderr, only on a terminal and only after 300 ms."""

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TextIO

from whatsrunning.text import one_line

PATIENCE = 0.3
"""Seconds before anything is drawn: a quick answer needs no spinner."""

_STEP = 0.1
_DRAWN = "\u280b\u2819\u2839\u2838\u283c\u2834\u2826\u2827\u2807\u280f"
_ASCII = "|/-\\"
_ERASE = "\r\x1b[K"

OnWaiting = Callable[[frozenset[str]], None]


@contextmanager
def spinner(stream: TextIO, width: int, unicode: bool) -> Iterator[OnWaiting]:
    """Draw while the block runs; it gets a function that is told what is waited for."""
    spin = _Spinner(stream, width, _DRAWN if unicode else _ASCII)
    thread = threading.Thread(target=spin.run, name="spinner", daemon=True)
    thread.start()
    try:
        yield spin.tell
    finally:
        spin.ended.set()
        thread.join()


class _Spinner:
    def __init__(self, stream: TextIO, width: int, frames: str) -> None:
        self._stream, self._width, self._frames = stream, width, frames
        self._lanes: frozenset[str] = frozenset()
        self.ended = threading.Event()

    def tell(self, lanes: frozenset[str]) -> None:
        self._lanes = lanes

    def run(self) -> None:
        if self.ended.wait(PATIENCE):
            return
        step = 0
        try:
            while not self.ended.wait(_STEP):
                self._draw(self._frames[step % len(self._frames)])
                step += 1
            self._stream.write(_ERASE)
            self._stream.flush()
        except (OSError, ValueError):
            return  # a terminal that went away is told nothing

    def _draw(self, frame: str) -> None:
        text = f"{frame} waiting for {', '.join(sorted(self._lanes)) or 'answers'}"
        self._stream.write(_ERASE + one_line(text)[: self._width - 1])
        self._stream.flush()
