"""The store of facts: what is missing is noted, what many share is worked out once."""

from dataclasses import replace

from whatsrunning.facts.answers import Found, Problem, Unknown
from whatsrunning.facts.engine import EngineContainers, EngineInfo
from whatsrunning.facts.query import Answers
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Case, FactStore, memo

REFUSED = Unknown(Problem("engine", "b", "refused", "connection refused"))
ANSWERS: Answers = {EngineContainers("a"): Found(()), EngineInfo("b"): REFUSED}


def test_what_is_missing_is_noted_once_and_unknown_meanwhile() -> None:
    store = FactStore(ANSWERS)
    assert store.get(EngineContainers("a")) == Found(())
    first, second = store.get(EngineInfo("a")), store.get(EngineInfo("a"))
    assert first == second
    assert first.problem is not None
    assert (first.problem.code, first.problem.subject) == ("pending", "a")
    assert list(store.missing) == [EngineInfo("a")]
    assert not store.problems


def test_a_peek_asks_nothing() -> None:
    store = FactStore(ANSWERS)
    assert store.peek(EngineInfo("a")) is None
    assert not store.missing


def test_a_last_judgement_waits_for_nothing() -> None:
    answer = FactStore(ANSWERS, last=True).get(EngineInfo("a"))
    assert answer.problem is not None
    assert answer.problem.code == "not-asked"
    assert answer.or_else(lambda: Found(1)) == Found(1)


def test_a_problem_that_was_read_is_kept() -> None:
    store = FactStore(ANSWERS)
    store.get(EngineInfo("b"))
    assert list(store.problems) == [REFUSED.problem]


def test_a_memo_is_worked_out_once_for_each_set_of_arguments() -> None:
    made: list[str] = []

    @memo
    def verdict(_case: Case, word: str) -> str:
        made.append(word)
        return word.upper()

    case = Case(FactStore(ANSWERS), Scope("ps", ()))
    other_command = replace(case, scope=Scope("diff", ()))
    assert [verdict(case, "a"), verdict(other_command, "a"), verdict(case, "b")] == ["A", "A", "B"]
    assert made == ["a", "b"]
    assert verdict(Case(FactStore(ANSWERS), case.scope), "a") == "A"
    assert made == ["a", "b", "a"]
