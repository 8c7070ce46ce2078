"""Sections for Slack."""

from tests.render.crowd import crowd
from tests.reports import NOW
from whatsrunning.render.formats import render
from whatsrunning.render.settings import RenderSettings


def test_slack_sections_fit_and_keep_the_worst() -> None:
    sections = render("slack", crowd(300), NOW, RenderSettings()).split("\n\n")
    assert max(map(len, sections)) <= 3000
    rows = [line for part in sections for line in part.splitlines() if "verified" in line]
    names = [row.split(" ")[1] for row in rows]
    assert "*svc-150*" in names
    assert "*svc-151*" in names
    assert f"\n\u2022 \u2026 and {300 - len(rows)} more" in "\n\n".join(sections)
