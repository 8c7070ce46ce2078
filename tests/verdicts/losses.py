"""Looks at a scene some of whose answers are lost, or others."""

from collections.abc import Iterator, Mapping, Sequence
from random import Random
from typing import Any

from tests.empty_world import Answers
from tests.scene import Scene, lost
from whatsrunning.report.report import Report


def without(scene: Scene, queries: Sequence[Any], code: str, **scope: Any) -> Report:
    """The look with these answers lost; the scene is as before afterwards."""
    return instead(scene, {query: lost(query, code) for query in queries}, **scope)


def instead(scene: Scene, answers: Mapping[Any, Any], **scope: Any) -> Report:
    """The look with these answers in place of the scene's, which is as before afterwards."""
    kept = scene.answers
    scene.answers = Answers({**kept, **answers})
    scene.answers.graphs.update(kept.graphs)
    try:
        return scene.look(**scope)
    finally:
        scene.answers = kept


def subsets(asked: list[Any]) -> Iterator[list[Any]]:
    """Each one, each kind, each source, all but each source, and some at random."""
    yield from ([query] for query in asked)
    for by in (type, lambda query: query.source):
        for value in dict.fromkeys(by(query) for query in asked):
            yield [query for query in asked if by(query) == value]
    random = Random(7)
    for _ in range(40):
        yield random.sample(asked, random.randint(2, max(2, len(asked) // 2)))
