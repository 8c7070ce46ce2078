"""GitHub's JSON, value by value: what its descriptions do not allow is refused, never guessed."""

from collections.abc import Callable
from datetime import UTC, datetime

import pytest

from whatsrunning.sources.github import parse
from whatsrunning.sources.json_reader import MalformedReply

SHA = "0123456789abcdef0123456789abcdef01234567"
PULL = {"number": 7, "title": "Fix", "state": "open", "merged_at": None, "merge_commit_sha": SHA}


@pytest.mark.parametrize(
    ("message", "parts"),
    [
        pytest.param("Fix", ("Fix", ""), id="a subject alone"),
        pytest.param("\n\nFix\n", ("Fix", ""), id="empty lines around"),
        pytest.param(
            "Fix the\ncart\n\nBody", ("Fix the cart", "Body"), id="a subject of two lines"
        ),
        pytest.param(
            "Fix\r\n\r\nOne\r\n\r\nTwo\r\n", ("Fix", "One\n\nTwo"), id="Windows line ends"
        ),
        pytest.param("Fix\n\n" + "x" * 5000, ("Fix", "x" * 4000), id="a body that is cut"),
    ],
)
def test_a_message_has_a_subject_and_a_body(message: str, parts: tuple[str, str]) -> None:
    assert parse.message_parts(message) == parts


@pytest.mark.parametrize(
    ("url", "kept"),
    [
        ("https://github.com/acme/shop", True),
        ("http://127.0.0.1:8080/x", True),
        ("javascript:alert(1)", False),
        ("https://a b", False),
        ("https://a/\x1b[31m", False),
        ("", False),
        (None, False),
    ],
)
def test_only_an_address_for_a_browser_is_kept(url: str | None, kept: bool) -> None:
    assert parse.web_url({"url": url}, "url") == (url if kept else "")


@pytest.mark.parametrize(
    ("reader", "value"),
    [
        pytest.param(parse.sha, "abc1234", id="a short SHA"),
        pytest.param(parse.sha, SHA + "0", id="a SHA that is too long"),
        pytest.param(parse.sha, None, id="no SHA"),
        pytest.param(parse.web_url, 7, id="a number for an address"),
    ],
)
def test_what_is_not_as_described_is_refused(reader: Callable[..., object], value: object) -> None:
    with pytest.raises(MalformedReply):
        reader({"x": value}, "x")


@pytest.mark.parametrize("value", [None, {}, "x", [1], [None]])
def test_a_list_of_objects_is_nothing_else(value: object) -> None:
    with pytest.raises(MalformedReply):
        parse.entries(value)


def test_an_open_pull_request_has_no_merge_although_github_tries_one() -> None:
    pull = parse.rest_pull(PULL)
    assert (pull.state, pull.merged_at, pull.merge_sha) == ("open", None, "")
    merged = parse.rest_pull({**PULL, "state": "closed", "merged_at": "2026-03-05T10:00:00Z"})
    at = datetime(2026, 3, 5, 10, tzinfo=UTC)
    assert (merged.state, merged.merged_at, merged.merge_sha) == ("merged", at, SHA)


def test_a_state_that_github_does_not_know_is_refused() -> None:
    with pytest.raises(MalformedReply):
        parse.rest_pull({**PULL, "state": "drafted"})
