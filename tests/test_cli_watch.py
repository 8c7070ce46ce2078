"""Watching and the spinner: what changed, what is drawn, and a clean end."""

import json
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime
from io import StringIO
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.hand_made import snapshot
from tests.program import clean_environment, whatsrunning
from whatsrunning.app.watch import changes as watch_changes
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.queries import EngineInfo, RegistryTags
from whatsrunning.facts.query import Query
from whatsrunning.facts.store import FactStore
from whatsrunning.report.report import Report
from whatsrunning.sources.saved.codec import to_text
from whatsrunning.terminal.spinner import PATIENCE as AFTER
from whatsrunning.terminal.spinner import spinner
from whatsrunning.verdicts.report import judge

PATIENT = 30


@pytest.fixture(scope="module")
def report() -> Report:
    look = snapshot()
    answers: Any = look.answers
    return judge(FactStore(answers, last=True), look.scope, look.taken_at)


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        ({}, ""),
        ({"state": "exited"}, "shop-db-1 on prod: running -> exited"),
        ({"health": "unhealthy"}, "shop-db-1 on prod: running -> running (unhealthy)"),
        ({"id": "f" * 64}, "shop-db-1 on prod: replaced"),
        ({"id": "f" * 64, "state": "created"}, "shop-db-1 on prod: replaced, running -> created"),
        ({"name": "a\x1b[2J\nb"}, "shop-db-1 on prod is gone|a b on prod is new: running"),
    ],
)
def test_what_changed(report: Report, change: dict[str, Any], expected: str) -> None:
    first, *rest = report.containers
    assert first.name == "shop-db-1"
    after = replace(report, containers=(replace(first, **change), *rest))
    assert "|".join(one.what for one in watch_changes.changes(report, after)) == expected


def test_an_engine_that_goes_away_takes_no_container_with_it(report: Report) -> None:
    down = replace(report.engines[0], status="unreachable")
    after = replace(report, engines=(down,), containers=())
    assert [one.what for one in watch_changes.changes(report, after)] == [
        "engine prod: ok -> unreachable"
    ]
    assert [one.what for one in watch_changes.changes(after, report)] == [
        "engine prod: unreachable -> ok"
    ]


def test_a_frame_fits_the_terminal() -> None:
    drawn = watch_changes.frame("".join(f"line {number}\n" for number in range(40)), 10)
    assert drawn.startswith("\x1b[Hline 0\x1b[K\n")
    assert drawn.count("\n") == 9
    assert "... 32 more lines" in drawn
    assert watch_changes.frame("one\n", 10) == "\x1b[Hone\x1b[K\n\x1b[J"


def test_the_newest_changes_are_shown() -> None:
    at = datetime(2026, 2, 1, tzinfo=UTC)
    shown = watch_changes.seen(
        tuple(watch_changes.WatchChange(at, f"change {number}") for number in range(20))
    )
    assert shown.splitlines()[2].endswith("change 19")
    assert len(shown.splitlines()) == 10
    assert watch_changes.seen(()) == ""


def test_engines_are_asked_every_time_and_the_rest_now_and_then() -> None:
    late: Answer[Any] = Unknown(Problem("registry", "r", "timeout", "late"))
    found, unknown = RegistryTags("r/found"), RegistryTags("r/late")
    answers: dict[Query[Any], Answer[Any]] = {
        EngineInfo("prod"): Nothing(),
        found: Found(()),
        unknown: late,
    }
    kept = watch_changes.keep({}, answers, 100.0)
    assert set(watch_changes.known(kept, 101.0)) == {found, unknown}
    again = watch_changes.keep(watch_changes.known(kept, 150.0), answers, 150.0)
    assert set(watch_changes.known(again, 170.0)) == {found}
    assert watch_changes.known(again, 500.0) == {}


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
    child = _terminal(tmp_path, "-H", mute_engine, "--timeout", "60", "--offline")
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
    assert drawn.at - began >= AFTER
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


@pytest.mark.parametrize(
    ("pager", "height", "shown", "hidden"),
    [
        ("{home}/pager", 10, "PAGED", "nothing"),
        ("{home}/pager --all", 200, "worker", "PAGED"),
        ("{home}/quits", 10, "QUIT", "worker"),
        ("{home}/not-there", 10, "worker", "PAGED"),
        ("cat", 10, "worker", "PAGED"),
        ("'unbalanced", 10, "worker", "PAGED"),
    ],
)
def test_a_long_table_goes_through_the_pager(
    tmp_path: Path, pager: str, height: int, shown: str, hidden: str
) -> None:
    look = tmp_path / "look.json"
    look.write_text(to_text(snapshot()))
    for name, script in {"pager": "echo PAGED; cat; echo END", "quits": "echo QUIT"}.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{script}\n")
        (tmp_path / name).chmod(0o755)
    env = clean_environment(tmp_path) | {"PAGER": pager.format(home=tmp_path)}
    child = pexpect.spawn(
        sys.executable, ["-m", "whatsrunning", "replay", str(look)], env=env, cwd="/",
        encoding="utf-8", timeout=PATIENT, dimensions=(height, 100),
    )  # fmt: skip
    child.expect(pexpect.EOF)
    child.close()
    assert child.exitstatus == 0
    assert shown in child.before
    assert hidden not in child.before
    assert "Traceback" not in child.before


def test_under_sudo_it_says_whose_settings_were_read(tmp_path: Path) -> None:
    look = tmp_path / "look.json"
    look.write_text(to_text(snapshot()))
    done = whatsrunning("replay", str(look), home=tmp_path, env={"SUDO_USER": "alice"})
    assert done.code == 0
    assert done.stderr.count("\n") == 1
    assert f"those of {tmp_path}, not alice's" in done.stderr
