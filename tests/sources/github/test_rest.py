"""What GitHub's REST API tells of a branch's rules, and names that are never asked."""

from typing import Any, cast

import pytest

from whatsrunning.facts.answers import Found, Nothing, Problem, Unknown
from whatsrunning.facts.query import SourceError
from whatsrunning.sources.github import rest
from whatsrunning.sources.github.http import RepositoryApi
from whatsrunning.sources.json_reader import MalformedReply

LIMIT = Problem("github", "acme/shop", "rate-limited", "the limit is used up")


class _Branch:
    """An API that shows one branch, and counts what is asked."""

    def __init__(self, branch: dict[str, Any]) -> None:
        self.branch = branch
        self.asked: list[str] = []

    def find(self, path: str, *_absent: int, **_parameters: int) -> Found[dict[str, Any]]:
        """The branch, whatever is asked."""
        self.asked.append(path)
        return Found(self.branch)


def _protected(**rules: Any) -> RepositoryApi:
    protection = {"required_status_checks": rules}
    return cast(RepositoryApi, _Branch({"protected": True, "protection": protection}))


@pytest.mark.parametrize(
    ("rules", "names"),
    [
        pytest.param({"contexts": ["test"]}, ("test",), id="an older server's contexts"),
        pytest.param({"checks": [{"context": "test"}]}, ("test",), id="checks"),
        pytest.param(
            {"checks": [{"context": "test"}], "contexts": ["lint", "test"]},
            ("test", "lint"),
            id="both, each name once",
        ),
        pytest.param({"checks": None, "contexts": None}, (), id="null for both"),
        pytest.param({}, (), id="neither"),
    ],
)
def test_required_checks_are_named_once(rules: dict[str, Any], names: tuple[str, ...]) -> None:
    assert rest.required(_protected(**rules), "main") == (Found(names) if names else Nothing())


@pytest.mark.parametrize(
    "rules",
    [
        pytest.param({"checks": 1.5}, id="a number for checks"),
        pytest.param({"checks": [{}]}, id="a check without its context"),
        pytest.param({"contexts": [7]}, id="a number for a context"),
        pytest.param({"contexts": "test"}, id="a text for contexts"),
    ],
)
def test_rules_that_github_does_not_describe_are_refused(rules: dict[str, Any]) -> None:
    with pytest.raises(MalformedReply):
        rest.required(_protected(**rules), "main")


@pytest.mark.parametrize(
    "name", ["", "-rf", "a b", "../x", "a..b", "a.lock", "a/", "@{1}", "a\x00", "\udcff", "a~1"]
)
def test_a_name_that_git_does_not_allow_is_never_asked(name: str) -> None:
    api = _Branch({})
    assert rest.reference(cast(RepositoryApi, api), name) == Nothing()
    assert api.asked == []


class _Limited:
    """An API that answers once, and then has reached its limit."""

    def __init__(self, sha: str) -> None:
        self.replies: list[Found[dict[str, str]]] = [Found({"sha": sha})]

    def find(self, _path: str, *_absent: int, **_parameters: int) -> Found[dict[str, str]]:
        """The commit, or the limit."""
        if self.replies:
            return self.replies.pop()
        raise SourceError(LIMIT)


def test_what_was_answered_before_a_failure_stands() -> None:
    api = cast(RepositoryApi, _Limited("a" * 40))
    shorts = ["a" * 7, "b" * 7, "c" * 7]
    answers = rest.prefixes(api, shorts)
    assert list(answers.values()) == [Found("a" * 40), Unknown(LIMIT), Unknown(LIMIT)]
    with pytest.raises(SourceError):
        rest.prefixes(api, shorts)
