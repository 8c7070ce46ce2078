"""What changed between two looks, how it is drawn, and what need not be asked again."""

from dataclasses import replace
from typing import Any

import pytest

from tests.hand_made import snapshot
from whatsrunning.app.watch.changes import AnswerCache, changes, frame, log_text
from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.facts.engine import EngineInfo
from whatsrunning.facts.query import Answers
from whatsrunning.facts.registry import RegistryTags
from whatsrunning.facts.store import FactStore
from whatsrunning.report.report import Report
from whatsrunning.text import utc
from whatsrunning.verdicts.report import judge


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
