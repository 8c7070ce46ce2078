"""What GitHub answers, with a token (GraphQL) and without (REST); the truth is the history's."""

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace

import pytest

from tests.world.bulk_history import make_bulk
from tests.world.github import GitHubProcess, github_here
from tests.world.github.at_hand import NOWHERE, REPOSITORY, TOKEN, github_at, history, soon
from whatsrunning.facts.answers import Found, Nothing, Unknown
from whatsrunning.facts.git import Base, Head
from whatsrunning.facts.github import CompareFacts, DeploymentFacts, GithubCommitFacts

BOTH_WAYS = pytest.mark.parametrize("token", [TOKEN, ""], ids=["graphql", "rest"])
DEPLOYED = {
    "environment": "production",
    "states": ["in_progress", "success"],
    "url": "https://github.com/acme/shop/actions/runs/7",
}


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHubProcess]:
    """One stand-in for the module: its answers do not depend on the order of the tests."""
    folder = tmp_path_factory.mktemp("github")
    old = ("acme/old-shop",)
    with github_here(
        history(), folder, token=TOKEN, old_names=old, required=("test", "lint")
    ) as github:
        yield github
    assert github.violations() == []


@pytest.fixture
def github(shared: GitHubProcess) -> GitHubProcess:
    """The stand-in, with nothing counted yet."""
    shared.forget()
    return shared


def _check_commit(found: GithubCommitFacts, sha: str, token: str) -> None:
    story = history()
    truth = story.commits[sha]
    assert found.commit == type(found.commit)(
        sha, truth.subject, truth.body, truth.author, truth.committed_at, truth.parents, truth.tree
    )
    assert found.url == f"https://github.com/acme/shop/commit/{sha}"
    assert tuple(pull.number for pull in found.pulls) == story.pulls_of.get(sha, ())
    for pull in found.pulls:
        expected = story.pulls[pull.number]
        assert (pull.title, pull.author) == (expected.title, expected.author_login)
        assert (pull.state, pull.merge_sha) == (expected.state, expected.merge_sha)
        assert pull.merged_at == expected.merged_at
        assert pull.merged_by == (expected.merged_by if token else "")
        assert pull.url == f"https://github.com/acme/shop/pull/{pull.number}"


@BOTH_WAYS
def test_every_commit_is_as_it_was_made(github: GitHubProcess, token: str) -> None:
    story = history()
    tree = story.commits[story.head].tree
    shas = [*story.commits, NOWHERE, "abc1234", tree]
    answers = github_at(github, token).commits(REPOSITORY, shas, soon())
    assert set(answers) == set(shas)
    assert (answers[NOWHERE], answers[tree]) == (Nothing(), Nothing())
    short = answers["abc1234"]
    assert isinstance(short, Unknown)
    assert short.problem.code == "not-a-sha"
    for sha in story.commits:
        found = answers[sha]
        assert isinstance(found, Found)
        _check_commit(found.value, sha, token)


def test_a_token_resolves_50_commits_in_one_query(github: GitHubProcess) -> None:
    shas = list(history().commits)[:51]
    answers = github_at(github).commits(REPOSITORY, shas, soon())
    assert all(isinstance(answer, Found) for answer in answers.values())
    assert github.requests() == [("POST", "/graphql")] * 2


def test_without_a_token_only_get_is_sent(github: GitHubProcess) -> None:
    sha = history().named["squash"]
    github_at(github, "").commits(REPOSITORY, [sha], soon())
    base = f"/repos/{REPOSITORY}/commits/{sha}"
    expected = [("GET", f"{base}?per_page=1"), ("GET", f"{base}/pulls?per_page=10")]
    assert github.requests() == expected
    assert github.authorized() == [False, False]


