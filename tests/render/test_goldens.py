"""Every format of every sample, as files."""

import re

import pytest

from tests.golden_files import check_golden
from tests.reports import NOW, SAMPLES
from whatsrunning.render.formats import render
from whatsrunning.render.settings import RenderSettings

CHAT = {"plain": "txt", "markdown": "md", "slack": "mrkdwn", "json": "json"}


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("name", SAMPLES)
def test_table(name: str, width: int) -> None:
    shown = render("table", SAMPLES[name], NOW, RenderSettings(width=width))
    check_golden(f"render/{name}/table-{width}.txt", shown)


@pytest.mark.parametrize("width", [80, 120, 200])
@pytest.mark.parametrize("name", ["ps", "show", "diff", "has", "history", "rollback-plan"])
def test_table_with_colour_and_links(name: str, width: int) -> None:
    settings = RenderSettings(width=width, colour=True, links=True)
    shown = render("table", SAMPLES[name], NOW, settings)
    # rich gives each link a number by chance; it means nothing.
    shown = re.sub(r"\x1b]8;id=[0-9-]+;", "\x1b]8;id=1;", shown)
    check_golden(f"render/{name}/table-{width}-colour.txt", shown)


@pytest.mark.parametrize("output", CHAT)
@pytest.mark.parametrize("name", SAMPLES)
def test_other_formats(name: str, output: str) -> None:
    shown = render(output, SAMPLES[name], NOW, RenderSettings())
    check_golden(f"render/{name}/{output}.{CHAT[output]}", shown)


@pytest.mark.parametrize("output", ["table", "plain"])
@pytest.mark.parametrize("name", ["ps", "diff"])
def test_every_container_and_every_commit(name: str, output: str) -> None:
    shown = render(output, SAMPLES[name], NOW, RenderSettings(width=120, every=True))
    check_golden(f"render/{name}/{output}-every.txt", shown)


@pytest.mark.parametrize("output", ["table", "plain", "markdown", "slack"])
def test_ascii(output: str) -> None:
    shown = render(output, SAMPLES["ps"], NOW, RenderSettings(utf8=False))
    assert shown.isascii()
    check_golden(f"render/ps/{output}-ascii.txt", shown)
