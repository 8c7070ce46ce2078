"""Which tags say a version, which of them is the newest, and on which commit they stand."""

from pathlib import Path

import pytest

from tests.sources.git.clones import ABSENT, REPOSITORY, at, cloned, soon
from tests.world.git_writer import git
from tests.world.history import History
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.query import SourceError
from whatsrunning.sources.git.versions import newest_version

VERSIONS = (
    "v1.2.3", "1.2.3", "1.2.3-rc1", "v1.2.3-rc.1", "1.2.3rc1", "release-1.2", "release/1.2",
    "api/v1.2.3", "api-v1.2.3", "@acme/shop@1.2.3", "go1.21.3", "v1", "V2", "web2-v3", "v1.2.3+5",
    "2024.1.3", "v2024.01.31", "1.2.3.Final", "k8s-1.30.2",
)  # fmt: skip
NO_VERSIONS = (
    "latest", "stable", "main", "", "v", "20240131", "2024-01-31", "2024.01.31", "2024_01_31",
    "nightly/20240131", "deploy-20240131", "release-7", "dev12", "1", "build.7", "1.", "v1..2",
    "1.2.3.4.5.6.7", "v" + "9" * 40,
)  # fmt: skip


@pytest.mark.parametrize("tag", VERSIONS)
def test_what_says_a_version(tag: str) -> None:
    assert newest_version(["latest", tag, "20240131"]) == tag


@pytest.mark.parametrize("tag", NO_VERSIONS)
def test_what_says_none(tag: str) -> None:
    assert newest_version([tag]) is None


@pytest.mark.parametrize(
    "rising",
    [
        ("v1", "v1.2", "v1.2.3", "v1.2.4", "v1.10.0", "v2.0.0"),
        ("1.0.0-alpha", "1.0.0-alpha.1", "1.0.0-alpha.beta", "1.0.0-rc.9", "1.0.0-rc.10", "1.0.0"),
        ("1.2.3rc9", "1.2.3rc10", "1.2.3.Final"),
        ("api/v1.2.3", "v1.2.3"),
    ],
    ids=["by number", "candidates come before", "without a dash", "the shorter name of equals"],
)
def test_the_newest_is_the_highest(rising: tuple[str, ...]) -> None:
    for place, tag in enumerate(rising, start=1):
        assert newest_version(rising[:place]) == tag
        assert newest_version(rising[:place][::-1]) == tag


def test_the_version_of_a_commit_is_that_of_the_tags_that_stand_on_it(
    history: History, tmp_path: Path
) -> None:
    clone = cloned(history.origin, tmp_path / "clone", "--no-tags")
    old, head = history.named["old"], history.head
    git(clone, "tag", "v1.9.0", old)
    git(clone, "tag", "latest", old)
    annotate = ("-c", "user.name=A", "-c", "user.email=a@b", "tag", "--annotate", "--message=x")
    git(clone, *annotate, "inner", old)
    git(clone, *annotate, "v1.10.0", "inner")
    git(clone, "tag", "stable", head)
    asked = [old, old.upper(), head, ABSENT, old[:9], "--all"]
    told = at(clone).versions("Acme/shop", asked, soon())
    assert list(told) == asked
    assert [told[sha] for sha in asked[:4]] == [
        Found("v1.10.0"), Found("v1.10.0"), Nothing(), Nothing()
    ]  # fmt: skip
    assert {p.problem.code for p in told.values() if isinstance(p, Unknown)} == {"not-a-sha"}
    other = cloned(history.origin, tmp_path / "other", "--no-tags")
    git(other, "tag", "v2", old)
    assert at(clone, other).versions(REPOSITORY, [old], soon()) == {old: Found("v2")}


def test_too_many_tags_are_no_reason_to_say_none(
    history: History, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("whatsrunning.sources.git.versions._MOST", 2)
    clone = cloned(history.origin, tmp_path / "clone", "--no-tags")
    for tag in ("v1", "v2"):
        git(clone, "tag", tag, history.head)
        told = at(clone).versions(REPOSITORY, [history.head], soon())
        assert told == {history.head: Found(tag)}
    git(clone, "tag", "v3", history.head)
    with pytest.raises(SourceError, match="more than 2 tags"):
        at(clone).versions(REPOSITORY, [history.head], soon())
