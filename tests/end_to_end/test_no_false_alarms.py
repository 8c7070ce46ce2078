"""No false `contradicted`, `differs` or `denied`, whatever is out of reach (issue 3)."""

import contextlib
from collections.abc import Iterator, Mapping
from typing import Any

import pytest

from tests.program import whatsrunning
from tests.world.everything import World

# The only containers of the fleet that earn it.
ALARMS = {"contradicted": "stale-label", "differs": "rebuilt", "denied": "denied"}
CODES = {"contradicted": "contradicted-label", "differs": "differs", "denied": "built-outside-ci"}
# What is easily mistaken, and what it is.
INNOCENT = {
    "multi-arch": "verified",
    "mirrored": "verified",
    "saved": "verified",
    "two-tags": "verified",
    "pruned": "label-only",
    "rebuilt": "differs",
}
CONDITIONS = ("everything answers", "github is down", "no clone", "neither", "no registry")


@contextlib.contextmanager
def _shut(world: World, condition: str) -> Iterator[None]:
    down = {"github is down": "github", "neither": "github", "no registry": "registry"}
    gate = getattr(world.gates, down[condition]) if condition in down else None
    if gate:
        gate.shut()
    try:
        yield
    finally:
        if gate:
            gate.open()


@pytest.fixture(scope="module", params=CONDITIONS)
def look(request: pytest.FixtureRequest, world: World) -> tuple[str, Mapping[str, Any]]:
    """What `ps` says under a condition."""
    clone = ("-C", str(world.history.clone))
    bare = request.param in ("no clone", "neither")
    with _shut(world, request.param):
        result = whatsrunning(
            "ps", "-o", "json", "--timeout", "30", "-R", world.history.repository,
            *(() if bare else clone), env=world.environment(), home=world.folder / "home",
        )  # fmt: skip
    assert result.code == 0, result.stderr
    return request.param, result.json()


def _proofs(document: Mapping[str, Any]) -> dict[str, str]:
    return {container["name"]: container["proof"]["status"] for container in document["containers"]}


def test_who_is_accused(look: tuple[str, Mapping[str, Any]]) -> None:
    condition, document = look
    proofs = _proofs(document)
    accused = {name: status for name, status in proofs.items() if status in ALARMS}
    expected = {} if condition == "no registry" else {name: s for s, name in ALARMS.items()}
    assert accused == expected
    said = {(f["code"], f["container"]) for f in document["findings"]}
    assert {each for each in said if each[0] in CODES.values()} == {
        (CODES[status], name) for name, status in expected.items()
    }


def test_who_is_innocent(look: tuple[str, Mapping[str, Any]]) -> None:
    condition, document = look
    proofs = _proofs(document)
    expected = dict.fromkeys(INNOCENT, "unknown") if condition == "no registry" else INNOCENT
    assert {name: proofs[name] for name in INNOCENT} == expected


def test_a_claim_outlives_its_proof(look: tuple[str, Mapping[str, Any]], world: World) -> None:
    """What runs is told wherever the image itself says it, proven or not."""
    _, document = look
    said = {each["name"]: each["revision"] for each in document["containers"]}
    for name in ("multi-arch", "mirrored", "saved", "rebuilt", "pruned"):
        assert said[name].get("sha") == world.fleet.truths[name].sha, name
