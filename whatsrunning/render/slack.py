"""Slack's mrkdwn, as its API wants it: escaped, in sections of at most 3,000 characters.

Sections are parted by one empty line and have none inside, so each can be a block of a message.
"""

from whatsrunning.render.chat import Dialect, sections
from whatsrunning.render.plain import inert
from whatsrunning.render.settings import Rendering

LIMIT = 3000
"""Characters of a section: https://api.slack.com/reference/block-kit/blocks#section"""
BUDGET = 8000
"""Characters of a block, in as many sections as it needs; a message may have 50."""


def render(rendering: Rendering) -> str:
    """The page as mrkdwn."""
    return "\n\n".join(sections(rendering.page(), _DIALECT, LIMIT, BUDGET))


def _code(words: str) -> str:
    return "`" + _escaped(inert(words).replace("`", "'")) + "`"


def _escaped(words: str) -> str:
    # These three and no others: https://api.slack.com/reference/surfaces/formatting#escaping
    return words.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")


def _link(words: str, url: str) -> str:
    return f"<{_escaped(url)}|{words.strip('`')}>"


_DIALECT = Dialect(bold="*", code=_code, link=_link, bullet="\u2022 ", nested="    \u25e6 ")
