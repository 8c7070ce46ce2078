"""Which queries one call answers."""

from collections.abc import Sequence
from typing import Any

import pytest

from tests.gather.in_memory import Port, ask, sources
from whatsrunning.facts.answers import Answer, Found, Nothing
from whatsrunning.facts.git import GitCommit
from whatsrunning.facts.github import GithubCommit


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [(GitCommit, "git", [120]), (GithubCommit, "github", [50, 50, 20])],
    ids=["one log for all in a clone", "fifty a query at GitHub"],
)
def test_commits_are_asked_together(kind: Any, name: str, expected: list[int]) -> None:
    def commits(_repository: str, shas: Sequence[str]) -> dict[str, Answer[str]]:
        return {sha: Found(f"commit {sha}") for sha in shas if sha != "7"}

    port = Port({"commits": commits})
    queries = [kind("acme/shop", str(number)) for number in range(120)]
    gathered = ask(sources(None, **{name: port}), *queries)
    assert sorted((len(about[1]) for _, about in port.calls), reverse=True) == expected
    assert gathered.judgement[queries[7]] == Nothing()
    assert gathered.judgement[queries[8]] == Found("commit 8")
