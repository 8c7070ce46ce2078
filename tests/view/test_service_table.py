"""Rows: replicas fold while they agree, and -a shows every container."""

from dataclasses import replace

from tests.reports import NOW, SAMPLES
from tests.reports.parts import NEW, OLD, container
from tests.view.reading import words
from whatsrunning.facts.answers import Found
from whatsrunning.report.container import Revision
from whatsrunning.report.report import Report
from whatsrunning.view.blocks import Table
from whatsrunning.view.page import blocks


def test_replicas_fold_while_they_agree() -> None:
    web = [container(f"web-{n}", "web") for n in range(4)]
    web[3] = replace(web[3], revision=Found(Revision(OLD, "digest")))
    report = Report("ps", NOW, True, SAMPLES["ps"].engines, tuple(web))
    table = next(block for block in blocks(report, NOW) if isinstance(block, Table))
    names = [(words(row.cells[0]), words(row.cells[1])) for row in table.rows]
    assert names == [("web \u00d73", NEW[:12]), ("web", OLD[:12])]


def test_services_that_engines_disagree_about_come_first() -> None:
    table = next(b for b in blocks(SAMPLES["ps-hosts"], NOW) if isinstance(b, Table))
    assert [words(row.cells[0]) for row in table.rows] == ["web", "web", "jobs \u00d72"]


def test_every_shows_each_container() -> None:
    names = [c.name for c in SAMPLES["ps"].containers]
    table = next(b for b in blocks(SAMPLES["ps"], NOW, True) if isinstance(b, Table))
    shown = [words(row.cells[0]).split(" ")[0] for row in table.rows]
    assert sorted(shown) == sorted(names)
