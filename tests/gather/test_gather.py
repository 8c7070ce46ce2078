"""The flow from questions to answers, over sources in memory: lanes, batches, faults, deadline."""

import threading
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import pytest

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.ports import Deadline, SourceError
from whatsrunning.facts.queries import (
    EngineContainers,
    EngineInfo,
    GitCommit,
    GithubCommit,
    JournalLooks,
    RegistryManifest,
    RegistryTags,
)
from whatsrunning.facts.query import Answers, Query
from whatsrunning.facts.store import FactStore
from whatsrunning.gather.dispatcher import Sources
from whatsrunning.gather.gather import Gathered, gather

PATIENT = 30.0
"""Seconds that no test comes near."""


@dataclass(slots=True)
class Port:
    """Any source: what each method answers, and how it was called."""

    replies: Mapping[str, Callable[..., Any]]
    calls: list[tuple[str, tuple[Any, ...]]] = field(default_factory=list)

    def __getattr__(self, method: str) -> Callable[..., Any]:
        def call(*about: Any, **named: Any) -> Any:
            words = [*about, *named.values()]
            known = tuple(word for word in words if not isinstance(word, Deadline))
            self.calls.append((method, known))
            return self.replies[method](*known)

        return call


def engine(value: Any = "engine") -> Port:
    return Port({"info": lambda: value, "containers": lambda: ()})


def sources(engines: Mapping[str, Any] | None = None, **others: Any) -> Sources:
    def opener(name: str) -> Callable[[], Any]:
        return lambda: others.get(name, Port({}))

    def engine_opener(port: Any) -> Callable[[], Any]:
        return lambda: port

    return Sources(
        engines={name: engine_opener(port) for name, port in (engines or {}).items()},
        registry=opener("registry"),
        git=opener("commits"),
        github=opener("github"),
        journal=opener("journal"),
    )


def ask(port: Sources, *questions: Query[Any], seconds: float = PATIENT) -> Gathered[Answers]:
    def judge(facts: FactStore) -> Answers:
        return {question: facts.get(question) for question in questions}

    return gather(port, Deadline.after(seconds), judge)


def refuse(*_about: Any) -> Any:
    raise SourceError(Problem("engine", "b", "refused", "connection refused"))


def test_each_reply_starts_its_own_next_questions_while_another_source_hangs() -> None:
    release, followed = threading.Event(), threading.Event()

    def slow() -> str:
        assert followed.wait(PATIENT), "the other engine's second question had to wait"
        release.set()
        return "slow"

    def containers() -> tuple[()]:
        followed.set()
        return ()

    def judge(facts: FactStore) -> list[Answer[Any]]:
        answers: list[Answer[Any]] = [facts.get(EngineInfo("a")), facts.get(EngineInfo("b"))]
        if isinstance(answers[1], Found):
            answers.append(facts.get(EngineContainers("b")))
        return answers

    fleet = sources(
        {"a": Port({"info": slow}), "b": Port({"info": lambda: "quick", "containers": containers})}
    )
    look = gather(fleet, Deadline.after(PATIENT), judge)
    assert look.judgement == [Found("slow"), Found("quick"), Found(())]
    assert release.is_set()


def test_what_is_late_is_unknown_and_the_rest_is_there() -> None:
    never = threading.Event()
    fleet = sources({"a": Port({"info": lambda: never.wait(PATIENT)}), "b": engine()})
    began = time.monotonic()
    look = ask(fleet, EngineInfo("a"), EngineInfo("b"), seconds=0.5)
    took = time.monotonic() - began
    never.set()
    assert look.judgement[EngineInfo("b")] == Found("engine")
    late = look.judgement[EngineInfo("a")]
    assert isinstance(late, Unknown)
    assert (late.problem.code, late.problem.source, late.problem.subject) == (
        "timeout",
        "engine",
        "a",
    )
    assert "engine a did not answer in time" in late.problem.message
    assert took < 5


