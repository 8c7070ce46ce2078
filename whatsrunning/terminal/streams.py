"""Where a call reads and writes: streams, terminal, width, colour and the clock, as arguments."""

import contextlib
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
    """The outside of one call: `terminal` is about stdout, `animated` about stderr.

    `width` is in columns; `started` is on the monotonic clock.
    """

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
    env, stdout, stderr = dict(os.environ), _open(sys.stdout), _open(sys.stderr)
    terminal, drawing = stdout.isatty(), env.get("TERM") not in _PLAIN_TERMINALS
    # Python writes UTF-8 in the C locale too; whoever insists on it gets ASCII.
    is_c_locale = env.get("LC_ALL") in ("C", "POSIX")
    return Io(
        stdout=stdout,
        stderr=stderr,
        env=env,
        terminal=terminal,
        animated=stderr.isatty() and drawing,
        width=_width(env, stdout if terminal else None),
        colour=colour(env, terminal),
        links=terminal and drawing,
        unicode=_draws_unicode(stdout.encoding) and not is_c_locale,
        started=_process_started(),
    )


def colour(env: Mapping[str, str], terminal: bool) -> bool:
    """NO_COLOR off, then FORCE_COLOR and CLICOLOR_FORCE on, then TERM=dumb and CLICOLOR=0 off.

    https://no-color.org and https://bixense.com/clicolors
    """
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
    return replace(io, width=_width(io.env, io.stdout)), _terminal_size(io.stdout).lines or 24


def mute(stream: TextIO) -> None:
    """Send what is left in a stream whose reader went away (`| head -1`) to nowhere."""
    with contextlib.suppress(OSError, ValueError), open(os.devnull, "wb") as nowhere:
        os.dup2(nowhere.fileno(), stream.fileno())


def _open(stream: TextIO | None) -> TextIO:
    if stream is None:  # started with `>&-`
        return open(os.devnull, "w", encoding="utf-8")
    reconfigure = getattr(stream, "reconfigure", None)
    if reconfigure is not None:
        reconfigure(errors="replace" if _draws_unicode(stream.encoding) else "backslashreplace")
    return stream


def _draws_unicode(encoding: str | None) -> bool:
    return (encoding or "").lower().replace("-", "").replace("_", "").startswith("utf")


def _width(env: Mapping[str, str], terminal: TextIO | None) -> int:
    columns = env.get("COLUMNS", "")
    if columns.isdecimal() and columns.strip("0"):
        width = int(columns[:9])
    else:
        width = _terminal_size(terminal).columns or WIDTH
    return min(max(width, _NARROWEST), _WIDEST)


def _terminal_size(terminal: TextIO | None) -> os.terminal_size:
    """Columns and lines; 0 where nobody knows."""
    if terminal is not None:
        with contextlib.suppress(OSError, ValueError):
            return os.get_terminal_size(terminal.fileno())
    return os.terminal_size((0, 0))


def _process_started() -> float:
    """When this process began, on the monotonic clock: the deadline counts Python's start too."""
    now = time.monotonic()
    try:
        # `starttime`, in clock ticks since boot; the name before it may hold blanks and brackets:
        # https://man7.org/linux/man-pages/man5/proc_pid_stat.5.html
        stat = Path("/proc/self/stat").read_text(encoding="ascii", errors="replace")
        ticks = int(stat.rpartition(")")[2].split()[19])
        age = time.clock_gettime(time.CLOCK_BOOTTIME) - ticks / os.sysconf("SC_CLK_TCK")
    except (OSError, ValueError, IndexError, AttributeError):
        age = time.process_time()
    return now - max(0.0, age)
