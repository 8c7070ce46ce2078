"""What somebody means by a reference, as it is written."""

import pytest

from whatsrunning.verdicts.history.git_ref import ParsedRef, parse_ref


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("412", ParsedRef(412)),
        ("#412", ParsedRef(412)),
        ("#12345678", ParsedRef(12345678)),
        ("1234567", ParsedRef(sha="1234567", name="1234567")),
        ("ABCDEF0", ParsedRef(sha="abcdef0", name="ABCDEF0")),
        ("v1.2.3", ParsedRef(name="v1.2.3")),
        (" main ", ParsedRef(name="main")),
        ("https://github.com/acme/shop/pull/412/files", ParsedRef(412, repository="acme/shop")),
        ("https://github.com/acme/shop/commit/" + "a" * 40,
         ParsedRef(sha="a" * 40, repository="acme/shop")),
    ],
)  # fmt: skip
def test_what_is_meant(text: str, expected: ParsedRef) -> None:
    assert parse_ref(text, "github.com") == expected
