"""Each source refuses, then freezes, and the clone goes: the rest of the answer stands, in time."""

import contextlib
import os
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

import pytest

from tests.program import Result, whatsrunning
from tests.world.everything import World

TIMEOUT = 5.0
SLACK = 0.5
LOOKED_UP = (
    "deployed_at", "repository", "revision", "commit", "pull_requests", "ci", "built", "previous",
)  # fmt: skip
PLAIN = ("id", "name", "service", "project", "managed", "state", "health", "claims")
# These say where a fact comes from: another source may give the same fact.
ORIGINS = {"source", "evidence", "basis", "reason", "via", "latest_problem"}


def _ask(world: World, *more: str, env: Mapping[str, str] | None = None) -> Result:
    """One `ps` in time. A machine's hiccup gets another try; a late program is late every time."""
    for _ in range(3):
        result = whatsrunning(
            "ps", "-o", "json", "--timeout", str(TIMEOUT), *more,
            env={**world.environment(), **(env or {})}, home=world.folder / "home",
        )  # fmt: skip
        if result.seconds <= TIMEOUT + SLACK:
            return result
    raise AssertionError(f"{result.seconds:.1f} s with a deadline of {TIMEOUT} s")


def _clone(world: World) -> tuple[str, str]:
    return ("-C", str(world.history.clone))


@pytest.fixture(scope="module")
def healthy(world: World) -> dict[str, Any]:
    """What is said while everything answers."""
    result = world.ask("ps", "-o", "json")
    document: dict[str, Any] = result.json()
    assert document["complete"], document["problems"]
    return document


@contextlib.contextmanager
def _refused(world: World, source: str) -> Iterator[None]:
    gate = getattr(world.gates, source)
    gate.shut()
    try:
        yield
    finally:
        gate.open()


@contextlib.contextmanager
def _frozen(world: World, source: str) -> Iterator[None]:
    process = getattr(world, source)
    process.freeze()
    try:
        yield
    finally:
        process.thaw()


OUTAGES = {"refused": _refused, "frozen": _frozen}


def _outage(world: World, how: str, source: str) -> AbstractContextManager[None]:
    return OUTAGES[how](world, source)


@pytest.mark.parametrize("how", OUTAGES)
@pytest.mark.parametrize("source", ["registry", "github"])
def test_the_rest_stands(world: World, healthy: dict[str, Any], source: str, how: str) -> None:
    with _outage(world, how, source):
        result = _ask(world, *_clone(world))
    assert result.code == 0, result.stderr
    document = result.json()
    assert not document["complete"]
    assert source in {problem["source"] for problem in document["problems"]}
    assert _differences(healthy, document) == []


@pytest.mark.parametrize(("how", "does"), [("refused", "exit 1"), ("frozen", "exec sleep 1000")])
def test_without_git(
    world: World, healthy: dict[str, Any], tmp_path: Path, how: str, does: str
) -> None:
    git = tmp_path / "git"
    git.write_text(f"#!/bin/sh\n{does}\n")
    git.chmod(0o755)
    path = f"{tmp_path}{os.pathsep}{os.environ['PATH']}"
    document = _ask(world, *_clone(world), "-R", "acme/shop", env={"PATH": path}).json()
    assert "git" in {problem["source"] for problem in document["problems"]}, how
    assert _differences(healthy, document) == []


def test_without_a_clone(world: World, healthy: dict[str, Any]) -> None:
    document = _ask(world, "-R", world.history.repository).json()
    assert _differences(healthy, document) == []


@pytest.mark.parametrize("how", OUTAGES)
def test_without_the_engine(world: World, how: str) -> None:
    with _outage(world, how, "engine"):
        result = _ask(world, *_clone(world))
    assert result.code == 4
    document = result.json()
    assert [engine["status"] for engine in document["engines"]] == ["unreachable"]
    assert document["containers"] == []
    assert not document["complete"]


def _differences(before: dict[str, Any], after: dict[str, Any]) -> list[str]:
    """Fields that neither kept their value nor turned to unknown with a problem that is listed."""
    problems = {problem["id"] for problem in after["problems"]}
    now = {container["id"]: container for container in after["containers"]}
    assert set(now) == {container["id"] for container in before["containers"]}
    wrong = []
    for container in before["containers"]:
        other, name = now[container["id"]], container["name"]
        wrong += [f"{name}.{key}" for key in PLAIN if container[key] != other[key]]
        for key in (*LOOKED_UP, "proof"):
            if not _stands(container[key], other[key], problems):
                wrong.append(f"{name}.{key}: {container[key]} became {other[key]}")
    return wrong


def _stands(before: Any, after: Any, problems: set[str]) -> bool:
    if after["status"] == "unknown":
        same = before["status"] == "unknown"
        return same or after.get("problem") in problems
    if "items" in before and before.get("items") and after.get("items"):
        return [i["number"] for i in before["items"]] == [i["number"] for i in after["items"]]
    was, now = _facts(before), _facts(after)
    # A count or a SHA that could not be told is null or empty; it never has another value.
    return all(now[key] == value or now[key] in (None, "") for key, value in was.items())


def _facts(field: dict[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in field.items() if key not in ORIGINS}


def test_the_clone_is_untouched(world: World) -> None:
    def listing() -> list[tuple[str, int]]:
        files = [path for path in Path(world.history.clone).rglob("*") if path.is_file()]
        return sorted((str(path), path.stat().st_mtime_ns) for path in files)

    before = listing()
    assert world.ask("diff", "-o", "json").code == 0
    assert listing() == before
