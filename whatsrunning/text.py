"""Text from outside made safe to show, and times, SHAs and widths said one way everywhere. Pure."""

import re
import unicodedata
from datetime import UTC, datetime
from functools import lru_cache
from string import hexdigits

LIMIT = 500  # characters of one text that are shown at most (a whole image reference fits)

_STRINGS = r"(?:\x1b[\]PX^_]|[\x9d\x90\x98\x9e\x9f])[^\x07\x9c\x1b]{0,2000}(?:\x07|\x9c|\x1b\\)"
_CSI = r"(?:\x1b\[|\x9b)[0-?]*[ -/]*[@-~]"
_ESCAPES = re.compile(rf"{_STRINGS}|{_CSI}|\x1b[ -/]*[0-~]?|[\x80-\x84\x86-\x9f]")
_BLANKS = re.compile(r"[\s\x85]+")
_HEX_TAIL = re.compile(r"[0-9a-fA-F]{7,}$")
# Letters and symbols that draw nothing: Hangul fillers, the braille blank, the grapheme joiner.
_BLANK_GLYPHS = frozenset("\u115f\u1160\u3164\uffa0\u2800\u034f")
_MARKS = 2


def clean(text: str, limit: int = LIMIT) -> str:
    """One safe line of at most `limit` characters; a cut shows as `…` and never halves a SHA."""
    # Escape sequences, bidi controls and zero-width characters are removed, blanks and line ends
    # become one space, other controls and lone surrogates `�`: a terminal would obey them.
    if text.isascii() and text.isprintable() and len(text) <= limit and "  " not in text:
        return text
    bounded = text[: 8 * limit + 4000]
    safe = _BLANKS.sub(" ", _ESCAPES.sub("", bounded))
    if not (safe.isascii() and safe.isprintable()):
        safe = _BLANKS.sub(" ", _drawable(safe, 2 * limit))
    if len(safe) <= limit:
        return safe
    kept = safe[: limit - 1]
    return (_HEX_TAIL.sub("", kept) if safe[limit - 1] in hexdigits else kept).rstrip() + "…"


def one_line(text: str, limit: int = LIMIT) -> str:
    """`clean`, without blanks at either end."""
    return clean(text.strip(), limit).strip()


def _drawable(text: str, enough: int) -> str:
    drawn: list[str] = []
    marks = 0
    for char in text:
        category = unicodedata.category(char)
        marks = marks + 1 if category in ("Mn", "Me") else 0
        is_blank = category == "Cf" or char in _BLANK_GLYPHS or "\ufe00" <= char <= "\ufe0f"
        if is_blank or marks > _MARKS:
            continue
        if len(drawn) > enough:
            break
        drawn.append("\ufffd" if category in ("Cc", "Cs", "Co", "Cn") else char)
    return "".join(drawn)


def link(url: str) -> str:
    """The URL if it is plain http(s) and printable ASCII that no format can misread, else empty."""
    safe = re.fullmatch(r"https?://[A-Za-z0-9.:\[\]-]+(?:/[A-Za-z0-9._~%!$&+,=:@/?#-]*)?", url)
    return url if safe and len(url) <= 2000 else ""


def short(sha: str) -> str:
    """The first 12 characters: what a table shows of a SHA."""
    return sha[:12]


def utc(at: datetime) -> str:
    """RFC 3339 in UTC, to the second."""
    return at.astimezone(UTC).replace(microsecond=0, tzinfo=None).isoformat() + "Z"


_UNITS = (
    (60, 1, "s", "s"),
    (3600, 60, "min", "min"),
    (2 * 86400, 3600, "h", "h"),
    (60 * 86400, 86400, "day", "days"),
    (730 * 86400, 30 * 86400, "month", "months"),
    (float("inf"), 365 * 86400, "year", "years"),
)


def ago(now: datetime, then: datetime) -> str:
    """How long ago, in one unit; `in 5 min` when it lies ahead (a skewed clock)."""
    seconds = round((now - then).total_seconds())
    _, unit, one, many = next(row for row in _UNITS if abs(seconds) < row[0])
    count = abs(seconds) // unit
    amount = f"{count} {one if count == 1 else many}"
    return f"{amount} ago" if seconds >= 0 else f"in {amount}"


def width(text: str) -> int:
    """Columns that a terminal needs; wide characters take two, combining ones none."""
    if text.isascii():
        return len(text)
    return sum(_cells(char) for char in text)


@lru_cache(maxsize=4096)
def _cells(char: str) -> int:
    if unicodedata.combining(char) or unicodedata.category(char) in ("Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(char) in ("W", "F") else 1
