"""What is said of one container's whole chain."""

import pytest

from tests.view.reading import page


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("show", "claim: 137d3e91c40b65f8a2137d3e91c40b65f8a2137d (container-label git.sha)"),
        ("show", "position: behind by 3 builds, 7 commits (registry, git)"),
        ("show-unknown", "pull request: unknown (p1)"),
        ("show-nothing", "pull request: none: no pull request brought it"),
        ("show-nothing", "deployed: unknown (p1)"),
        ("show", "before: 137d3e91c40b65f8a2137d3e91c40b65f8a2137d (engine events)"),
        ("show", "until: 3 h ago, 2026-11-25T23:52:40Z"),
        (
            "show-nothing",
            "before: no earlier one found (stopped containers, engine events, earlier",
        ),
    ],
)
def test_words(name: str, said: str) -> None:
    assert said in page(name)


def test_none_and_unknown_never_look_alike() -> None:
    none, unknown = page("show-nothing").splitlines(), page("show-unknown").splitlines()
    for label in ("commit:", "pull request:", "position:", "CI at deploy:"):
        looked = next(line for line in none if line.startswith(label))
        could_not = next(line for line in unknown if line.startswith(label))
        assert "unknown" not in looked
        assert "unknown (p" in could_not
