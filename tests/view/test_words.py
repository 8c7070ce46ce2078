"""Builds, pull requests and states in words."""

from dataclasses import replace
from typing import Any

import pytest

from tests.reports.parts import NEW, RATE_LIMIT, container, pull
from tests.view.reading import words
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown
from whatsrunning.report.container import Built, Position, PullRequest, Revision, Version
from whatsrunning.view.footnotes import Footnotes
from whatsrunning.view.words import built_sentence, built_word, pulls, revision, state

MARKS = Footnotes({RATE_LIMIT.id: "p1"}, (RATE_LIMIT,))
MANY = tuple(pull(number, "") for number in range(1, 8))


@pytest.mark.parametrize(
    ("position", "builds", "commits", "word", "sentence"),
    [
        ("current", 0, 0, "current", "current"),
        ("not-built", None, None, "not-built", "not-built"),
        ("behind", 1, 2, "1 behind", "behind by 1 build, 2 commits"),
        ("behind", None, None, "behind", "behind, how far is not known"),
        ("diverged", None, 3, "diverged", "diverged, behind by 3 commits"),
    ],
)
def test_position(
    position: Position, builds: int | None, commits: int | None, word: str, sentence: str
) -> None:
    built = Built(position, builds, commits, NEW, NEW)
    assert (words(built_word(built)), words(built_sentence(built))) == (word, sentence)


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Nothing(), "no pull request"),
        (Found(()), "no pull request"),
        (Unknown(RATE_LIMIT), "pull request unknown (p1)"),
        (Found(MANY[:2]), "#1, #2"),
        (Found(MANY), "#1, #2, #3, #4, #5, and 2 more"),
    ],
    ids=["none", "an empty list", "unknown", "two", "many"],
)
def test_pull_requests(answer: Answer[tuple[PullRequest, ...]], said: str) -> None:
    assert words(pulls(answer, MARKS)) == said


@pytest.mark.parametrize(
    ("said", "about"),
    [
        ("healthy", {}),
        ("running", {"health": "none"}),
        ("health unknown", {"health": "unknown"}),
        ("UNHEALTHY", {"health": "unhealthy"}),
        ("RESTARTING \u00d79", {"state": "restarting", "restart_count": 9}),
        ("exited 137 (out of memory)", {"state": "exited", "exit_code": 137, "oom_killed": True}),
        ("paused", {"state": "paused"}),
    ],
)
def test_state(said: str, about: dict[str, Any]) -> None:
    assert words(state(replace(container("web-1", "web"), **about))) == said


@pytest.mark.parametrize(
    ("version", "said"),
    [
        (Nothing(), NEW[:12]),
        (Unknown(RATE_LIMIT), NEW[:12]),
        (Found(Version("v1.2.3", "tag")), f"{NEW[:12]} v1.2.3"),
        (Found(Version("1" * 200, "oci-version")), f"{NEW[:12]} \u2026"),
        (Found(Version("v1." + "z" * 200, "tag")), f"{NEW[:12]} v1.{'z' * 20}\u2026"),
    ],
    ids=["none", "unknown", "a tag", "digits without end", "a long tag"],
)
def test_a_version_stands_beside_its_revision(version: Answer[Version], said: str) -> None:
    assert words(revision(Revision(NEW, "digest"), "", version)) == said
