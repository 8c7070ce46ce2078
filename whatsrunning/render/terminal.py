"""The page for a terminal: rich gives colours and links, the layout is ours."""

from collections.abc import Mapping
from io import StringIO

from rich.console import Console
from rich.style import Style
from rich.text import Text

from whatsrunning.render.layout import lay_out
from whatsrunning.render.settings import Rendering, RenderSettings
from whatsrunning.view.blocks import Line, Role, Span

_STYLES: Mapping[Role, str] = {
    "plain": "",
    "dim": "dim",
    "strong": "bold",
    "good": "green",
    "warn": "yellow",
    "bad": "bold red",
    "sha": "cyan",
}


def render(rendering: Rendering) -> str:
    """The page in at most `width` columns. Text is never read as rich's markup."""
    settings, console = rendering.settings, _console(rendering.settings)
    dot = "\u00b7" if settings.utf8 else "|"
    for line in lay_out(rendering.page(), max(settings.width, 1), dot):
        console.print(_text(line, settings), soft_wrap=True)
    written = console.file
    assert isinstance(written, StringIO)
    return written.getvalue()


def _console(settings: RenderSettings) -> Console:
    styled = settings.colour or settings.links
    return Console(
        file=StringIO(),
        width=max(settings.width, 1),
        color_system="standard" if styled else None,
        force_terminal=styled,
        markup=False,
        emoji=False,
        highlight=False,
        legacy_windows=False,
        _environ={},
    )


def _text(line: Line, settings: RenderSettings) -> Text:
    drawn = Text(end="\n")
    for span in line:
        drawn.append(span.text, style=_style(span, settings))
    drawn.rstrip()
    return drawn


def _style(span: Span, settings: RenderSettings) -> Style:
    style = Style.parse(_STYLES[span.role]) if settings.colour else Style.null()
    return style + Style(link=span.url) if settings.links and span.url else style
