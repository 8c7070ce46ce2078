"""What is outstanding: answers that are there together, and those that come too late."""

import threading
import time

from tests.gather.in_memory import PATIENT, Port, ask, engine, sources
from whatsrunning.facts.answers import Found, Unknown
from whatsrunning.facts.engine import EngineInfo
from whatsrunning.facts.query import Deadline
from whatsrunning.facts.registry import RegistryManifest
from whatsrunning.facts.store import FactStore
from whatsrunning.gather.gather import gather


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
