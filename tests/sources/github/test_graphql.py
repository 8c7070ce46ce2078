"""GraphQL answers with data and errors side by side: what an error is about, and what is good."""

from typing import Any, cast

import pytest

from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.query import Deadline, SourceError
from whatsrunning.sources.github import graphql
from whatsrunning.sources.github.errors import RequestInfo
from whatsrunning.sources.github.http import RepositoryApi
from whatsrunning.sources.json_reader import MalformedReply

FIRST, SECOND = "a" * 40, "b" * 40
ABOUT_FIRST = {"type": "FORBIDDEN", "path": ["repository", "c0"], "message": "no"}


class _Reply:
    """An API that answers every query alike, and counts them."""

    def __init__(self, repository: Any, *errors: dict[str, Any]) -> None:
        self.request = RequestInfo("acme/shop", "api.github.com", True, Deadline.after(60))
        self.reply = {"repository": repository}, errors
        self.sent: list[dict[str, str]] = []

    def query(self, _graphql: str, **variables: str) -> tuple[Any, Any]:
        """The reply, whatever is asked."""
        self.sent.append(variables)
        return self.reply


def _api(repository: Any, *errors: dict[str, Any]) -> RepositoryApi:
    return cast(RepositoryApi, _Reply(repository, *errors))


def test_an_error_about_one_commit_is_that_commit_s_alone() -> None:
    answers = graphql.commits(_api({"c0": None, "c1": None}, ABOUT_FIRST), [FIRST, SECOND])
    assert answers[SECOND] == Nothing()
    first = answers[FIRST]
    assert isinstance(first, Unknown)
    assert first.problem.code == "forbidden"


def test_what_an_error_left_of_a_commit_is_not_read() -> None:
    answers = graphql.commits(
        _api({"c0": {"oid": FIRST}, "c1": None}, ABOUT_FIRST), [FIRST, SECOND]
    )
    assert isinstance(answers[FIRST], Unknown)
    assert answers[SECOND] == Nothing()


def test_an_error_about_one_short_sha_is_that_one_s_alone() -> None:
    reply = {"c0": None, "c1": {"oid": SECOND}, "c2": {"oid": FIRST}, "c3": {}}
    shorts = ["1234567", SECOND[:7], "abc1234", "7654321"]
    answers = graphql.prefixes(_api(reply, ABOUT_FIRST), shorts)
    first = answers.pop("1234567")
    assert isinstance(first, Unknown)
    assert first.problem.code == "forbidden"
    assert list(answers.values()) == [Found(SECOND), Nothing(), Nothing()]


@pytest.mark.parametrize("oid", [None, "abc1234", 7])
def test_a_commit_without_its_sha_is_refused(oid: object) -> None:
    with pytest.raises(MalformedReply):
        graphql.prefixes(_api({"c0": {"oid": oid}}), ["abc1234"])


@pytest.mark.parametrize(
    ("repository", "error", "code"),
    [
        pytest.param(None, {"type": "NOT_FOUND"}, "repository-not-found", id="no repository"),
        pytest.param(None, {"type": "FORBIDDEN"}, "forbidden", id="no right to the repository"),
        pytest.param(None, {"type": "SOMETHING"}, "bad-reply", id="an error of no known type"),
        pytest.param({"c0": None}, {"type": "FORBIDDEN"}, "forbidden", id="an error about nothing"),
        pytest.param({}, {"path": ["repository"]}, "bad-reply", id="about the repository"),
        pytest.param({}, {"path": ["repository", 0]}, "bad-reply", id="about a number"),
    ],
)
def test_an_error_about_anything_else_is_about_all(
    repository: Any, error: dict[str, Any], code: str
) -> None:
    with pytest.raises(SourceError) as caught:
        graphql.commits(_api(repository, error), [FIRST])
    assert caught.value.problem.code == code


@pytest.mark.parametrize(
    "ask", [graphql.graph, graphql.deployments], ids=["the history", "the deployments"]
)
def test_a_list_with_an_error_beside_it_is_not_whole(ask: Any) -> None:
    with pytest.raises(SourceError) as caught:
        ask(_api({"defaultBranchRef": None, "deployments": {"nodes": []}}, ABOUT_FIRST))
    assert caught.value.problem.code == "forbidden"


def test_an_empty_repository_has_a_whole_history() -> None:
    graph = graphql.graph(_api({"defaultBranchRef": None}))
    assert (graph.branch, graph.head, graph.parents, graph.whole) == ("", "", {}, True)


def test_fifty_commits_are_one_query() -> None:
    api = _Reply({})
    shas = [f"{number:040x}" for number in range(101)]
    answers = graphql.commits(cast(RepositoryApi, api), shas)
    assert answers == dict.fromkeys(shas, Nothing())
    assert api.sent == [{"owner": "acme", "name": "shop"}] * 3
