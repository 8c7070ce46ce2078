"""Watching: what is drawn, and a clean end."""

import json
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]

from tests.program import clean_environment

PATIENT = 30


def _watch(home: Path, *words: str) -> "subprocess.Popen[str]":
    command = [
        sys.executable,
        "-m",
        "whatsrunning",
        "-H",
        "unix:///dev/null/none.sock",
        "-w",
        *words,
    ]
    return subprocess.Popen(
        command,
        env=clean_environment(home),
        cwd="/",
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )


def test_one_json_document_a_line_until_interrupted(tmp_path: Path) -> None:
    watching = _watch(tmp_path, "-o", "json")
    assert watching.stdout is not None
    documents = [json.loads(watching.stdout.readline()) for _ in range(2)]
    watching.send_signal(signal.SIGINT)
    _, stderr = watching.communicate(timeout=PATIENT)
    assert watching.returncode == 130
    assert stderr == ""
    assert documents[0]["taken_at"] < documents[1]["taken_at"]
    assert documents[0]["engines"][0]["status"] == "unreachable"


def test_a_watch_ends_when_nobody_reads(tmp_path: Path) -> None:
    watching = _watch(tmp_path, "-o", "json")
    assert watching.stdout is not None
    assert watching.stdout.readline()
    watching.stdout.close()
    assert watching.wait(timeout=PATIENT) == 0
    assert watching.stderr is not None
    assert watching.stderr.read() == ""
    watching.stderr.close()


def _terminal(home: Path, *words: str) -> Any:
    return pexpect.spawn(
        sys.executable, ["-m", "whatsrunning", *words], env=clean_environment(home), cwd="/",
        encoding="utf-8", timeout=PATIENT, dimensions=(30, 100),
    )  # fmt: skip


def test_a_terminal_is_drawn_over_and_left_clean(tmp_path: Path) -> None:
    child = _terminal(tmp_path, "-w", "-H", "unix:///dev/null/none.sock")
    for _ in range(2):
        child.expect_exact("\x1b[H")
        child.expect_exact("\x1b[J")
    child.sendintr()
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 130
    assert "Traceback" not in child.before
