"""Every format says what the JSON says, field by field: samples of every verdict, and the demo."""

import json
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

import pytest

from tests.render.reading import entries, says
from tests.render.wanted import Document
from tests.reports import NOW, SAMPLES
from tests.reports.demo import VIEWS, demo_report
from whatsrunning.render.formats import FORMATS, render
from whatsrunning.render.settings import RenderSettings
from whatsrunning.report.report import Report

PAGES: dict[str, tuple[Report, datetime]] = {
    **{name: (report, NOW) for name, report in SAMPLES.items()},
    **{f"demo {view}": (demo_report(view), demo_report(view).taken_at) for view in VIEWS},
}
TEXT = [name for name in FORMATS if name != "json"]


@cache
def document(name: str) -> Any:
    """The JSON of a page."""
    report, now = PAGES[name]
    return json.loads(render("json", report, now, RenderSettings()))


@cache
def page(name: str, output: str, every: bool) -> list[str]:
    """A page in a format, read back."""
    report, now = PAGES[name]
    return entries(output, render(output, report, now, RenderSettings(width=100, every=every)))


@cache
def marks(name: str, output: str, every: bool) -> dict[str, str]:
    """The mark (`p2`) of each problem's id, by the entry that tells the problem."""
    told = {}
    for problem in document(name)["problems"]:
        if problem["code"] == "unmanaged":
            continue  # nobody asked, so a page says nothing of it
        words = [problem["source"], problem["code"], problem["message"], problem["hint"]]
        found = [e for e in page(name, output, every) if all(says(e, w) for w in words if w)]
        assert found, (words, page(name, output, every))
        first = found[0].split(" ")[0]
        told[problem["id"]] = first if first[1:].isdigit() else ""
    return told


def missing(shown: list[str], wanted: Iterable[list[str]]) -> list[list[str]]:
    """The words that stand together nowhere."""
    return [
        words for words in wanted if not any(all(says(e, w) for w in words if w) for e in shown)
    ]


@pytest.mark.parametrize("every", [False, True])
@pytest.mark.parametrize("output", TEXT)
@pytest.mark.parametrize("name", PAGES)
def test_the_page_says_what_the_json_says(name: str, output: str, every: bool) -> None:
    # What `diff` folds is only counted.
    every = every or document(name)["command"] == "diff"
    wanted = list(Document(document(name), marks(name, output, every), every).wanted())
    assert len(wanted) >= 2
    assert missing(page(name, output, every), wanted) == []


def test_a_fact_that_is_not_shown_is_noticed() -> None:
    wanted = [["web-3", "UNHEALTHY"], ["web-3", "green"], ["web-1", "UNHEALTHY"]]
    for output in TEXT:
        assert missing(page("ps", output, True), wanted) == wanted[1:], output


@pytest.mark.parametrize("output", TEXT)
def test_findings_stand_where_they_belong(output: str) -> None:
    codes = {finding["code"] for finding in document("demo has")["findings"]}
    assert len(codes) >= 3
    for view in ("demo has", "demo history"):
        shown = " ".join(page(view, output, False))
        assert not any(says(shown, code) for code in codes)
