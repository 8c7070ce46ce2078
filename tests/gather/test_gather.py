"""From queries to answers: what is asked when, and what not."""

import threading
import time
from typing import Any

from tests.gather.in_memory import PATIENT, Port, ask, engine, sources
from whatsrunning.facts.answers import Answer, Found, Unknown
from whatsrunning.facts.engine import EngineContainers, EngineInfo
from whatsrunning.facts.journal import JournalLooks
from whatsrunning.facts.query import Answers, Deadline
from whatsrunning.facts.registry import RegistryManifest, RegistryTags
from whatsrunning.facts.store import FactStore
from whatsrunning.gather.gather import gather


def test_each_reply_starts_its_own_next_queries_while_another_source_hangs() -> None:
    release, followed = threading.Event(), threading.Event()

    def slow() -> str:
        assert followed.wait(PATIENT), "the other engine's second query had to wait"
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

    opened = sources(
        {"a": Port({"info": slow}), "b": Port({"info": lambda: "quick", "containers": containers})}
    )
    gathered = gather(opened, Deadline.after(PATIENT), judge)
    assert gathered.judgement == [Found("slow"), Found("quick"), Found(())]
    assert release.is_set()


def test_queries_that_come_up_after_the_deadline_are_not_asked() -> None:
    def judge(facts: FactStore) -> Answer[Any]:
        if isinstance(facts.get(EngineInfo("a")), Unknown) and not facts.missing:
            return facts.get(RegistryTags("r/x"))
        return facts.get(EngineInfo("a"))

    never = threading.Event()
    opened = sources({"a": Port({"info": lambda: never.wait(PATIENT)})})
    gathered = gather(opened, Deadline.after(0.2), judge)
    never.set()
    assert isinstance(gathered.judgement, Unknown)
    assert gathered.judgement.problem.code == "not-asked"
    assert RegistryTags("r/x") not in gathered.answers


def test_what_is_known_is_not_asked_again() -> None:
    port = Port({"earlier": lambda _engine: ()})
    known: Answers = {EngineInfo("a"): Found("saved")}

    def judge(facts: FactStore) -> list[Answer[Any]]:
        return [facts.get(EngineInfo("a")), facts.get(JournalLooks("id"))]

    told: list[frozenset[str]] = []
    gathered = gather(
        sources(journal=port), Deadline.after(PATIENT), judge, known=known, on_waiting=told.append
    )
    assert gathered.judgement == [Found("saved"), Found(())]
    assert told == [frozenset({"journal"})]


def test_engines_are_closed_and_threads_end_with_the_look() -> None:
    """A watch looks every two seconds: what each look left open would pile up."""
    closed: list[str] = []
    shown = threading.Event()

    def close() -> None:
        assert shown.wait(PATIENT)
        closed.append("a")

    port = Port({"info": lambda: "engine", "close": close})
    before = set(threading.enumerate())
    gathered = ask(sources({"a": port}), EngineInfo("a"))
    assert gathered.answers[EngineInfo("a")] == Found("engine")
    assert closed == [], "the answer does not wait for an ssh that is slow to end"
    shown.set()
    for thread in set(threading.enumerate()) - before:
        thread.join(PATIENT)
        assert not thread.is_alive()
    assert closed == ["a"]


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

    gathered = gather(sources(registry=port), Deadline.after(PATIENT), judge)
    assert gathered.judgement == 400
    assert len(port.calls) == 400
    assert judged < 40


def test_what_is_late_is_unknown_and_the_rest_is_there() -> None:
    never = threading.Event()
    opened = sources({"a": Port({"info": lambda: never.wait(PATIENT)}), "b": engine()})
    began = time.monotonic()
    gathered = ask(opened, EngineInfo("a"), EngineInfo("b"), seconds=0.5)
    took = time.monotonic() - began
    never.set()
    assert gathered.judgement[EngineInfo("b")] == Found("engine")
    late = gathered.judgement[EngineInfo("a")]
    assert isinstance(late, Unknown)
    assert (late.problem.code, late.problem.source, late.problem.subject) == (
        "timeout",
        "engine",
        "a",
    )
    assert "engine a did not answer in time" in late.problem.message
    assert took < 5
