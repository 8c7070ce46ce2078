"""None is not unknown, and what is still asked is tried no second way."""

from collections.abc import Iterator

import pytest

from whatsrunning.facts.answers import (
    PENDING,
    Answer,
    Found,
    Nothing,
    Problem,
    Unknown,
    any_of,
    first_answer,
    first_unknown,
    together,
    values_of,
)

LATE = Unknown(Problem("github", "acme/shop", "timeout", "did not answer in time"))
REFUSED = Unknown(Problem("registry", "r/shop", "refused", "connection refused"))
ASKED = Unknown(Problem("git", "acme/shop", PENDING, "was not asked in time"))


@pytest.mark.parametrize(
    ("answer", "then", "or_else", "value_or"),
    [
        pytest.param(Found(4), Found("5"), Found(4), 4, id="found goes on"),
        pytest.param(Nothing(), Nothing(), Found(7), 0, id="nothing has a second way"),
        pytest.param(LATE, LATE, Found(7), 0, id="unknown has a second way"),
        pytest.param(ASKED, ASKED, ASKED, 0, id="what is asked waits"),
    ],
)
def test_an_answer_is_handed_on(
    answer: Answer[int], then: Answer[str], or_else: Answer[int], value_or: int
) -> None:
    assert answer.then(lambda value: Found(str(value + 1))) == then
    assert answer.or_else(lambda: Found(7)) == or_else
    assert answer.value_or(0) == value_or
    assert answer.problem == (answer.problem if isinstance(answer, Unknown) else None)


@pytest.mark.parametrize(
    ("answers", "expected"),
    [
        pytest.param(
            [Found(1), Nothing(), Found(2)], Found((1, 2)), id="what is not there is left out"
        ),
        pytest.param([Found(1), REFUSED, LATE], REFUSED, id="the first that failed"),
        pytest.param([REFUSED, Found(1), ASKED], ASKED, id="one that is asked before all"),
        pytest.param([], Found(()), id="none of them"),
    ],
)
def test_values_are_as_unknown_as_any(
    answers: list[Answer[int]], expected: Answer[tuple[int, ...]]
) -> None:
    assert values_of(answers) == expected


def test_together_waits_for_what_is_asked_and_for_nothing_else() -> None:
    answers: list[Answer[int]] = [Found(1), LATE, Nothing()]
    assert together(answers) == Found(tuple(answers))
    assert together([*answers, ASKED]) == ASKED


def test_the_first_unknown() -> None:
    assert first_unknown([Found(1), Nothing(), REFUSED, LATE]) == REFUSED
    assert first_unknown([Found(1), Nothing()]) is None


@pytest.mark.parametrize(
    ("answers", "first", "any_found"),
    [
        pytest.param([Nothing(), REFUSED, Found(1)], REFUSED, Found(1), id="found in the end"),
        pytest.param([Nothing(), LATE, REFUSED], LATE, LATE, id="none, and two that failed"),
        pytest.param([Nothing(), Nothing()], Nothing(), Nothing(), id="nothing"),
        pytest.param([], Nothing(), Nothing(), id="none asked"),
    ],
)
def test_the_first_answer_and_the_first_found(
    answers: list[Answer[int]], first: Answer[int], any_found: Answer[int]
) -> None:
    assert first_answer(answers) == first
    assert any_of(answers) == any_found


def test_what_is_behind_the_first_answer_is_not_made() -> None:
    answers: Iterator[Answer[int]] = iter([Nothing(), Found(1), REFUSED])
    assert first_answer(answers) == Found(1)
    assert list(answers) == [REFUSED]


def test_a_problem_has_the_same_id_in_every_look() -> None:
    assert LATE.problem.id == "github/timeout/acme/shop"
