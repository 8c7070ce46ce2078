"""What is said of whether it is live."""

import pytest

from tests.view.reading import page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("has", "412 is LIVE in 2 of 3 containers"),
        ("has-reverted", "412 is in, but REVERTED in 1 of 2 containers"),
        ("has-nowhere", "412 is NOT LIVE: in none of 1 container"),
        ("has-unsure", "CANNOT SAY whether 412 is live: 1 of 2 containers could not be judged"),
        ("has-missing", "NOT FOUND: nothing is named 9999"),
        ("has-unknown", "CANNOT SAY whether 9999 is live: unknown (p1)"),
    ],
)
def test_words(name: str, said: str) -> None:
    assert said in page(name)