def test_the_token_is_never_sent_for_a_repository_that_is_not_named(github: GitHubProcess) -> None:
    sha = history().head
    asker = github_at(github, TOKEN, ["acme/infra"])
    asker.commits(REPOSITORY, [sha], soon())
    asker.graph(REPOSITORY, soon())
    asker.runs(REPOSITORY, sha, soon())
    asker.deployments(REPOSITORY, soon())
    assert github.authorized()
    assert not any(github.authorized())
    github_at(github, TOKEN, ["ACME/Shop"]).runs(REPOSITORY, sha, soon())
    assert github.authorized()[-1]


@BOTH_WAYS
def test_the_graph_is_the_default_branch_newest_first(github: GitHubProcess, token: str) -> None:
    story = history()
    graph = github_at(github, token).graph(REPOSITORY, soon())
    assert (graph.branch, graph.head, graph.whole) == ("main", story.head, True)
    assert set(story.mainline) <= set(graph.parents)
    seen: set[str] = set()
    for sha, parents in graph.parents.items():
        assert parents == story.commits[sha].parents
        assert not seen & set(parents), "a parent came before its child"
        seen.add(sha)


@BOTH_WAYS
def test_a_long_history_is_cut_and_says_so(
    tmp_path_factory: pytest.TempPathFactory, token: str
) -> None:
    bulk = make_bulk(tmp_path_factory.mktemp("bulk"), 350)
    with github_here(bulk, tmp_path_factory.mktemp("github"), token=TOKEN) as github:
        graph = github_at(github, token).graph(REPOSITORY, soon())
        asked = len(github.requests())
        assert github.violations() == []
    assert (len(graph.parents), graph.whole, graph.head) == (300, False, bulk.head)
    assert asked == (3 if token else 4)


def test_compare_says_ahead_and_behind(github: GitHubProcess) -> None:
    named, asker = history().named, github_at(github)
    head, release = history().head, named["release-1"]
    there = asker.compare(REPOSITORY, Base(release), Head(head), soon())
    back = asker.compare(REPOSITORY, Base(head), Head(release), soon())
    assert isinstance(there, Found)
    assert isinstance(back, Found)
    assert there.value.behind_by == 1
    assert there.value.ahead_by > 1
    assert back.value == CompareFacts(there.value.behind_by, there.value.ahead_by)
    assert asker.compare(REPOSITORY, Base(head), Head(head), soon()) == Found(CompareFacts(0, 0))
    assert asker.compare(REPOSITORY, Base(NOWHERE), Head(head), soon()) == Nothing()
    homes = [path for _, path in github.requests() if path == f"/repos/{REPOSITORY}"]
    assert len(homes) == 1


@pytest.mark.parametrize("number", [31, 14, 17, 30, 34])
def test_a_pull_request_by_number(github: GitHubProcess, number: int) -> None:
    expected = history().pulls[number]
    answer = github_at(github).pull(REPOSITORY, number, soon())
    assert isinstance(answer, Found)
    pull = answer.value
    assert (pull.number, pull.title) == (number, expected.title)
    assert (pull.state, pull.merged_by) == (expected.state, expected.merged_by)
    assert (pull.merge_sha, pull.commits) == (expected.merge_sha, expected.commits)


def test_a_large_pull_request_comes_in_pages(tmp_path_factory: pytest.TempPathFactory) -> None:
    bulk = make_bulk(tmp_path_factory.mktemp("bulk"), 350)
    number, pull = next((n, p) for n, p in bulk.pulls.items() if p.state == "merged")
    shas = tuple(bulk.commits)[:270]
    large = replace(bulk, pulls={**bulk.pulls, number: replace(pull, commits=shas)})
    with github_here(large, tmp_path_factory.mktemp("github"), token=TOKEN) as github:
        answer = github_at(github).pull(REPOSITORY, number, soon())
        pages = [path for _, path in github.requests() if "/commits?" in path]
        assert github.violations() == []
    assert isinstance(answer, Found)
    assert answer.value.commits == shas[:250]
    assert len(pages) == 3


