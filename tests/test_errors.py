"""Near names, and a fault of ours named without its text."""

import pytest

from whatsrunning.errors import nearest, whereabouts

MANY = [f"service-{number}" for number in range(20)]


@pytest.mark.parametrize(
    ("word", "known", "hint"),
    [
        ("wbe", ["web", "worker", "db"], "did you mean web?"),
        ("zzz", ["web", "db"], "known: db, web"),
        ("zzz", [], ""),
        ("zzz", MANY, f"known: {', '.join(sorted(MANY)[:8])} and 12 more"),
    ],
    ids=["a near one", "none near, few known", "none known", "none near, many known"],
)
def test_near_names(word: str, known: list[str], hint: str) -> None:
    assert nearest(word, known) == hint


def test_a_fault_is_named_by_type_and_place_alone() -> None:
    def broken() -> None:
        raise ValueError("s3cret")

    with pytest.raises(ValueError, match="s3cret") as raised:
        broken()
    named = whereabouts(raised.value)
    assert named.startswith("ValueError at test_errors.py:")
    assert "s3cret" not in named
