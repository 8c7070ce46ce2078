"""Revisions as people write them in labels and tags."""

import pytest

from whatsrunning.names.revision import (
    ParsedRevision,
    is_referrer,
    revision,
    tag_revision,
    tag_revisions,
    version,
    version_order,
)

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


@pytest.mark.parametrize(
    ("tag", "shas"),
    [
        pytest.param("sha-0123abc", "0123abc", id="marked"),
        pytest.param(f"sha-{WHOLE}-arm64", WHOLE, id="whole, of a platform"),
        pytest.param("main-0123ABC-1772616600", "0123abc 1772616600", id="Flux"),
        pytest.param("feature-x_0123abcd", "0123abcd", id="a slug and eight digits"),
        pytest.param("v1.2.3-5-g0123abc", "0123abc", id="git describe"),
        pytest.param("v1.2.3_0123abc.7", "0123abc", id="a version, a SHA and a run"),
        pytest.param("20260304-0123abc", "0123abc 20260304", id="a date behind the SHA"),
        pytest.param("1234567-0123abc", "0123abc 1234567", id="a number behind the SHA"),
        pytest.param("abcdefa-0123abc", "0123abc abcdefa", id="a word behind the SHA"),
        pytest.param("0123abc-sha-4567def", "4567def 0123abc", id="a marked one first"),
        pytest.param(f"sha-0123abc-{WHOLE}", f"{WHOLE} 0123abc", id="a whole one first"),
        pytest.param("v1234567", "1234567", id="digits behind a v"),
        pytest.param("build0123abc", "", id="glued to a word"),
        pytest.param("0123abx", "", id="no hex"),
        pytest.param("012345", "", id="too short"),
        pytest.param("0000000", "", id="zeros"),
        pytest.param(WHOLE + "0", "", id="neither SHA-1 nor SHA-256"),
        pytest.param(f"sha256-{LONG}.sig", "", id="a signature"),
        pytest.param("latest", "", id="none"),
        pytest.param("", "", id="nothing"),
    ],
)
def test_the_revisions_in_a_tag(tag: str, shas: str) -> None:
    assert " ".join(parsed.sha for parsed in tag_revisions(tag)) == shas


@pytest.mark.parametrize(
    ("tag", "parsed"),
    [
        ("0123abc-dirty", ParsedRevision("0123abc", dirty=True, alone=False)),
        ("sha-0123abc", ParsedRevision("0123abc", marked=True)),
        ("v1.0-3-g0123abc", ParsedRevision("0123abc", marked=True, alone=False)),
        ("g0123abc", ParsedRevision("0123abc")),
        ("main-0123abc", ParsedRevision("0123abc", alone=False)),
    ],
)
def test_how_a_revision_stands_in_its_tag(tag: str, parsed: ParsedRevision) -> None:
    assert tag_revisions(tag) == (parsed,)


@pytest.mark.parametrize(
    ("parsed", "whole", "sure", "dated"),
    [
        pytest.param(ParsedRevision(WHOLE), True, True, False, id="whole"),
        pytest.param(ParsedRevision(LONG), True, True, False, id="whole SHA-256"),
        pytest.param(ParsedRevision("0123abc"), False, True, False, id="digits and letters"),
        pytest.param(ParsedRevision("1234567"), False, False, False, id="a number"),
        pytest.param(ParsedRevision("defaced"), False, False, False, id="a word"),
        pytest.param(ParsedRevision("1234567", marked=True), False, True, False, id="marked"),
        pytest.param(ParsedRevision("20260304"), False, False, True, id="a day"),
        pytest.param(ParsedRevision("2026030405"), False, False, True, id="an hour"),
        pytest.param(ParsedRevision("202603040506"), False, False, True, id="a minute"),
        pytest.param(ParsedRevision("20260304050607"), False, False, True, id="a second"),
        pytest.param(ParsedRevision("1772616600"), False, False, True, id="Unix seconds"),
        pytest.param(ParsedRevision("1772616600123"), False, False, True, id="milliseconds"),
        pytest.param(ParsedRevision("20261340"), False, False, False, id="no day"),
        pytest.param(ParsedRevision("19000101"), False, False, False, id="long ago"),
        pytest.param(ParsedRevision("9999999999"), False, False, False, id="no time of ours"),
        pytest.param(ParsedRevision("20260304", marked=True), False, True, False, id="sha-<day>"),
    ],
)
def test_what_hex_digits_are_meant_as(
    parsed: ParsedRevision, whole: bool, sure: bool, dated: bool
) -> None:
    assert (parsed.whole, parsed.sure, parsed.dated) == (whole, sure, dated)


@pytest.mark.parametrize(
    ("tag", "is_one"),
    [
        (f"sha256-{LONG}", True),
        (f"sha256-{LONG}.sig", True),
        (f"sha256-{LONG}.att", True),
        (f"sha256-{LONG}-sbom", True),
        (f"sha256-{WHOLE}", False),
        (f"sha-{LONG}", False),
        (f"sha256-{LONG}0", False),
        ("latest", False),
    ],
)
def test_a_tag_of_another_image_by_digest(tag: str, is_one: bool) -> None:
    assert is_referrer(tag) is is_one


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("v1.2.3", "v1.2.3"),
        ("1.2.3", "1.2.3"),
        ("1.2", "1.2"),
        ("v2", "v2"),
        (" v1.2.3\n", "v1.2.3"),
        ("v1.2.3-rc.1", "v1.2.3-rc.1"),
        ("v1.2.3-5-g0123abc", "v1.2.3-5-g0123abc"),
        ("shop-v1.2.3", "v1.2.3"),
        ("shop/v1.2.3", "v1.2.3"),
        ("1", ""),
        ("1042", ""),
        ("latest", ""),
        ("v1.2.3 final", ""),
        ("v1." + "2" * 130, ""),
        ("", ""),
    ],
)
def test_version(text: str, said: str) -> None:
    assert version(text) == said


def test_versions_are_sorted_by_their_numbers() -> None:
    tags = ["latest", "v1.2.3", "v1.9.0", "v1.10.0", "1.10.1", "v2", "v10.0"]
    assert sorted(sorted(tags), key=version_order) == tags
    digits = "9" * 5000  # int() refuses more than 4,300 of them
    assert version_order(f"v1.{digits[:100]}") > version_order("v1.2")
    assert version_order(digits) == (False, ())
