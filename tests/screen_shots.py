"""A real terminal to take pictures of: tmux with a server, a socket and a clock of its own."""

import re
import subprocess
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

LONGEST = 90.0
"""Seconds that anything on the screen may take to appear, on a machine that is busy."""
_LINK = re.compile(r"\x1b\]8;[^\x1b\x07]*(?:\x1b\\|\x07)")
_STYLE = re.compile(r"\x1b\[([0-9;]*)m")
_LIT = re.compile(r"3[0-7]|[12]")


@dataclass(frozen=True, slots=True)
class Tmux:
    """One tmux server; panes are sessions of it, by name."""

    socket: Path

    def open(
        self, name: str, columns: int, lines: int, command: str, env: Mapping[str, str]
    ) -> None:
        """Run a shell command in a terminal of that size."""
        told = [part for key, value in env.items() for part in ("-e", f"{key}={value}")]
        size = ["-x", str(columns), "-y", str(lines)]
        self._run("new-session", "-d", "-s", name, *size, *told, command, env=env)

    def keys(self, name: str, *keys: str) -> None:
        """Type these keys, as tmux names them."""
        self._run("send-keys", "-t", name, *keys)

    def text(self, name: str, *options: str) -> str:
        """What stands in a terminal, from the first line that scrolled away."""
        return self._run("capture-pane", "-p", "-t", name, "-S", "-", *options)

    def until(self, name: str, marker: str) -> None:
        """Wait for a text to stand there."""
        ends = time.monotonic() + LONGEST
        while marker not in (shown := self.text(name)):
            assert time.monotonic() < ends, f"{marker!r} did not appear in:\n{shown}"
            time.sleep(0.05)

    def _run(self, *words: str, env: Mapping[str, str] | None = None) -> str:
        command = ["tmux", "-u", "-S", str(self.socket), "-f", "/dev/null", *words]
        done = subprocess.run(
            command, env=env and dict(env), stdin=subprocess.DEVNULL, capture_output=True,
            text=True, encoding="utf-8", timeout=LONGEST, check=False,
        )  # fmt: skip
        assert done.returncode == 0, (words, done.stderr)
        return done.stdout


@contextmanager
def tmux(folder: Path, env: Mapping[str, str]) -> Iterator[Tmux]:
    """A server with its socket in that folder, gone afterwards with all that runs in it."""
    server = Tmux(folder / "tmux")
    server.open("keep", 80, 24, "cat", env)
    try:
        yield server
    finally:
        server._run("kill-server")


def canonical(text: str) -> list[str]:
    """The captured lines with one escape sequence a style, whatever this tmux writes; no links."""
    lines, line, lit, now = list[str](), "", frozenset[str](), ""
    for place, part in enumerate(_STYLE.split(_LINK.sub("", text))):
        if place % 2:
            lit = _after(lit, part)
            continue
        for row, said in enumerate(part.split("\n")):
            if row:
                lines.append(line.rstrip() + ("\x1b[0m" if now else ""))
                line, now = "", ""
            style = ";".join(sorted(lit))
            if said and style != now:
                line += ("\x1b[0m" if now else "") + (f"\x1b[{style}m" if style else "")
                now = style
            line += said
    return [*lines, line]


def _after(lit: frozenset[str], codes: str) -> frozenset[str]:
    """The codes that hold after a sequence: 1 bold, 2 dim, 30 to 37 the colour."""
    for code in codes.split(";"):
        if code in ("", "0"):
            lit = frozenset()
        elif code == "22":
            lit -= {"1", "2"}
        elif code not in ("39", "49"):
            assert _LIT.fullmatch(code), f"a style that the program does not use: {code}"
            lit = (lit if len(code) == 1 else _uncoloured(lit)) | {code}
        else:
            lit = _uncoloured(lit)
    return lit


def _uncoloured(lit: frozenset[str]) -> frozenset[str]:
    return lit & {"1", "2"}


def bare(line: str) -> str:
    """A line without any escape sequence."""
    return _STYLE.sub("", line).rstrip()
