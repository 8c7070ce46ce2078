"""Text as chats read it: what is risky becomes code, and nothing else does."""

import pytest

from whatsrunning.render.chat import quote
from whatsrunning.render.markdown import DIALECT


@pytest.mark.parametrize(
    ("words", "written"),
    [
        ("passed before this was deployed", "passed before this was deployed"),
        ("see https://x.example now", "see `https://x.example` now"),
        ("a_b c_d, then", "`a_b c_d`, then"),
        ("(a_b)", "(`a_b`)"),
        ("run `two words` here", "run `` `two words` `` here"),
        ("at 2026-03-04T05:04:05Z,", "at 2026-03-04T05:04:05Z,"),
        ("by @ana", "by `@ana`"),
    ],
    ids=["plain", "a URL", "risky neighbours", "brackets", "code", "a time", "a mention"],
)
def test_quote(words: str, written: str) -> None:
    assert quote(words, DIALECT) == written
