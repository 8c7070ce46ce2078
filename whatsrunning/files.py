"""Files that others wrote, read within bounds of bytes and seconds; our own written whole."""

import contextlib
import errno
import os
import select
import stat
import tempfile
from pathlib import Path


def read_bounded(path: Path, limit: int, patience: float = 0.0) -> bytes:
    """The content; of what is longer than `limit` bytes one byte more, so that it shows.

    A pipe may be silent for `patience` seconds, then it is a TimeoutError. Raises OSError, and
    ValueError for a path that cannot be one.
    """
    descriptor = os.open(path, os.O_RDONLY | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
    try:
        return _until_its_end(descriptor, limit, patience)
    finally:
        os.close(descriptor)


def _until_its_end(descriptor: int, limit: int, patience: float) -> bytes:
    whole = bytearray()
    while len(whole) <= limit:
        try:
            part = os.read(descriptor, min(1 << 20, limit + 1 - len(whole)))
        except BlockingIOError:
            if not select.select([descriptor], [], [], patience)[0]:
                raise TimeoutError(errno.ETIMEDOUT, "a pipe that stays silent") from None
            continue
        if not part:
            break
        whole += part
    if not whole and not stat.S_ISREG(os.fstat(descriptor).st_mode):
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
