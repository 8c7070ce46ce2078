"""Where a call reads and writes: streams, terminal, width, colour and the clock, as arguments."""

import os
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TextIO

WIDTH = 80
"""Columns where nobody says how many there are."""

_NARROWEST, _WIDEST = 20, 1000
_PLAIN_TERMINALS = (None, "", "dumb", "linux")
"""What shows no links; only the last of them has colours."""


@dataclass(frozen=True, slots=True)
class Io:
    """The outside of one call: `terminal` is about stdout, `animated` about stderr."""

    stdout: TextIO
    stderr: TextIO
    env: Mapping[str, str] = field(repr=False)
    terminal: bool = False
    animated: bool = False
    width: int = WIDTH
    colour: bool = False
    links: bool = False
    unicode: bool = True
    now: Callable[[], datetime] = lambda: datetime.now(UTC)
    started: float = field(default_factory=time.monotonic)


def of_process() -> Io:
    """The streams of this process; a standard stream that is closed swallows what is written."""
    stdout, stderr = _open(sys.stdout), _open(sys.stderr)
    terminal = stdout.isatty()
    return Io(
        stdout=stdout,
        stderr=stderr,
        env=dict(os.environ),
        terminal=terminal,
        animated=stderr.isatty() and os.environ.get("TERM") not in _PLAIN_TERMINALS,
        width=_width(os.environ, stdout if terminal else None),
        colour=colour(os.environ, terminal),
        links=terminal and os.environ.get("TERM") not in _PLAIN_TERMINALS,
        unicode=_draws_unicode(stdout.encoding) and not _is_c_locale(os.environ),
        started=_process_started(),
    )


def _process_started() -> float:
    """When this process began, on the monotonic clock: the deadline counts Python's start too."""
    now = time.monotonic()
    try:
        words = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace")
        ticks = int(words.rpartition(")")[2].split()[19])
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        age = time.process_time()
    return now - max(0.0, age)


def colour(env: Mapping[str, str], terminal: bool) -> bool:
    """NO_COLOR off, then FORCE_COLOR and CLICOLOR_FORCE on, then TERM=dumb and CLICOLOR=0 off."""
    if env.get("NO_COLOR"):
        return False
    if any(env.get(name, "0") not in ("", "0") for name in ("FORCE_COLOR", "CLICOLOR_FORCE")):
        return True
    capable = env.get("TERM") not in ("dumb", "", None)
    return terminal and capable and env.get("CLICOLOR") != "0"


def write(text: str, io: Io) -> bool:
    """Write to stdout; whether somebody still reads it (`| head -1` goes away, and is no error)."""
    try:
        io.stdout.write(text)
        io.stdout.flush()
    except BrokenPipeError:
        mute(io.stdout)
        return False
    return True


def tell(text: str, io: Io) -> None:
    """Write to stderr; where that cannot be written, the answer and the exit code still stand."""
    try:
        io.stderr.write(text)
        io.stderr.flush()
    except OSError:
        mute(io.stderr)


def resized(io: Io) -> tuple[Io, int]:
    """The streams with the terminal's width as it is now, and its height in lines."""
    try:
        lines = os.get_terminal_size(io.stdout.fileno()).lines
    except (OSError, ValueError):
        lines = 0
    return replace(io, width=_width(io.env, io.stdout)), lines or 24


def mute(stream: TextIO) -> None:
    """Send what is left in a stream whose reader went away (`| head -1`) to nowhere."""
    nowhere = os.open(os.devnull, os.O_WRONLY)
    try:
        os.dup2(nowhere, stream.fileno())
    except (OSError, ValueError):
        pass
    finally:
        os.close(nowhere)


def _open(stream: TextIO | None) -> TextIO:
    if stream is None:  # started with `>&-`
        return open(os.devnull, "w", encoding="utf-8")
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace" if _draws_unicode(stream.encoding) else "backslashreplace")
    return stream


def _draws_unicode(encoding: str | None) -> bool:
    return (encoding or "").lower().replace("-", "").replace("_", "").startswith("utf")


def _is_c_locale(env: Mapping[str, str]) -> bool:
    """Whether somebody insists on the C locale, where Python writes UTF-8 all the same."""
    return env.get("LC_ALL") in ("C", "POSIX")


def _width(env: Mapping[str, str], terminal: TextIO | None) -> int:
    told = env.get("COLUMNS", "")
    if told.isdecimal() and told.strip("0"):
        return min(max(int(told[:9]), _NARROWEST), _WIDEST)
    try:
        columns = os.get_terminal_size(terminal.fileno()).columns if terminal else WIDTH
    except (OSError, ValueError):
        columns = WIDTH
    return min(max(columns or WIDTH, _NARROWEST), _WIDEST)
