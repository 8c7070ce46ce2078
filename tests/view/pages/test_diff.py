"""What is said of deployed against built."""

import pytest

from tests.view.reading import page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("diff", "never built, :latest"),
        ("diff", "\u2026 15 more commits, 15 built, none deployed"),
        ("diff", "merged, never built: unknown"),
        (
            "diff",
            "NOT COMPLETE: could not look at engine prod-2, registry registry.acme.example:5000",
        ),
    ],
)
def test_words(name: str, said: str) -> None:
    assert said in page(name)