def test_questions_that_come_up_after_the_deadline_are_not_asked() -> None:
    def judge(facts: FactStore) -> Answer[Any]:
        if isinstance(facts.get(EngineInfo("a")), Unknown) and not facts.missing:
            return facts.get(RegistryTags("r/x"))
        return facts.get(EngineInfo("a"))

    never = threading.Event()
    fleet = sources({"a": Port({"info": lambda: never.wait(PATIENT)})})
    look = gather(fleet, Deadline.after(0.2), judge)
    never.set()
    assert isinstance(look.judgement, Unknown)
    assert look.judgement.problem.code == "not-asked"
    assert RegistryTags("r/x") not in look.answers


def test_a_refusal_is_data_and_a_fault_of_ours_too() -> None:
    secret = "hunter2"

    def broken() -> Any:
        raise KeyError(secret)

    fleet = sources({"a": Port({"info": broken}), "b": Port({"info": refuse}), "c": engine()})
    look = ask(fleet, EngineInfo("a"), EngineInfo("b"), EngineInfo("c"))
    codes = {
        question.engine: answer.problem.code
        for question, answer in look.judgement.items()
        if isinstance(question, EngineInfo) and isinstance(answer, Unknown)
    }
    assert codes == {"a": "internal", "b": "refused"}
    assert look.judgement[EngineInfo("c")] == Found("engine")
    assert len(look.faults) == 1
    assert look.faults[0].startswith("KeyError at test_gather.py:")
    assert secret not in str(look)


def test_a_source_is_opened_once_for_all_its_questions() -> None:
    opened: list[str] = []

    def opener() -> Any:
        opened.append("registry")
        return Port({"tags": lambda repository: Found((repository,))})

    fleet = sources()
    fleet = Sources(fleet.engines, opener, fleet.git, fleet.github, fleet.journal)
    look = ask(fleet, RegistryTags("r/a"), RegistryTags("r/b"), RegistryTags("r/c"))
    assert [*look.judgement.values()] == [Found(("r/a",)), Found(("r/b",)), Found(("r/c",))]
    assert opened == ["registry"]


@pytest.mark.parametrize(
    ("kind", "name", "expected"),
    [(GitCommit, "commits", [120]), (GithubCommit, "github", [50, 50, 20])],
)
def test_commits_are_asked_together(kind: Any, name: str, expected: list[int]) -> None:
    def commits(_repository: str, shas: Sequence[str]) -> dict[str, Answer[str]]:
        return {sha: Found(f"commit {sha}") for sha in shas if sha != "7"}

    port = Port({"commits": commits})
    questions = [kind("acme/shop", str(number)) for number in range(120)]
    look = ask(sources(None, **{name: port}), *questions)
    assert sorted((len(about[1]) for _, about in port.calls), reverse=True) == expected
    assert look.judgement[questions[7]] == Nothing()
    assert look.judgement[questions[8]] == Found("commit 8")


def test_every_reply_that_is_there_is_judged_at_once() -> None:
    port = Port({"manifest": lambda _repository, tag: Found(tag)})
    judged = 0

    def judge(facts: FactStore) -> int:
        nonlocal judged
        judged += 1
        time.sleep(0.05)
        return sum(
            isinstance(facts.get(RegistryManifest("r/x", str(n))), Found) for n in range(400)
        )

    look = gather(sources(registry=port), Deadline.after(PATIENT), judge)
    assert look.judgement == 400
    assert len(port.calls) == 400
    assert judged < 40


def test_a_lane_of_a_registry_has_eight_threads_and_each_host_its_own() -> None:
    gate = threading.Barrier(9)

    def tags(_repository: str) -> Answer[tuple[str, ...]]:
        gate.wait(PATIENT)
        return Found(())

    questions = [RegistryTags(f"one/{n}") for n in range(8)] + [RegistryTags("two/0")]
    look = ask(sources(registry=Port({"tags": tags})), *questions)
    assert set(look.judgement.values()) == {Found(())}


def test_what_is_known_is_not_asked_again() -> None:
    port = Port({"earlier": lambda _engine: ()})
    known: Answers = {EngineInfo("a"): Found("saved")}

    def judge(facts: FactStore) -> list[Answer[Any]]:
        return [facts.get(EngineInfo("a")), facts.get(JournalLooks("id"))]

    told: list[frozenset[str]] = []
    look = gather(
        sources(journal=port), Deadline.after(PATIENT), judge, known=known, on_waiting=told.append
    )
    assert look.judgement == [Found("saved"), Found(())]
    assert told == [frozenset({"journal"})]
