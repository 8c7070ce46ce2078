"""A small history with a merge and a branch, as tests of the graph and of positions read it."""

from collections.abc import Iterable

from tests.scene import sha
from whatsrunning.facts.git import GraphFacts

LINES = {
    "f": "m",
    "m": "c s2",
    "y": "x",
    "x": "c",
    "c": "b",
    "s2": "s1",
    "s1": "b",
    "b": "a",
    "a": "",
}
"""Parents by commit: f is main's head; m merged s2, which left main at b; x and y never merged."""


def small_history(*, without: Iterable[str] = (), whole: bool = True) -> GraphFacts:
    """The history as a source tells it, with the SHAs of these words."""
    lines = {word: words for word, words in LINES.items() if word not in without}
    return GraphFacts("main", sha("f"), {sha(word): shas(it) for word, it in lines.items()}, whole)


def shas(words: str) -> tuple[str, ...]:
    """The whole SHAs of commits that tests call by words."""
    return tuple(map(sha, words.split()))
