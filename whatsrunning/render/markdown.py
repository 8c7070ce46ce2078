"""Markdown that GitHub, Mattermost and Teams read alike: lists, code for every risky word.

Lists instead of tables: Teams has no tables, and no two parsers agree on a pipe inside code.
"""

import re

from whatsrunning.render.chat import Dialect, sections
from whatsrunning.render.settings import Rendering

MESSAGE = 16_000
"""Characters of a message: Mattermost's limit, the smallest of the three."""
_SECTIONS = (6000, 3000, 1500, 900)


def render(rendering: Rendering) -> str:
    """The page as Markdown, folded until it fits a message."""
    page, written = rendering.page(), ""
    for limit in _SECTIONS:
        written = "\n\n".join(sections(page, DIALECT, limit))
        if len(written) <= MESSAGE:
            break
    return written


def _code(words: str) -> str:
    longest = max((len(run) for run in re.findall(r"`+", words)), default=0)
    fence = "`" * (longest + 1)
    pad = " " if words.startswith("`") or words.endswith("`") else ""
    return f"{fence}{pad}{words}{pad}{fence}"


def _link(words: str, url: str) -> str:
    return f"[{words}](<{url}>)"


DIALECT = Dialect(bold="**", code=_code, link=_link, bullet="- ", nested="  - ")
