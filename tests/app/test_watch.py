"""Watching: what changed between two looks, how it is drawn, and a clean end."""

import json
import signal
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import pexpect  # type: ignore[import-untyped]
import pytest

from tests.hand_made import snapshot
from tests.program import clean_environment
from whatsrunning.app.watch import AnswerCache, changes, frame, log_text
from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.facts.engine import EngineInfo
from whatsrunning.facts.query import Answers
from whatsrunning.facts.registry import RegistryTags
from whatsrunning.facts.store import FactStore
from whatsrunning.report.report import Report
from whatsrunning.text import utc
from whatsrunning.verdicts.report import judge

PATIENT = 30


@pytest.fixture(scope="module")
def report() -> Report:
    look = snapshot()
    answers: Any = look.answers
    return judge(FactStore(answers, last=True), look.scope, look.taken_at)


def _lines(previous: Report, report: Report) -> list[str]:
    """The changes without their time, which is the later look's."""
    lines = changes(previous, report)
    time = f"{utc(report.taken_at)}  "
    assert all(line.startswith(time) for line in lines)
    return [line.removeprefix(time) for line in lines]


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
    ids=[
        "nothing",
        "its state",
        "its health",
        "a new container of the same name",
        "a new container in another state",
        "another name, made safe to show",
    ],
)
def test_what_changed(report: Report, change: dict[str, Any], expected: str) -> None:
    first, *rest = report.containers
    assert first.name == "shop-db-1"
    after = replace(report, containers=(replace(first, **change), *rest))
    assert "|".join(_lines(report, after)) == expected


def test_an_engine_that_goes_away_takes_no_container_with_it(report: Report) -> None:
    down = replace(report.engines[0], status="unreachable")
    after = replace(report, engines=(down,), containers=())
    assert _lines(report, after) == ["engine prod: ok -> unreachable"]
    assert _lines(after, report) == ["engine prod: unreachable -> ok"]


def test_a_frame_fits_the_terminal() -> None:
    drawn = frame("".join(f"line {number}\n" for number in range(40)), 10)
    assert drawn.startswith("\x1b[Hline 0\x1b[K\n")
    assert drawn.count("\n") == 9
    assert "... 32 more lines" in drawn
    assert frame("one\n", 10) == "\x1b[Hone\x1b[K\n\x1b[J"


def test_the_newest_changes_are_shown() -> None:
    shown = log_text([f"change {number}" for number in range(20)])
    assert shown.splitlines()[2].endswith("change 19")
    assert len(shown.splitlines()) == 10
    assert log_text([]) == ""


def test_engines_are_asked_every_time_and_the_rest_now_and_then() -> None:
    found, unknown = RegistryTags("r/found"), RegistryTags("r/late")
    late = Unknown(Problem("registry", "r", "timeout", "late"))
    answers: Answers = {EngineInfo("prod"): Nothing(), found: Found(()), unknown: late}
    cache = AnswerCache()
    cache.keep(answers, 100.0)
    assert cache.fresh(101.0) == {found: Found(()), unknown: late}
    cache.keep(answers, 150.0)
    assert set(cache.fresh(170.0)) == {found}
    assert cache.fresh(500.0) == {}


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
