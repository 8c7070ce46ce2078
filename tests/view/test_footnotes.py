"""What the first line calls missing, and the marks that lead to the reasons."""

from dataclasses import replace

import pytest

from tests.reports.parts import DOWN, ENGINE_DOWN, NEW, NOW, PROD, RATE_LIMIT, container
from tests.view.reading import lines
from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.report.commands import Has, Live
from whatsrunning.report.report import LOOKED_AT, Report
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.page import blocks

BARE = Problem("engine", "bare", "no-revision", "bare names no revision", "label it git.sha")


def test_a_container_without_a_label_was_looked_at() -> None:
    """With another engine down, `has` accuses that engine alone."""
    unsure = (Live("prod", "bare", "bare", "", "", "", BARE),)
    has = Has("412", Found((NEW,)), (), (), unsure)
    bare = replace(container("bare", "bare"), claims=(), revision=Nothing())
    report = Report("has", NOW, False, (PROD, DOWN), (bare,), (), (BARE, ENGINE_DOWN), has=has)
    told = list(lines(blocks(report, NOW)))
    assert told[0].startswith("NOT COMPLETE: could not look at engine prod-2 | ")
    assert told[told.index("Notes") + 1].endswith("engine no-revision bare names no revision")


@pytest.mark.parametrize("code", [*sorted(LOOKED_AT), "timeout"])
def test_only_what_could_not_be_looked_at_is_missing(code: str) -> None:
    problem = Problem("git", "acme/web", code, "as it is", "")
    web = replace(container("web-1", "web"), commit=Unknown(problem), ci=Unknown(RATE_LIMIT))
    report = Report("ps", NOW, False, (PROD,), (web,), (), (problem, RATE_LIMIT))
    missing = {RATE_LIMIT.id} | ({problem.id} if code == "timeout" else set())
    assert Footnotes.of(report).missing == missing


def test_of_what_ran_before_nobody_promises_to_know() -> None:
    problem = Problem("journal", "x", "unreadable", "cannot be read", "")
    web = replace(container("web-1", "web"), previous=Unknown(problem), ci=Unknown(RATE_LIMIT))
    marks = Footnotes.of(Report("ps", NOW, False, (PROD,), (web,), (), (problem, RATE_LIMIT)))
    assert marks.missing == {RATE_LIMIT.id}
    assert marks.by_id == {RATE_LIMIT.id: "p1", problem.id: "p2"}


def test_what_was_looked_at_is_a_note_and_not_missing() -> None:
    label = Problem("engine", "web-1", "label-not-a-sha", "the label is 'x'", "set it")
    nowhere = Problem("github", "acme/web@abc", "no-such-commit", "there is no commit", "")
    web = replace(container("web-1", "web"), commit=Unknown(nowhere))
    report = Report("ps", NOW, True, (PROD,), (web,), (), (label, nowhere))
    told = list(lines(blocks(report, NOW)))
    assert told[0].startswith("complete | ")
    assert "Could not look at" not in told
    assert told[told.index("Notes") :] == [
        "Notes",
        "engine label-not-a-sha web-1: the label is 'x'",
        "\u2192 set it",
        "p1 github no-such-commit acme/web@abc: there is no commit",
    ]
    api = replace(container("api-1", "api"), ci=Unknown(RATE_LIMIT))
    report = replace(report, complete=False, containers=(web, api))
    told = list(lines(blocks(report, NOW)))
    assert told[0].startswith("NOT COMPLETE: could not look at github acme/api | ")
    assert told[told.index("Could not look at") + 1].startswith("p1 github rate-limited acme/api: ")
    assert told.index("Notes") > told.index("Could not look at")
