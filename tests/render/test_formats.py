"""No format breaks a SHA or outgrows its box; what they say is in tests/test_formats_agree.py."""

import re
from dataclasses import replace

import pytest

from tests.reports import NOW, SAMPLES
from tests.reports.parts import PROD, container
from whatsrunning.render.formats import render
from whatsrunning.render.settings import RenderSettings
from whatsrunning.report.report import Report
from whatsrunning.text import short, width


@pytest.mark.parametrize("columns", [34, 50, 80, 120, 200])
@pytest.mark.parametrize("name", SAMPLES)
def test_no_line_is_wider_and_no_sha_is_split(name: str, columns: int) -> None:
    known = set(
        re.findall(r"[0-9a-f]{12,64}", render("json", SAMPLES[name], NOW, RenderSettings()))
    )
    whole = known | {short(sha) for sha in known}
    for every in (False, True):
        settings = RenderSettings(width=columns, every=every)
        shown = render("table", SAMPLES[name], NOW, settings)
        assert max(width(line) for line in shown.splitlines()) <= columns
        assert not any(line != line.rstrip() for line in shown.splitlines())
        assert set(re.findall(r"\b[0-9a-f]{9,}\b", shown)) <= whole


@pytest.mark.parametrize("output", ["plain", "markdown", "slack"])
def test_chat_formats_know_no_width(output: str) -> None:
    shown = {
        render(output, SAMPLES["ps"], NOW, RenderSettings(width=columns, colour=True, links=True))
        for columns in (20, 80, 200)
    }
    assert len(shown) == 1
    assert "\x1b" not in shown.pop()


def test_links_stand_where_they_are_wanted_and_change_no_word() -> None:
    plain = render("table", SAMPLES["ps"], NOW, RenderSettings())
    linked = render("table", SAMPLES["ps"], NOW, RenderSettings(links=True))
    coloured = render("table", SAMPLES["ps"], NOW, RenderSettings(colour=True))
    assert "\x1b]8;" in linked
    assert "https://github.com/acme/web/pull/412" in linked
    assert "\x1b[" not in re.sub(r"\x1b\[0m", "", linked)
    assert "\x1b]8;" not in coloured
    for escaped in (linked, coloured):
        assert re.sub(r"\x1b\]8;.*?\x1b\\|\x1b\[[0-9;]*m", "", escaped) == plain


def crowd(count: int) -> Report:
    """A fleet too big for a message, the bad ones in its middle."""
    listed = tuple(container(f"svc-{n}-1", f"svc-{n}", minutes=n + 1) for n in range(count))
    findings = tuple(
        replace(SAMPLES["ps"].findings[1], container=f"svc-{n}-1", service=f"svc-{n}")
        for n in (count // 2, count // 2 + 1)
    )
    return Report("ps", NOW, True, (PROD,), listed, findings)


def test_slack_sections_fit_and_keep_the_worst() -> None:
    sections = render("slack", crowd(300), NOW, RenderSettings()).split("\n\n")
    assert max(map(len, sections)) <= 3000
    rows = [line for part in sections for line in part.splitlines() if "verified" in line]
    names = [row.split(" ")[1] for row in rows]
    assert "*svc-150*" in names
    assert "*svc-151*" in names
    assert f"\n\u2022 \u2026 and {300 - len(rows)} more" in "\n\n".join(sections)


def test_markdown_fits_a_message() -> None:
    shown = render("markdown", crowd(300), NOW, RenderSettings())
    assert len(shown) <= 16_000
    assert "**svc-150**" in shown


def test_an_unknown_format_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        render("yaml", SAMPLES["ps"], NOW, RenderSettings())
