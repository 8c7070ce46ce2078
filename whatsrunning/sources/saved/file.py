"""A saved look: the file that --save writes and that `replay` reads."""

from pathlib import Path

from whatsrunning.facts.store import Snapshot
from whatsrunning.files import read_bounded, write_whole
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
    """Save a look, readable by its owner alone, whole or not at all. Why it failed, or nothing."""
    content = to_text(snapshot).encode()
    try:
        path = path.resolve()  # a link is followed
        if path.exists() and not path.is_file():  # /dev/null, a pipe: never put away
            return "is a directory" if path.is_dir() else "is not a plain file"
        write_whole(path, content)
    except (OSError, ValueError, RuntimeError) as error:
        return (getattr(error, "strerror", None) or "cannot be written").lower()
    return ""
