"""What is said of what to go back to."""

import pytest

from tests.view.reading import page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("rollback-plan", "1 TAKE THIS"),
        ("rollback-plan", "change: image: ghcr.io/acme/web@sha256:"),
    ],
)
def test_words(name: str, said: str) -> None:
    assert said in page(name)
