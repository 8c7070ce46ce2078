"""The table of formats: Report -> text. Each renderer is loaded only when it is used."""

from collections.abc import Callable, Mapping
from datetime import datetime
from importlib import import_module
from typing import TYPE_CHECKING

if TYPE_CHECKING:  # whoever wants the names alone (--help, a TAB) does not pay for the pages
    from whatsrunning.render.settings import RenderSettings
    from whatsrunning.report.report import Report

FORMATS: Mapping[str, str] = {
    "table": "terminal",
    "plain": "plain",
    "markdown": "markdown",
    "slack": "slack",
    "json": "json.document",
}
"""Each format, and its file here, which has a function `render(rendering: Rendering) -> str`."""


def render(name: str, report: "Report", now: datetime, settings: "RenderSettings") -> str:
    """The report in the format of that name, ending in one newline; KeyError for no such name."""
    from whatsrunning.render.ascii import ascii_text
    from whatsrunning.render.settings import Rendering

    renderer = import_module(f"whatsrunning.render.{FORMATS[name]}")
    write: Callable[[Rendering], str] = renderer.render
    written = write(Rendering(report, now, settings)).rstrip("\n") + "\n"
    return written if settings.utf8 else ascii_text(written)
