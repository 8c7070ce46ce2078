"""Requests to GitHub: how often one is sent, and whose token goes with it."""

from collections.abc import Iterator

import pytest

from tests.world.github import GitHubProcess, github_here
from tests.world.github.at_hand import NOWHERE, REPOSITORY, TOKEN, history, soon
from whatsrunning.facts.answers import Nothing
from whatsrunning.facts.query import SourceError
from whatsrunning.sources.github.access import GithubAccess
from whatsrunning.sources.github.client import GithubClient
from whatsrunning.sources.github.http import RepositoryApi, RequestFailed


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHubProcess]:
    """One stand-in; every test switches its own fault on."""
    with github_here(history(), tmp_path_factory.mktemp("github"), token=TOKEN) as github:
        yield github
    assert github.violations() == []


@pytest.fixture
def github(shared: GitHubProcess) -> GitHubProcess:
    """The stand-in, well, with nothing counted yet."""
    shared.fault()
    shared.forget()
    return shared


def _api(github: GitHubProcess, token: str = "") -> RepositoryApi:
    access = GithubAccess(github.url, "github.com", token, frozenset({REPOSITORY}))
    return GithubClient(access).api(REPOSITORY, soon())


@pytest.mark.parametrize(
    ("fault", "status", "sent"),
    [
        pytest.param("bad-gateway", 502, 2, id="a gateway that stumbles is asked once more"),
        pytest.param("server-error", 500, 1, id="a fault of the server's own is an answer"),
        pytest.param("rate-limited", 403, 1, id="the hour's limit is not waited for"),
        pytest.param("secondary-limit", 403, 1, id="Retry-After is not waited for"),
        pytest.param("rate-limited-429", 429, 1, id="too many requests are not made more"),
        pytest.param("token-refused", 401, 1, id="a refused token is not tried again"),
    ],
)
def test_a_request_is_sent_again_only_for_a_gateway(
    github: GitHubProcess, fault: str, status: int, sent: int
) -> None:
    github.fault(fault)
    with pytest.raises(RequestFailed) as caught:
        _api(github).get("")
    assert caught.value.status == status
    assert len(github.requests()) == sent


def test_only_the_statuses_that_say_so_mean_that_it_is_not_there(github: GitHubProcess) -> None:
    api = _api(github)
    assert api.find(f"/commits/{NOWHERE}", 422) == Nothing()
    with pytest.raises(RequestFailed) as caught:
        api.find(f"/commits/{NOWHERE}", 404)
    assert caught.value.status == 422


def test_pages_are_asked_by_number_until_there_is_none(github: GitHubProcess) -> None:
    listed, more = _api(github).pages("/commits", 3)
    assert (listed[0]["sha"], more) == (history().head, False)
    assert github.requests() == [("GET", f"/repos/{REPOSITORY}/commits?page=1&per_page=100")]


def test_a_token_is_asked_about_its_own_repositories_alone(github: GitHubProcess) -> None:
    http = GithubClient(GithubAccess(github.url, "github.com", TOKEN, frozenset({REPOSITORY})))
    http.api(REPOSITORY, soon()).get("")
    with pytest.raises(SourceError):
        http.api("acme/nosuch", soon()).get("")
    http.api(REPOSITORY.upper(), soon()).get("")
    assert github.authorized() == [True, False, True]
