"""The table of formats: Report -> text. Each renderer is loaded only when it is used."""

from collections.abc import Callable, Mapping
from datetime import datetime
from typing import TypeAlias

from whatsrunning.render.ascii import ascii_only, ascii_text
from whatsrunning.render.settings import RenderSettings
from whatsrunning.report.report import Report
from whatsrunning.view.blocks import Block
from whatsrunning.view.page import blocks

Renderer: TypeAlias = Callable[[Report, datetime, RenderSettings], str]


def _table(report: Report, now: datetime, settings: RenderSettings) -> str:
    from whatsrunning.render import terminal

    return terminal.render(_page(report, now, settings), settings)


def _plain(report: Report, now: datetime, settings: RenderSettings) -> str:
    from whatsrunning.render import plain

    return plain.render(_page(report, now, settings))


def _markdown(report: Report, now: datetime, settings: RenderSettings) -> str:
    from whatsrunning.render import markdown

    return markdown.render(_page(report, now, settings))


def _slack(report: Report, now: datetime, settings: RenderSettings) -> str:
    from whatsrunning.render import slack

    return slack.render(_page(report, now, settings))


def _json(report: Report, now: datetime, settings: RenderSettings) -> str:  # noqa: ARG001
    from whatsrunning.render.json import document

    return document.render(report)


FORMATS: Mapping[str, Renderer] = {
    "table": _table,
    "plain": _plain,
    "markdown": _markdown,
    "slack": _slack,
    "json": _json,
}


def render(name: str, report: Report, now: datetime, settings: RenderSettings) -> str:
    """The report in the format of that name, ending in one newline; KeyError for no such name."""
    written = FORMATS[name](report, now, settings).rstrip("\n") + "\n"
    return written if settings.utf8 else ascii_text(written)


def _page(report: Report, now: datetime, settings: RenderSettings) -> tuple[Block, ...]:
    page = blocks(report, now, settings.every, settings.before)
    return page if settings.utf8 else tuple(map(ascii_only, page))
