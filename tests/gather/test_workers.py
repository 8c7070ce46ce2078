"""Which queries one call answers; what happens in a worker becomes an answer."""

import threading
from collections.abc import Sequence
from typing import Any

import pytest

from tests.gather.in_memory import PATIENT, Port, ask, engine, sources
from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.engine import EngineInfo
from whatsrunning.facts.git import GitCommit
from whatsrunning.facts.github import GithubCommit
from whatsrunning.facts.query import SourceError
from whatsrunning.facts.registry import RegistryTags
from whatsrunning.gather.gather import Sources


def refuse(*_about: Any) -> Any:
    raise SourceError(Problem("engine", "b", "refused", "connection refused"))


def test_a_refusal_is_data_and_a_fault_of_ours_too() -> None:
    secret = "hunter2"

    def broken() -> Any:
        raise KeyError(secret)

    openers = sources({"a": Port({"info": broken}), "b": Port({"info": refuse}), "c": engine()})
    gathered = ask(openers, EngineInfo("a"), EngineInfo("b"), EngineInfo("c"))
    codes = {
        query.engine: answer.problem.code
        for query, answer in gathered.judgement.items()
        if isinstance(query, EngineInfo) and isinstance(answer, Unknown)
    }
    assert codes == {"a": "internal", "b": "refused"}
    assert gathered.judgement[EngineInfo("c")] == Found("engine")
    assert len(gathered.faults) == 1
    assert gathered.faults[0].startswith("KeyError at test_workers.py:")
    assert secret not in str(gathered)


def test_a_source_is_opened_once_for_all_its_queries() -> None:
    opened: list[str] = []

    def opener() -> Any:
        opened.append("registry")
        return Port({"tags": lambda repository: Found((repository,))})

    openers = sources()
    openers = Sources(openers.engines, opener, openers.git, openers.github, openers.journal)
    gathered = ask(openers, RegistryTags("r/a"), RegistryTags("r/b"), RegistryTags("r/c"))
    assert [*gathered.judgement.values()] == [Found(("r/a",)), Found(("r/b",)), Found(("r/c",))]
    assert opened == ["registry"]


def test_a_registry_has_eight_threads_for_each_host() -> None:
    gate = threading.Barrier(9)

    def tags(_repository: str) -> Answer[tuple[str, ...]]:
        gate.wait(PATIENT)
        return Found(())

    queries = [RegistryTags(f"one/{n}") for n in range(8)] + [RegistryTags("two/0")]
    gathered = ask(sources(registry=Port({"tags": tags})), *queries)
    assert set(gathered.judgement.values()) == {Found(())}


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
