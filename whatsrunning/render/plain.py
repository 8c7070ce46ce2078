"""Text for any box: no escapes, no width, and nothing that pings, links or opens a code block."""

import re
from dataclasses import replace

from whatsrunning.render.layout import lay_out
from whatsrunning.render.settings import Rendering
from whatsrunning.view.blocks import over

# What chats read as a mention, a Slack or HTML tag, a Markdown link, a fence.
_MENTION = re.compile(r"(?<![A-Za-z0-9_])@(?=[A-Za-z0-9_])")
_TAG = re.compile(r"<(?=[!@#/A-Za-z])")
_FENCE = re.compile(r"(`{3,}|~{3,})")


def render(rendering: Rendering) -> str:
    """The page as plain lines."""
    page = rendering.page()
    harmless = [over(block, lambda span: replace(span, text=inert(span.text))) for block in page]
    lines = lay_out(harmless, None, "|")
    return "\n".join("".join(span.text for span in line).rstrip() for line in lines)


def inert(text: str) -> str:
    """The text with a blank wherever a chat would see a mention, a tag, a link or a fence."""
    spaced = _TAG.sub("< ", _MENTION.sub("@ ", text)).replace("](", "] (").replace("][", "] [")
    return _FENCE.sub("'''", spaced)
