"""Files that others wrote, read within bounds of bytes and seconds; our own written whole."""

import contextlib
import errno
import os
import select
import stat
import tempfile
from pathlib import Path

_FLAGS = os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY


def read_bounded(path: Path, limit: int, patience: float = 0.0) -> bytes:
    """The content; of what is longer than `limit` bytes one byte more, so that it shows.

    Raises OSError, TimeoutError for a pipe that is silent for `patience` seconds, and ValueError.
    """
    whole = bytearray()
    with open(path, "rb", buffering=0, opener=lambda name, _: os.open(name, _FLAGS)) as file:
        while len(whole) <= limit:
            part = file.read(min(1 << 20, limit + 1 - len(whole)))
            if part is None and not select.select([file], [], [], patience)[0]:
                raise TimeoutError(errno.ETIMEDOUT, "a pipe that stays silent")
            if part == b"":
                break
            whole += part or b""
        if not whole and not stat.S_ISREG(os.fstat(file.fileno()).st_mode):
            raise OSError(errno.ENODATA, "a pipe or device that gives nothing")
    return bytes(whole)


def write_whole(path: Path, content: bytes) -> None:
    """Replace a file, whole or not at all, readable by its owner alone. Raises OSError."""
    descriptor, unfinished = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content)
        os.replace(unfinished, path)
    except OSError:
        with contextlib.suppress(OSError):
            os.unlink(unfinished)
        raise
