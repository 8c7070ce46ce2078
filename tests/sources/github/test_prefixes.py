"""The whole SHA of a short one: in batches with a token, a few without, and never a wrong one."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest

from tests.world.git_writer import git
from tests.world.github import GitHubProcess, github_here
from tests.world.github.at_hand import REPOSITORY, TOKEN, github_at, history, soon
from tests.world.twins import with_twins
from whatsrunning.facts.answers import Answer, Found, Nothing, Unknown

BOTH_WAYS = pytest.mark.parametrize("token", [TOKEN, ""], ids=["graphql", "rest"])
BRANCH, TAG, ANNOTATED = "abc1234", "1234567", "feedbee"
ABSENT = Nothing()


@dataclass(frozen=True, slots=True)
class Ground:
    """A stand-in whose repository has two commits that begin alike, and names like short SHAs."""

    github: GitHubProcess
    twins: tuple[str, str]


@pytest.fixture(scope="module")
def shared(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Ground]:
    """One for the module."""
    story, twins = with_twins(history(), tmp_path_factory.mktemp("twins"))
    git(story.origin, "branch", BRANCH, story.head)
    git(story.origin, "tag", TAG, story.head)
    who = ("-c", "user.name=Ada", "-c", "user.email=ada@acme.com")
    git(story.origin, *who, "tag", "-a", "-m", "x", ANNOTATED, story.head)
    with github_here(story, tmp_path_factory.mktemp("github"), token=TOKEN) as github:
        yield Ground(github, twins)
    assert github.violations() == []


@pytest.fixture
def ground(shared: Ground) -> Ground:
    """The same, with nothing counted yet."""
    shared.github.forget()
    return shared


def _asked(ground: Ground, token: str, *prefixes: str) -> dict[str, Answer[str]]:
    answers = github_at(ground.github, token).prefixes(REPOSITORY, prefixes, soon())
    assert set(answers) == set(prefixes)
    return dict(answers)


def _code(answer: Answer[str]) -> str:
    return answer.problem.code if answer.problem else ""


@BOTH_WAYS
def test_a_short_sha_leads_to_its_commit(ground: Ground, token: str) -> None:
    shas = list(history().commits)[:3]
    wanted = {sha[:length]: Found(sha) for sha, length in zip(shas, (7, 12, 39), strict=True)}
    assert _asked(ground, token, *wanted) == wanted


@BOTH_WAYS
def test_digits_alone_are_a_short_sha(ground: Ground, token: str) -> None:
    sha = next(sha for sha in history().commits if sha[:7].isdigit())
    assert _asked(ground, token, sha[:7]) == {sha[:7]: Found(sha)}


@BOTH_WAYS
def test_what_is_no_short_sha_of_one_commit_is_nothing(ground: Ground, token: str) -> None:
    tree = history().commits[history().head].tree
    (alike,) = {sha[:7] for sha in ground.twins}
    cases = {
        "nobody's": "0000000",
        "of two commits": alike,
        "a tree's": tree[:12],
        "a branch of that name": BRANCH,
        "a tag of that name": TAG,
        "an annotated tag of that name": ANNOTATED,
    }
    answers = _asked(ground, token, *cases.values())
    assert {case: answers[short] for case, short in cases.items()} == dict.fromkeys(cases, ABSENT)


@BOTH_WAYS
def test_one_digit_more_tells_two_commits_apart(ground: Ground, token: str) -> None:
    wanted = {sha[:12]: Found(sha) for sha in ground.twins}
    assert _asked(ground, token, *wanted) == wanted


@BOTH_WAYS
def test_what_is_no_short_sha_is_never_asked(ground: Ground, token: str) -> None:
    whole = history().head
    odd = ("abc123", whole, "ABCDEF1", 'abc1234") { x }', "main", "abc1234\n", "", "a/../../b")
    answers = _asked(ground, token, *odd)
    assert {_code(answer) for answer in answers.values()} == {"not-a-sha"}
    assert ground.github.requests() == []


def test_250_short_shas_are_three_queries(ground: Ground) -> None:
    known = {sha[:9]: Found(sha) for sha in list(history().commits)[:20]}
    unknown = {f"{number:09x}": ABSENT for number in range(250 - len(known))}
    assert _asked(ground, TOKEN, *known, *unknown) == {**known, **unknown}
    assert ground.github.requests() == [("POST", "/graphql")] * 3


def test_without_a_token_ten_of_a_repository_are_asked_in_all(ground: Ground) -> None:
    shas = list(history().commits)[:14]
    asker = github_at(ground.github, "")
    first = asker.prefixes(REPOSITORY, [sha[:10] for sha in shas[:6]], soon())
    second = asker.prefixes(REPOSITORY.upper(), [sha[:10] for sha in shas[6:]], soon())
    answers = {**first, **second}
    assert [answers[sha[:10]] for sha in shas[:10]] == [Found(sha) for sha in shas[:10]]
    assert {_code(answers[sha[:10]]) for sha in shas[10:]} == {"no-token"}
    names = [REPOSITORY] * 6 + [REPOSITORY.upper()] * 4
    asked = [
        f"/repos/{name}/commits/{sha[:10]}?per_page=1"
        for name, sha in zip(names, shas, strict=False)
    ]
    assert ground.github.requests() == [("GET", path) for path in asked]
    unknown = second[shas[-1][:10]]
    assert isinstance(unknown, Unknown)
    assert f"10 short SHAs of {REPOSITORY.upper()}" in unknown.problem.message
    assert unknown.problem.hint == f"set GH_TOKEN and name {REPOSITORY.upper()} with -R"


def test_the_same_short_sha_twice_is_asked_once(ground: Ground) -> None:
    short = history().head[:7]
    github_at(ground.github, "").prefixes(REPOSITORY, [short, short], soon())
    assert len(ground.github.requests()) == 1
