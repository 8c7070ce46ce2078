"""Refusals with stable codes, the exit codes, and the place of a fault of ours."""

import os
from difflib import get_close_matches
from enum import IntEnum


class Exit(IntEnum):
    """The exit codes, a public contract; `help exit-codes` says the same in words."""

    OK = 0
    NO = 1
    USAGE = 2
    UNVOUCHED = 3
    NO_ENGINE = 4
    FAULT = 70
    INTERRUPTED = 130


class Refused(Exception):
    """Nothing can be shown: a stable code, a message that names the thing, and the next step."""

    def __init__(
        self, code: str, message: str, hint: str = "", exit_code: Exit = Exit.USAGE
    ) -> None:
        super().__init__(message)
        self.code, self.message, self.hint, self.exit = code, message, hint, exit_code


def nearest(word: str, known: list[str]) -> str:
    """A hint that names the known words closest to this one, or all of a few; empty without any."""
    close = get_close_matches(word, known, n=3, cutoff=0.5)
    if close:
        return f"did you mean {' or '.join(close)}?"
    if not known:
        return ""
    shown = ", ".join(sorted(known)[:8])
    return f"known: {shown}" + (f" and {len(known) - 8} more" if len(known) > 8 else "")


def whereabouts(error: BaseException) -> str:
    """A fault's type and place. Never its text, which may hold what was read."""
    import traceback

    frames = traceback.extract_tb(error.__traceback__)[-1:]
    places = (f" at {os.path.basename(frame.filename)}:{frame.lineno}" for frame in frames)
    return type(error).__name__ + "".join(places)
