"""A message in Markdown."""

from tests.render.crowd import crowd
from tests.reports import NOW
from whatsrunning.render.formats import render
from whatsrunning.render.settings import RenderSettings


def test_markdown_fits_a_message() -> None:
    shown = render("markdown", crowd(300), NOW, RenderSettings())
    assert len(shown) <= 16_000
    assert "**svc-150**" in shown
