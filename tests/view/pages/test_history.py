"""What is said of what ran before."""

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any, Literal

import pytest

from tests.reports import NOW, SAMPLES
from tests.reports.parts import NEW
from tests.view.reading import lines, page
from whatsrunning.facts.answers import Problem
from whatsrunning.report.commands import History, Period
from whatsrunning.view.page import blocks


def minutes_ago(minutes: float) -> datetime:
    """An instant before the look."""
    return NOW - timedelta(minutes=minutes)


@pytest.mark.parametrize(
    ("name", "said"),
    [
        (
            "history",
            "api | 137d3e91c40b | 2026-11-24T17:52:40Z | gone, last seen 2026-11-24T21:12:40Z",
        ),
        (
            "history",
            "mail | 137d3e91c40b | 2026-11-24T01:12:40Z | not known, last seen 2026-11-24T02",
        ),
        ("history", "covers 2026-11-19T21:12:40Z (6 days ago) and later; before its oldest row"),
    ],
)
def test_words(name: str, said: str) -> None:
    assert said in page(name)


def _page(*entries: Period, **more: Any) -> str:
    history = History(entries, minutes_ago(90), **more)
    report = replace(SAMPLES["history"], complete=False, history=history)
    return "\n".join(lines(blocks(report, NOW)))


def test_a_revision_that_is_not_known_is_not_called_none() -> None:
    problem = Problem("registry", "r.test", "timeout", "r.test did not answer", "try again")
    row = Period("web", "prod", "", minutes_ago(9), None, "created", "running", problem=problem)
    assert "web | unknown (p1) | " in _page(row)
    assert "web | no revision | " in _page(replace(row, problem=None))


@pytest.mark.parametrize(
    ("ended", "until", "said"),
    [
        ("running", None, "web: 157d3e91c40b 1 h ago"),
        ("ended", 20, "web: 157d3e91c40b until 20 min ago, nothing since"),
        ("ended", None, "web: 157d3e91c40b gone, nothing since"),
        ("not-known", None, "web: 157d3e91c40b whether it still serves is not known"),
    ],
)
def test_what_became_of_a_service_in_a_window(
    ended: Literal["running", "ended", "not-known"], until: int | None, said: str
) -> None:
    end = minutes_ago(until) if until else None
    row = Period("web", "prod", NEW, minutes_ago(90), end, "a look", ended)
    history = History((row,), minutes_ago(90), minutes_ago(100), ("web",))
    report = replace(SAMPLES["ps"], history=history)
    assert said in "\n".join(lines(blocks(report, NOW)))
