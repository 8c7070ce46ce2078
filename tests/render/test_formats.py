"""The table of formats; what they say is in tests/end_to_end/test_formats_agree.py."""

from importlib.util import find_spec

import pytest

from tests.reports import NOW, SAMPLES
from whatsrunning.render.formats import FORMATS, render
from whatsrunning.render.settings import RenderSettings


@pytest.mark.parametrize("output", ["plain", "markdown", "slack"])
def test_chat_formats_know_no_width(output: str) -> None:
    shown = {
        render(output, SAMPLES["ps"], NOW, RenderSettings(width=columns, colour=True, links=True))
        for columns in (20, 80, 200)
    }
    assert len(shown) == 1
    assert "\x1b" not in shown.pop()


def test_an_unknown_format_is_a_key_error() -> None:
    with pytest.raises(KeyError):
        render("yaml", SAMPLES["ps"], NOW, RenderSettings())


@pytest.mark.parametrize("file", FORMATS.values(), ids=FORMATS)
def test_every_format_has_its_file(file: str) -> None:
    assert find_spec(f"whatsrunning.render.{file}")
