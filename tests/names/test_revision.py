"""Revisions as people write them in labels and tags."""

import pytest

from whatsrunning.names.revision import ParsedRevision, revision, tag_revision

WHOLE = "0123456789abcdef0123456789abcdef01234567"
LONG = WHOLE + WHOLE[:24]


@pytest.mark.parametrize(
    ("text", "parsed"),
    [
        (WHOLE, ParsedRevision(WHOLE)),
        (LONG, ParsedRevision(LONG)),
        (f" {WHOLE.upper()}\n", ParsedRevision(WHOLE)),
        (f"sha-{WHOLE}", ParsedRevision(WHOLE, marked=True)),
        (f"{WHOLE}-dirty", ParsedRevision(WHOLE, dirty=True)),
        (f"{WHOLE}_uncommitted_9f8e7d6c", ParsedRevision(WHOLE, dirty=True)),
        ("sha-0123abc", ParsedRevision("0123abc", marked=True)),
        ("0123abc", ParsedRevision("0123abc")),
        ("1234567", ParsedRevision("1234567")),
        ("012345", None),
        (WHOLE + "0", None),
        ("0" * 40, None),
        ("", None),
        ("v1.2.3-final", None),
        ("unknown", None),
        (f"{WHOLE} {WHOLE}", None),
        (f"{WHOLE}\x1b[31m", None),
        ("--upload-pack=x", None),
    ],
)
def test_revision(text: str, parsed: ParsedRevision | None) -> None:
    assert revision(text) == parsed


@pytest.mark.parametrize(
    ("tag", "parsed"),
    [
        (WHOLE, ParsedRevision(WHOLE)),
        ("sha-1234567", ParsedRevision("1234567", marked=True)),
        ("12ab34c", ParsedRevision("12ab34c")),
        ("20240101", None),
        ("defaced", None),
        ("latest", None),
        ("1.2.3", None),
    ],
)
def test_a_tag_says_less(tag: str, parsed: ParsedRevision | None) -> None:
    assert tag_revision(tag) == parsed