@pytest.mark.parametrize(
    ("name", "to"),
    [
        ("main", "head"),
        ("release/1.4", "release-2"),
        ("SHORT", "head"),
        ("no/such/branch", ""),
        ("abcdef0123", ""),
        ("../../user", ""),
        ("-rf", ""),
        ("a b", ""),
        ("", ""),
    ],
)
def test_a_name_or_a_short_sha_leads_to_a_commit(github: GitHubProcess, name: str, to: str) -> None:
    named = history().named
    asked = history().head[:10] if name == "SHORT" else name
    expected = Found(named[to]) if to else Nothing()
    assert github_at(github).reference(REPOSITORY, asked, soon()) == expected


def test_required_checks_are_those_of_the_default_branch(
    github: GitHubProcess, tmp_path_factory: pytest.TempPathFactory
) -> None:
    assert github_at(github).required(REPOSITORY, soon()) == Found(("test", "lint"))
    with github_here(history(), tmp_path_factory.mktemp("github"), token=TOKEN) as unprotected:
        assert github_at(unprotected).required(REPOSITORY, soon()) == Nothing()
        assert unprotected.violations() == []


@BOTH_WAYS
def test_deployments_come_newest_first_with_their_state(github: GitHubProcess, token: str) -> None:
    asker = github_at(github, token)
    assert asker.deployments(REPOSITORY, soon()) == Found(())
    old, new = history().named["merge"], history().head
    github.deploy(
        {"id": 1, "sha": old, "created_at": "2026-03-05T10:00:00Z", **DEPLOYED},
        {"id": 2, "sha": new, "created_at": "2026-03-06T10:00:00Z", **DEPLOYED, "states": []},
    )
    answer = asker.deployments(REPOSITORY, soon())
    github.deploy()
    assert isinstance(answer, Found)
    second, first = answer.value
    assert (second.sha, second.state, second.url) == (new, "", "")
    assert first == DeploymentFacts(
        1, old, "production", first.created_at, "success", str(DEPLOYED["url"])
    )
    assert second.created_at > first.created_at


@BOTH_WAYS
def test_a_renamed_repository_is_followed(github: GitHubProcess, token: str) -> None:
    asker = github_at(github, token, ["acme/old-shop"])
    sha = history().head
    assert isinstance(asker.commits("acme/old-shop", [sha], soon())[sha], Found)
    assert asker.graph("acme/old-shop", soon()).head == sha
    answer = asker.runs("acme/old-shop", sha, soon())
    assert isinstance(answer, Found)
    assert [check.name for check in answer.value.checks] == ["lint", "test"]
    filtered = [path for _, path in github.requests() if "/actions/runs" in path]
    assert filtered == [f"/repos/acme/shop/actions/runs?head_sha={sha}&page=1&per_page=100"]


def test_an_enterprise_address_has_its_two_paths(github: GitHubProcess) -> None:
    sha = history().head
    asker = github_at(github, path="/api/v3")
    assert isinstance(asker.commits(REPOSITORY, [sha], soon())[sha], Found)
    assert isinstance(asker.compare(REPOSITORY, Base(sha), Head(sha), soon()), Found)
    paths = [path.partition("?")[0] for _, path in github.requests()]
    assert paths[0] == "/api/graphql"
    assert all(path.startswith(f"/api/v3/repos/{REPOSITORY}") for path in paths[1:])


def test_threads_get_their_own_answers(github: GitHubProcess) -> None:
    asker, shas = github_at(github, ""), list(history().commits)[:40]

    def ask(sha: str) -> bool:
        answer = asker.reference(REPOSITORY, sha, soon())
        return answer == Found(sha)

    before = sys.getswitchinterval()
    sys.setswitchinterval(1e-5)
    try:
        with ThreadPoolExecutor(8) as pool:
            assert all(pool.map(ask, shas))
    finally:
        sys.setswitchinterval(before)
