"""What is said of what ran before."""

import pytest

from tests.view.reading import page


@pytest.mark.parametrize(
    ("name", "said"),
    [("history", "covers 2026-11-19T21:12:40Z (6 days ago) and later; before its oldest row")],
)
def test_words(name: str, said: str) -> None:
    assert said in page(name)
