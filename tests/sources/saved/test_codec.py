"""Saved looks: nothing is lost on the way to text and back, and no text makes a traceback."""

import json
import random
import types
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from datetime import UTC, datetime, timedelta, timezone
from typing import Any, Literal, Union, get_args, get_origin, get_type_hints

import pytest

from whatsrunning.facts.answers import Answer, Found, Nothing, Problem, Unknown
from whatsrunning.facts.engine import EngineFacts, EngineInfo
from whatsrunning.facts.git import GitGraph, GraphFacts
from whatsrunning.facts.query import Answers
from whatsrunning.facts.registry import RegistryTags
from whatsrunning.facts.scope import Scope
from whatsrunning.facts.store import Snapshot
from whatsrunning.sources.saved.codec import (
    KINDS,
    LARGEST,
    UnreadableSnapshot,
    answered_by,
    from_text,
    to_text,
)

_TEXTS = ("", "web", "$", "found", "\ud800", "\x00\x1b[31m", "\u5bbd", 'a"b\\', "x" * 300)


def _made(hint: Any, dice: random.Random, depth: int = 0) -> Any:
    """A random value of an annotated type."""
    hint = getattr(hint, "__supertype__", hint)
    origin = get_origin(hint)
    if isinstance(hint, type) and is_dataclass(hint):
        return _record(hint, dice, depth)
    if origin is Literal:
        return dice.choice(get_args(hint))
    if origin in (Union, types.UnionType):
        return None if dice.random() < 0.3 else _made(get_args(hint)[0], dice, depth)
    if origin is tuple:
        return tuple(_made(get_args(hint)[0], dice, depth + 1) for _ in range(dice.randrange(3)))
    if isinstance(origin, type) and issubclass(origin, Mapping):
        keys = dice.sample(_TEXTS, dice.randrange(3))
        return {key: _made(get_args(hint)[1], dice, depth + 1) for key in keys}
    if hint is datetime:
        return datetime(2026, 2, 1, tzinfo=UTC) + timedelta(microseconds=dice.randrange(10**12))
    return {bool: dice.random() < 0.5, int: dice.randrange(-5, 10**12), str: dice.choice(_TEXTS)}[
        hint
    ]


def _record(kind: Any, dice: random.Random, depth: int) -> Any:
    hints = get_type_hints(kind)
    whole = depth < 4
    return kind(
        **{
            f.name: _made(hints[f.name], dice, depth + 1)
            for f in fields(kind)
            if whole or (f.default is MISSING and f.default_factory is MISSING)
        }
    )


def _snapshot(seed: int) -> Snapshot:
    dice = random.Random(seed)
    answers: Answers = {}
    for kind in KINDS.values():
        for _ in range(3):
            found = Found(_made(answered_by(kind), dice))
            ways: list[Answer[Any]] = [found, Nothing(), Unknown(_made(Problem, dice))]
            answers[_made(kind, dice)] = dice.choice(ways)
    return Snapshot(_made(datetime, dice), _made(Scope, dice), answers)


@pytest.mark.parametrize("seed", range(40))
def test_nothing_is_lost(seed: int) -> None:
    snapshot = _snapshot(seed)
    text = to_text(snapshot)
    assert from_text(text) == snapshot
    assert to_text(from_text(text)) == text  # type: ignore[arg-type]


def test_the_order_of_history_is_kept() -> None:
    order = [f"{number * 7919 % 101:040x}" for number in range(100)]
    graph = GraphFacts("main", order[0], dict.fromkeys(order, ()), True)
    question = GitGraph("acme/shop", ())
    snapshot = Snapshot(datetime(2026, 2, 1, tzinfo=UTC), Scope("ps", ()), {question: Found(graph)})
    read = from_text(to_text(snapshot))
    assert isinstance(read, Snapshot)
    answer = read.answers[question]
    assert isinstance(answer, Found)
    assert list(answer.value.parents) == order


def test_every_query_carries_the_type_of_its_answer() -> None:
    assert len(KINDS) == 32
    assert answered_by(KINDS["EngineInfo"]) is EngineFacts
    assert answered_by(KINDS["RegistryTags"]) == tuple[str, ...]


def test_instants_keep_their_moment_in_another_zone() -> None:
    east = datetime(2026, 2, 1, 12, tzinfo=timezone(timedelta(hours=5, minutes=30)))
    read = from_text(to_text(Snapshot(east, Scope("ps", ()), {})))
    assert isinstance(read, Snapshot)
    assert read.taken_at == east


def _damaged(text: str, dice: random.Random) -> str:
    """One value somewhere in the document replaced by something else."""
    document = json.loads(text)
    place: Any = document
    while True:
        key = dice.choice(list(place) if isinstance(place, dict) else range(len(place)))
        if not isinstance(place[key], dict | list) or not place[key] or dice.random() < 0.15:
            break
        place = place[key]
    place[key] = dice.choice([None, 3, "x", [], {}, [[]], True, 1e999, {"found": 1}, -1])
    return json.dumps(document)


@pytest.mark.parametrize("seed", range(10))
def test_a_damaged_file_is_a_value(seed: int) -> None:
    dice = random.Random(seed)
    text = to_text(_snapshot(seed))
    for _ in range(60):
        read = from_text(_damaged(text, dice))
        assert isinstance(read, Snapshot | UnreadableSnapshot)
        if isinstance(read, Snapshot):
            assert from_text(to_text(read)) == read
    for _ in range(20):
        assert isinstance(from_text(text[: dice.randrange(len(text) - 2)]), UnreadableSnapshot)


SMALL = Snapshot(
    datetime(2026, 2, 1, tzinfo=UTC),
    Scope("ps", ()),
    {EngineInfo("prod"): Nothing(), RegistryTags("r/x"): Found(("a", "b"))},
)


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (lambda _: "", "not JSON"),
        (lambda _: "[" * 200_000, "nested too deeply"),
        (lambda _: "9" * 5000, "not JSON"),
        (lambda _: "[]", "not a saved look"),
        (lambda _: '"format"', "not a saved look"),
        (lambda text: text.replace("snapshot/v3", "snapshot/v9"), "format that this version"),
        (lambda text: text.replace('"a",', "7,"), "RegistryTags[0] is not what it should be: str"),
        (lambda text: text.replace('"nothing": true', '"nothing": 1'), "no answer that is"),
        (lambda text: text.replace('"EngineInfo"', '"Exec"'), "is not a question"),
        (lambda text: text.replace('"engine"', '"motor"'), "unknown field 'motor'"),
        (lambda text: text.replace("+00:00", ""), "taken_at is not an instant"),
        (lambda text: text.replace('"targets": []', '"targets": [4]'), "targets[0] is not an obj"),
        (lambda text: text.replace('"command": "ps",', ""), "scope lacks 'command'"),
        (lambda text: text + " " * LARGEST, "larger than any"),
    ],
)
def test_what_is_wrong_is_said(change: Any, reason: str) -> None:
    read = from_text(change(to_text(SMALL)))
    assert isinstance(read, UnreadableSnapshot)
    assert reason in read.reason
