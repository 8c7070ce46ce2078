"""What is said of deployed against built."""

import pytest

from tests.view.reading import page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("diff", "never built, :latest"),
        ("diff", "\u2026 15 more commits, 15 built, none deployed"),
        ("diff", "merged, never built: unknown"),
        ("diff-unread", "built, not deployed: unknown (p1): 2 of 9 tags of ghcr.io/acme/web name"),
        ("diff-unread", "merged, never built: unknown (p1)\nrunning without a tag: unknown (p1)\n"),
        (
            "diff",
            "NOT COMPLETE: could not look at engine prod-2, registry registry.acme.example:5000",
        ),
    ],
)
def test_words(name: str, said: str) -> None:
    assert said in page(name)
