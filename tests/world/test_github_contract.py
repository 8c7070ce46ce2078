"""The stand-in is held to GitHub's descriptions, and each kind of breach is shown to be caught."""

import json
import os
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.world.github import GitHubProcess, github_here, start_github
from tests.world.github.at_hand import NOWHERE, REPOSITORY, TOKEN, github_at, history, soon
from tests.world.github.contract import breaches, operation
from tests.world.github.rest import ROUTES
from tests.world.github.stories import NAMED
from whatsrunning.facts.answers import Found
from whatsrunning.facts.git import Base, Head

HEAD = history().head
SQUASH = history().named["squash"]
DEPLOYMENT = {
    "id": 5,
    "sha": HEAD,
    "environment": "production",
    "created_at": "2026-03-05T10:00:00Z",
    "states": ["success"],
    "url": "https://github.com/acme/shop/actions/runs/7",
}
# Every operation of the stand-in, with a request that has something to show.
PATHS = (
    "",
    "/commits",
    f"/commits/{SQUASH}/pulls",
    f"/commits/{HEAD}/check-runs",
    f"/commits/{HEAD}/statuses",
    f"/commits/{HEAD}",
    f"/actions/runs?head_sha={HEAD}",
    "/branches/main",
    f"/compare/{SQUASH}...{HEAD}",
    "/pulls/31",
    "/pulls/31/commits",
    "/deployments",
    "/deployments/5/statuses",
)


@pytest.fixture
def github(tmp_path: Path) -> Iterator[GitHubProcess]:
    """A stand-in whose violations are the test's own business."""
    with github_here(history(), tmp_path, token=TOKEN, required=("test",)) as github:
        github.deploy(DEPLOYMENT)
        github.tell(HEAD, {**NAMED["green"], "statuses": NAMED["status-only"]["statuses"]})
        yield github


def _send(
    github: GitHubProcess, path: str, token: str = "", body: Any = None, method: str = ""
) -> int:
    """The status of one plain request."""
    data = None if body is None else json.dumps(body).encode()
    request = urllib.request.Request(f"{github.url}{path}", data=data, method=method or None)
    if token:
        request.add_header("Authorization", f"Bearer {token}")
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    try:
        with opener.open(request, timeout=60) as reply:
            return int(reply.status)
    except urllib.error.HTTPError as error:
        with error:
            return error.code


def test_every_operation_is_asked_below() -> None:
    assert len(PATHS) == len(ROUTES)
    assert len({operation(f"/repos/acme/shop{path.partition('?')[0]}") for path in PATHS}) == 13


@pytest.mark.parametrize("path", PATHS)
def test_a_reply_is_whole_and_a_broken_one_is_caught(github: GitHubProcess, path: str) -> None:
    assert _send(github, f"/repos/{REPOSITORY}{path}") == 200
    assert github.violations() == []
    github.fault(broken=True)
    _send(github, f"/repos/{REPOSITORY}{path}")
    assert any("required property" in each for each in github.violations())


@pytest.mark.parametrize(
    ("method", "path", "body"),
    [
        ("GET", "/user", None),
        ("GET", "/repos/acme/shop/releases", None),
        ("GET", "/repos/acme/shop/commits/main/check-suites", None),
        ("POST", "/repos/acme/shop/deployments", {}),
        ("DELETE", "/repos/acme/shop", None),
        ("POST", "/graphql", {"query": "mutation { x }"}),
        ("POST", "/graphql", {"query": "query { repository { nosuchfield } }"}),
        ("POST", "/graphql", {"query": "query {"}),
        ("POST", "/graphql", {"query": "query { viewer { login } }"}),
        ("POST", "/graphql", {}),
    ],
)
def test_what_nobody_should_ask_is_a_violation(
    github: GitHubProcess, method: str, path: str, body: Any
) -> None:
    _send(github, path, TOKEN, body, method)
    assert github.violations()
    with pytest.raises(AssertionError, match="misused"):
        github.stop()


def test_errors_are_github_s_own(github: GitHubProcess) -> None:
    asked = {
        ("/repos/acme/nosuch", ""): 404,
        (f"/repos/acme/shop/commits/{NOWHERE}", ""): 422,
        (f"/repos/acme/shop/commits/{NOWHERE[:7]}", ""): 422,
        (f"/repos/acme/shop/commits/{HEAD[:7]}", ""): 200,
        (f"/repos/acme/shop/compare/{NOWHERE}...{HEAD}", ""): 404,
        ("/repos/acme/shop/pulls/999", TOKEN): 404,
        ("/repos/acme/shop", "wrong"): 401,
    }
    assert {key: _send(github, *key) for key in asked} == asked
    assert _send(github, "/graphql", body={"query": "{ viewer { login } }"}) == 401
    assert github.violations() == []


def test_an_undocumented_status_is_a_breach() -> None:
    assert breaches("/repos/acme/shop", 418, {})
    assert breaches("/nowhere", 200, {})


def test_the_adapter_asks_for_everything_and_only_reads(github: GitHubProcess) -> None:
    github.tell(SQUASH, "none")
    for token in (TOKEN, ""):
        asker = github_at(github, token)
        asker.commits(REPOSITORY, [SQUASH], soon())
        asker.prefixes(REPOSITORY, [SQUASH[:7]], soon())
        asker.graph(REPOSITORY, soon())
        asker.compare(REPOSITORY, Base(SQUASH), Head(HEAD), soon())
        asker.pull(REPOSITORY, 31, soon())
        asker.reference(REPOSITORY, "main", soon())
        asker.runs(REPOSITORY, SQUASH, soon())
        asker.required(REPOSITORY, soon())
        assert isinstance(asker.deployments(REPOSITORY, soon()), Found)
    asked = github.requests()
    assert {method for method, path in asked if path != "/graphql"} == {"GET"}
    assert {method for method, path in asked if path == "/graphql"} == {"POST"}
    paths = (path.partition("?")[0] for _, path in asked if path != "/graphql")
    used = {operation(path) for path in paths}
    known = {operation(f"/repos/acme/shop{path.partition('?')[0]}") for path in PATHS}
    assert used == known, "an operation of the stand-in that nobody asks for is to be removed"
    assert github.violations() == []


def test_the_process_leaves_nothing_behind() -> None:
    github = start_github(history(), token=TOKEN)
    folder = Path(github.ground.control).parent
    assert github_at(github).graph(REPOSITORY, soon()).head == HEAD
    assert github.requests()
    github.stop()
    assert not folder.exists()
    with pytest.raises(ProcessLookupError):
        os.kill(github.pid, 0)
