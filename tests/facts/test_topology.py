"""Commits by their parents alone: the order is git's own, whatever order they were given in."""

import random
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path

import pytest

from tests.world.bulk_history import make_bulk
from tests.world.git_writer import git
from whatsrunning.facts.topology import newest_first

Parents = Mapping[str, tuple[str, ...]]


def _in_git_order(clone: Path) -> Parents:
    """The history of a clone's default branch as git itself orders it."""
    lines = git(clone, "rev-list", "--topo-order", "--parents", "HEAD").splitlines()
    return {words[0]: tuple(words[1:]) for words in map(str.split, lines)}


def _shuffled(shas: Iterable[str]) -> list[str]:
    drawn = list(shas)
    random.Random(7).shuffle(drawn)
    return drawn


@pytest.mark.parametrize(
    "disorder",
    [
        pytest.param(list, id="as git orders them"),
        pytest.param(_shuffled, id="in any order"),
        pytest.param(sorted, id="by name"),
        pytest.param(lambda shas: list(shas)[::-1], id="oldest first"),
    ],
)
def test_a_real_history_is_in_git_s_own_order(
    tmp_path: Path, disorder: Callable[[Iterable[str]], list[str]]
) -> None:
    clone = make_bulk(tmp_path, 120).clone
    expected = _in_git_order(clone)
    assert any(len(above) > 1 for above in expected.values())
    given = {sha: expected[sha] for sha in disorder(expected)}
    assert list(newest_first(given).items()) == list(expected.items())


@pytest.mark.parametrize(
    ("given", "order"),
    [
        pytest.param({}, [], id="nothing"),
        pytest.param({"b": ("a",), "x": ("w",)}, ["b", "x"], id="heads as given, pasts unread"),
        pytest.param({"a": (), "b": ("a",)}, ["b", "a"], id="a parent given before its child"),
        pytest.param({"m": ("a", "a"), "a": ()}, ["m", "a"], id="the same parent twice"),
        pytest.param(
            {"m": ("p", "s"), "p": ("a",), "s": ("a",), "a": ()},
            ["m", "s", "p", "a"],
            id="a branch in one piece",
        ),
    ],
)
def test_children_come_before_parents(given: Parents, order: list[str]) -> None:
    assert list(newest_first(given)) == order
