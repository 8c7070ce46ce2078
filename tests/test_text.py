"""Text from outside is harmless afterwards; times, SHAs and widths are said one way."""

import unicodedata
from datetime import UTC, datetime, timedelta, timezone

import pytest

from whatsrunning.text import ago, clean, link, one_line, short, utc, width

NOW = datetime(2026, 11, 26, 3, 0, tzinfo=UTC)
SHA = "0123456789abcdef0123456789abcdef01234567"


@pytest.mark.parametrize(
    ("hostile", "shown"),
    [
        ("plain words", "plain words"),
        ("a\nb\r\nc\td", "a b c d"),
        ("red \x1b[31malert\x1b[0m", "red alert"),
        ("title\x1b]0;owned\x07 stays", "title stays"),
        ("link \x1b]8;;http://evil\x1b\\here\x1b]8;;\x1b\\", "link here"),
        ("open \x1b]0;no end of it", "open 0;no end of it"),
        ("C1 \x9b31mred\x9c \x90q\x9cend", "C1 red end"),
        ("nul\x00bell\x07del\x7f", "nul\ufffdbell\ufffddel\ufffd"),
        ("bidi \u202egnp.exe\u202c \u2066x\u2069", "bidi gnp.exe x"),
        ("zero\u200bwidth\u200d\ufeff\u00ad", "zerowidth"),
        ("tag \U000e0041 surrogate \ud800", "tag surrogate \ufffd"),
        ("line\u2028para\u2029next\u0085", "line para next "),
        ("filler\u3164\u2800 emoji\ufe0f", "filler emoji"),
        ("zalgo a\u0301\u0302\u0303\u0304", "zalgo a\u0301\u0302"),
        ("many      blanks", "many blanks"),
    ],
)
def test_clean(hostile: str, shown: str) -> None:
    assert clean(hostile) == shown


def test_long_text_is_cut_visibly_and_no_sha_is_halved() -> None:
    assert clean("x" * 10_000, 20) == "x" * 19 + "…"
    assert clean(f"the commit {SHA}", 30) == "the commit…"
    assert clean(f"{SHA} and more words", 45) == f"{SHA} and…"


def test_one_line_has_no_blanks_at_its_ends() -> None:
    assert one_line("  first\n second \n") == "first second"


def test_clean_keeps_letters_of_every_language() -> None:
    words = "Zażółć gęślą 修复 исправить إصلاح é"
    assert clean(words) == words
    assert all(unicodedata.category(char)[0] != "C" for char in clean(words))


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://github.com/acme/web/pull/412", True),
        ("http://127.0.0.1:8080/a?b=c#d", True),
        ("javascript:alert(1)", False),
        ("https://a/b)c", False),
        ("https://a/b|c", False),
        ("https://a/\x1b\\", False),
        ("https://a/&lt;x", False),
        ("https://user@evil/x", False),
        ("https://a/" + "x" * 3000, False),
        ("", False),
    ],
)
def test_link(url: str, kept: bool) -> None:
    assert link(url) == (url if kept else "")


@pytest.mark.parametrize(
    ("passed", "said"),
    [
        (timedelta(seconds=0), "0 s ago"),
        (timedelta(seconds=59), "59 s ago"),
        (timedelta(minutes=4, seconds=30), "4 min ago"),
        (timedelta(hours=2), "2 h ago"),
        (timedelta(hours=47), "47 h ago"),
        (timedelta(days=3), "3 days ago"),
        (timedelta(days=75), "2 months ago"),
        (timedelta(days=800), "2 years ago"),
        (timedelta(minutes=-5), "in 5 min"),
    ],
)
def test_ago(passed: timedelta, said: str) -> None:
    assert ago(NOW, NOW - passed) == said


def test_times_are_utc_and_shas_are_short() -> None:
    warsaw = datetime(2026, 11, 26, 4, 0, 0, 5, tzinfo=timezone(timedelta(hours=1)))
    assert utc(warsaw) == "2026-11-26T03:00:00Z"
    assert short(SHA) == "0123456789ab"


@pytest.mark.parametrize(
    ("text", "columns"), [("abc", 3), ("修复", 4), ("e\u0301", 1), ("→ …", 3), ("🚀", 2), ("", 0)]
)
def test_width(text: str, columns: int) -> None:
    assert width(text) == columns
