"""A saved look: the file that --save writes and that `replay` reads."""

import os
import tempfile
from pathlib import Path

from whatsrunning.facts.store import Snapshot
from whatsrunning.files import read_bounded
from whatsrunning.sources.saved.codec import LARGEST, UnreadableSnapshot, from_text, to_text

_PATIENCE = 10.0  # seconds that a pipe may be silent: `ssh prod ... | ... replay /dev/stdin`


def read(path: Path) -> Snapshot | UnreadableSnapshot:
    """The look saved in a file, or why there is none."""
    try:
        return from_text(read_bounded(path, LARGEST, _PATIENCE).decode("utf-8"))
    except UnicodeDecodeError:
        return UnreadableSnapshot("it is not text")
    except (OSError, ValueError) as error:
        return UnreadableSnapshot((getattr(error, "strerror", None) or "it cannot be read").lower())


def write(path: Path, snapshot: Snapshot) -> str:
    """Save a look, readable by its owner alone, whole or not at all. Why it failed, or nothing.

    A link is followed. What is there and is no file (/dev/null, a pipe) is never put away.
    """
    try:
        path = path.resolve()
        if path.exists() and not path.is_file():
            return "is a directory" if path.is_dir() else "is not a plain file"
        handle, unfinished = tempfile.mkstemp(prefix=f".{path.name}-", dir=path.parent)
    except (OSError, ValueError, RuntimeError) as error:
        return (getattr(error, "strerror", None) or "cannot be written").lower()
    try:
        with os.fdopen(handle, "w", encoding="utf-8") as file:
            file.write(to_text(snapshot))
        Path(unfinished).replace(path)
    except OSError as error:
        Path(unfinished).unlink(missing_ok=True)
        return (error.strerror or "cannot be written").lower()
    return ""
