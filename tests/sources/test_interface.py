"""What adapters share: causes, this machine's names, and programs that end."""

import subprocess
import threading
import time
from pathlib import Path

import pytest
import urllib3

from whatsrunning.facts.answers import Problem
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.interface import (
    causes_of,
    end_process,
    explained,
    held,
    host_name,
    is_loopback,
    run_bounded,
)


def test_causes_are_found_wherever_they_hide() -> None:
    inner, outer = ConnectionRefusedError(), OSError("outer")
    outer.__cause__ = inner
    hidden = urllib3.exceptions.MaxRetryError(urllib3.HTTPConnectionPool("h"), "/", outer)
    assert causes_of(hidden) == (hidden, outer, inner)


def test_causes_in_a_circle_are_told_once() -> None:
    first, second = OSError(), ValueError()
    first.__cause__, second.__cause__ = second, first
    assert causes_of(first) == (first, second)


def test_the_first_row_of_a_table_explains() -> None:
    table = (
        (KeyError, "a", "b", "c"),
        ((ConnectionError, ValueError), "code", "message", "hint"),
        (OSError, "d", "e", "f"),
    )
    assert explained([OSError(), ConnectionResetError()], table) == ("code", "message", "hint")
    assert explained([TypeError()], table) is None


@pytest.mark.parametrize(
    ("netloc", "name"),
    [
        ("Registry.Example:5000", "registry.example"),
        ("registry.example", "registry.example"),
        ("[::1]:5000", "::1"),
        ("[::1]", "::1"),
        ("::1", "::1"),
        ("127.0.0.1:80", "127.0.0.1"),
    ],
)
def test_the_name_of_a_host(netloc: str, name: str) -> None:
    assert host_name(netloc) == name


@pytest.mark.parametrize(
    ("netloc", "expected"),
    [
        ("localhost", True),
        ("LOCALHOST:80", True),
        ("127.8.9.1:5000", True),
        ("[::1]:443", True),
        ("::1", True),
        ("127.0.0.1.example", False),
        ("localhost.example", False),
        ("10.0.0.1", False),
        ("", False),
    ],
)
def test_what_is_this_machine(netloc: str, expected: bool) -> None:
    assert is_loopback(netloc) is expected


def test_a_lock_that_another_holds_is_late() -> None:
    lock, late = threading.Semaphore(), SourceError(Problem("engine", "x", "timeout", "late"))
    with held(lock, Deadline.after(60), late):
        with pytest.raises(SourceError) as caught, held(lock, Deadline.after(0.01), late):
            pass
        assert caught.value is late
    with held(lock, Deadline.after(0), late):
        pass  # free again


def test_a_program_is_given_its_input_and_environment() -> None:
    command = ["/bin/sh", "-c", "cat; echo $WORD; exit 3"]
    assert run_bounded(command, {"WORD": "x"}, 60, b"in ") == (3, b"in x\n")


def test_a_program_that_is_not_there(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="No such file"):
        run_bounded([str(tmp_path / "nosuch")], {}, 60)


def test_a_program_ends_with_what_it_started(tmp_path: Path) -> None:
    """The program itself is gone by then; what it left behind holds its output open."""
    pid = tmp_path / "pid"
    command = ["/bin/sh", "-c", f"sleep 600 & echo $! > {pid}"]
    started = time.monotonic()
    with pytest.raises(subprocess.TimeoutExpired):
        run_bounded(command, {"PATH": "/usr/bin:/bin"}, 1)
    assert time.monotonic() - started < 30
    _check_ended(int(pid.read_text()))


@pytest.mark.parametrize(
    ("script", "kindly", "code"),
    [
        ("trap 'exit 7' TERM", True, 7),
        ("trap 'exit 7' TERM", False, -9),
        ("trap '' TERM", True, -9),
    ],
    ids=["kindly", "at once", "deaf"],
)
def test_a_process_is_ended(script: str, *, kindly: bool, code: int) -> None:
    command = ["/bin/sh", "-c", f"{script}; echo ready; while :; do sleep 0.05; done"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, start_new_session=True) as process:
        assert process.stdout is not None
        process.stdout.readline()
        end_process(process, kindly=kindly)
        assert process.wait(60) == code
        end_process(process)  # nothing is left to end


def _check_ended(pid: int) -> None:
    ends = time.monotonic() + 60
    status = Path(f"/proc/{pid}/stat")
    while status.exists() and status.read_text().split()[2] != "Z":
        assert time.monotonic() < ends
        time.sleep(0.02)
