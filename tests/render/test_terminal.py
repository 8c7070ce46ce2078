"""The page for a terminal: no line too wide, no SHA in two, links and colours."""

import re

import pytest

from tests.reports import NOW, SAMPLES
from whatsrunning.render.formats import render
from whatsrunning.render.settings import RenderSettings
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
