"""What ran on a commit: each story of the stand-in as facts for the CI verdict."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Any

import pytest

from tests.world.github import GitHubProcess, github_here
from tests.world.github.at_hand import NOWHERE, REPOSITORY, TOKEN, github_at, history, soon
from tests.world.github.stories import NAMED, job, run
from whatsrunning.facts.answers import Found, Nothing
from whatsrunning.facts.github import CheckFacts, CiFacts


@pytest.fixture(scope="module")
def github(tmp_path_factory: pytest.TempPathFactory) -> Iterator[GitHubProcess]:
    """One stand-in; each test tells its own story about its own commit."""
    with github_here(history(), tmp_path_factory.mktemp("github"), token=TOKEN) as github:
        yield github
    assert github.violations() == []


def _ask(github: GitHubProcess, sha: str) -> CiFacts:
    answer = github_at(github).runs(REPOSITORY, sha, soon())
    assert isinstance(answer, Found)
    return answer.value


def _start() -> datetime:
    return history().commits[history().head].committed_at


def _seconds(at: datetime | None) -> int | None:
    return None if at is None else int((at - _start()).total_seconds())


def _row(check: CheckFacts) -> tuple[Any, ...]:
    """name, kind, event, attempt, conclusion, created and finished in seconds after the commit."""
    times = (_seconds(check.created_at), _seconds(check.finished_at))
    return (check.name, check.kind, check.event, check.attempt, check.conclusion, *times)


_LINT = ("lint", "job", "push", 1, "success", 30, 180)
_TEST = ("test", "job", "push", 1, "success", 30, 180)
STORIES: dict[str, list[tuple[Any, ...]]] = {
    "green": [_LINT, _TEST],
    "none": [],
    "red": [_LINT, ("test", "job", "push", 1, "failure", 30, 180)],
    "unfinished": [_LINT, ("test", "job", "push", 1, "", 30, None)],
    "cancelled": [
        ("lint", "job", "push", 1, "cancelled", 30, 180),
        ("test", "job", "push", 1, "cancelled", 30, 180),
    ],
    "skipped": [
        ("lint", "job", "push", 1, "skipped", 30, 180),
        ("test", "job", "push", 1, "skipped", 30, 180),
    ],
    "rerun": [
        _LINT,
        ("test", "job", "push", 1, "failure", 30, 180),
        ("test", "job", "push", 2, "success", 900, 1000),
    ],
    # The next job is not made yet: the run itself stands for it, unfinished.
    "between-jobs": [("CI", "job", "push", 1, "", 30, None), _LINT],
    "startup-failure": [("CI", "job", "push", 1, "startup_failure", 30, 30)],
    "scheduled": [("nightly", "job", "schedule", 1, "success", 30, 180)],
    "merge_group": [
        ("lint", "job", "merge_group", 1, "success", 30, 180),
        ("test", "job", "merge_group", 1, "success", 30, 180),
    ],
    "status-only": [
        ("ci/jenkins", "status", "", 1, "failure", 20, 300),
        ("ci/jenkins", "status", "", 2, "success", 400, 700),
    ],
    "other-app": [("codecov/patch", "check", "", 1, "success", 40, 180)],
    "deploy-inside": [("deploy", "job", "push", 1, "success", 30, 180), _TEST],
}


def test_every_story_has_its_facts() -> None:
    assert set(STORIES) == set(NAMED)


@pytest.mark.parametrize("story", STORIES)
def test_a_story_becomes_attempts_at_gates(github: GitHubProcess, story: str) -> None:
    github.tell(history().head, story)
    assert [_row(check) for check in _ask(github, history().head).checks] == STORIES[story]


def test_a_job_names_its_workflow_its_app_and_its_place(github: GitHubProcess) -> None:
    github.tell(history().head, "deploy-inside")
    deploy, test = _ask(github, history().head).checks
    assert (test.workflow, test.workflow_path) == ("CI", ".github/workflows/ci.yml")
    assert test.app == "github-actions"
    assert test.run_id
    assert test.run_id == deploy.run_id
    assert test.url.startswith("https://github.com/acme/shop/runs/")
    assert (test.deployment, deploy.deployment) == (False, True)
    github.tell(history().head, "other-app")
    (other,) = _ask(github, history().head).checks
    assert (other.app, other.run_id, other.workflow) == ("codecov", 0, "")


def test_a_rerun_under_way_is_the_attempt_that_counts(github: GitHubProcess) -> None:
    attempts = [
        {"began": 30, "jobs": [job("test", "failure"), job("lint")]},
        {"began": 900, "jobs": [job("test", "", 910)]},
    ]
    github.tell(history().head, {"runs": [run(attempts=attempts)]})
    newest = [_row(check) for check in _ask(github, history().head).checks][-1]
    assert newest == ("test", "job", "push", 2, "", 900, None)


def test_a_job_that_starts_late_existed_since_its_run_did(github: GitHubProcess) -> None:
    late = run(job("test"), job("e2e", "success", 600, 900), created=5)
    github.tell(history().head, {"runs": [late]})
    found = {
        check.name: _seconds(check.created_at) for check in _ask(github, history().head).checks
    }
    assert found == {"test": 5, "e2e": 5}


def test_times_may_be_absolute(github: GitHubProcess) -> None:
    started, finished = _start() + timedelta(days=1), _start() + timedelta(days=2)
    told = job("test", "success", started.isoformat(), finished.isoformat())
    github.tell(history().head, {"runs": [run(told, created=started.isoformat())]})
    (check,) = _ask(github, history().head).checks
    assert (check.created_at, check.finished_at) == (started, finished)


def test_more_than_a_page_is_read_to_the_end(github: GitHubProcess) -> None:
    jobs = [job(f"test ({number})") for number in range(130)]
    github.tell(history().head, {"runs": [run(*jobs)]})
    assert len(_ask(github, history().head).checks) == 130


def test_a_commit_that_github_does_not_have_is_nothing(github: GitHubProcess) -> None:
    assert github_at(github).runs(REPOSITORY, NOWHERE, soon()) == Nothing()


def test_a_squash_shows_what_ran_on_the_same_tree(github: GitHubProcess) -> None:
    squash = history().named["squash"]
    (number,) = history().pulls_of[squash]
    head = history().pulls[number].commits[-1]
    github.tell(squash, "scheduled")
    github.tell(head, {"runs": [run(job("test"), event="pull_request")]})
    facts = _ask(github, squash)
    assert [check.name for check in facts.checks] == ["nightly"]
    assert set(facts.same_tree) == {head}
    assert [check.event for check in facts.same_tree[head]] == ["pull_request"]


def test_another_tree_is_not_shown(github: GitHubProcess) -> None:
    merge = history().named["merge"]
    head = history().pulls[history().pulls_of[merge][0]].commits[-1]
    assert history().commits[head].tree != history().commits[merge].tree
    github.tell(merge, "none")
    github.tell(head, "green")
    assert _ask(github, merge) == CiFacts(())
