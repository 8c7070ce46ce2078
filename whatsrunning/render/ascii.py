"""Blocks for terminals and files that are not UTF-8: our signs spelled out, other text escaped."""

from dataclasses import replace

from whatsrunning.view.blocks import Block, over

_SIGNS = str.maketrans(
    {
        "\u2192": "->",
        "\u00d7": "x",
        "\u2026": "...",
        "\u00b7": "|",
        "\ufffd": "?",
        "\u2022": "-",
        "\u25e6": "-",
    }
)


def ascii_text(text: str) -> str:
    """The text in ASCII; what has no spelling becomes its escape, so that nothing is lost."""
    return text.translate(_SIGNS).encode("ascii", "backslashreplace").decode("ascii")


def ascii_only(block: Block) -> Block:
    """The block with ASCII texts only."""
    spelled: Block = over(block, lambda span: replace(span, text=ascii_text(span.text)))
    return spelled
