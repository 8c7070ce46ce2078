"""The spinner: what is waited for, drawn late, and gone at the end."""

import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from io import StringIO
from pathlib import Path

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.program import clean_environment, whatsrunning
from whatsrunning.terminal.spinner import PATIENCE, spinner

PATIENT = 30


@pytest.fixture
def listener(tmp_path: Path) -> Iterator[socket.socket]:
    """A socket that takes connections and says nothing."""
    with socket.socket(socket.AF_UNIX) as listener:
        listener.bind(str(tmp_path / "mute.sock"))
        listener.listen()
        listener.settimeout(PATIENT)
        yield listener


@pytest.fixture
def mute_engine(listener: socket.socket) -> str:
    return f"unix://{listener.getsockname()}"


def test_the_spinner_says_what_is_waited_for(
    tmp_path: Path, listener: socket.socket, mute_engine: str
) -> None:
    child = pexpect.spawn(
        sys.executable,
        ["-m", "whatsrunning", "-H", mute_engine, "--timeout", "60", "--offline"],
        env=clean_environment(tmp_path), cwd="/", encoding="utf-8", timeout=PATIENT,
        dimensions=(30, 100),
    )  # fmt: skip
    child.expect_exact("waiting for engine default")
    listener.close()  # and the engine hangs up
    child.expect_exact("\r\x1b[K")
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 4
    assert "waiting" not in child.before.rpartition("\x1b[K")[2]


def test_the_spinner_waits_before_it_draws() -> None:
    drawn = _Timed()
    began = time.monotonic()
    with spinner(drawn, 80, unicode=False) as waiting:
        waiting(frozenset({"registry r", "engine \x1b[2Jprod"}))
        assert drawn.first.wait(PATIENT)
    assert drawn.at - began >= PATIENCE
    assert "waiting for engine prod, registry r" in drawn.getvalue()
    assert drawn.getvalue().endswith("\r\x1b[K")
    assert "\x1b[2J" not in drawn.getvalue()


def test_a_quick_answer_draws_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("whatsrunning.terminal.spinner.PATIENCE", PATIENT)
    drawn = StringIO()
    with spinner(drawn, 80, unicode=True) as waiting:
        waiting(frozenset({"engine prod"}))
    assert drawn.getvalue() == ""


class _Timed(StringIO):
    """Knows when it was first written to."""

    def __init__(self) -> None:
        super().__init__()
        self.first, self.at = threading.Event(), 0.0

    def write(self, text: str) -> int:
        if not self.first.is_set():
            self.at = time.monotonic()
            self.first.set()
        return super().write(text)


def test_no_spinner_without_a_terminal(tmp_path: Path, mute_engine: str) -> None:
    done = whatsrunning("-H", mute_engine, "--timeout", "1", "--offline", home=tmp_path)
    assert (done.code, done.stderr) == (4, "")
    assert "waiting" not in done.stdout


def test_ctrl_c_ends_a_look(tmp_path: Path, listener: socket.socket, mute_engine: str) -> None:
    words = [sys.executable, "-m", "whatsrunning", "-H", mute_engine, "--timeout", "60"]
    looking = subprocess.Popen(
        words, env=clean_environment(tmp_path), cwd="/", stderr=subprocess.PIPE, text=True
    )
    with listener.accept()[0]:
        looking.send_signal(signal.SIGINT)
        _, stderr = looking.communicate(timeout=PATIENT)
    assert (looking.returncode, stderr) == (130, "")
