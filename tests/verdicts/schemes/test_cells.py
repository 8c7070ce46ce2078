"""Every tag scheme, with a true, a stale and no label, seen in three ways: never a false word."""

from collections.abc import Iterator

import pytest

from tests.scene import NOW, sha
from tests.verdicts.schemes import faults
from tests.verdicts.schemes.oracle import expected
from tests.verdicts.schemes.schemes import SCHEMES
from tests.verdicts.schemes.world import Cell, cells, scene_of
from whatsrunning.checks.findings import findings

every_cell = pytest.mark.parametrize("cell", [pytest.param(one, id=one.id) for one in cells()])

NEVER_TRUE = {
    "built-outside-ci", "running-without-tag", "never-pushed", "not-on-default-branch", "differs",
    "nothing-running", "dirty-build", "reverted", "local-image-gone", "split-revisions",
    "stale-clone",
}  # fmt: skip
"""Findings of which none is true in any of these scenes."""


either = pytest.mark.parametrize("alone", [False, True], ids=["beside the newest", "alone"])


@every_cell
@either
def test_what_is_said_of_the_containers(cell: Cell, alone: bool) -> None:
    report = scene_of(cell, alone=alone).look()
    said = {c.name: list(faults.of_container(cell, c)) for c in report.containers}
    assert said == {"web": []} if alone else {"new": [], "web": []}
    unknown = any(not (c.sha and c.built.value_or(None)) for c in report.containers)
    assert not (unknown and report.complete)


@every_cell
def test_what_is_found(cell: Cell) -> None:
    codes = {finding.code for finding in findings(scene_of(cell).look(), NOW)}
    assert codes & NEVER_TRUE == set()
    lies = expected(cell, "web").proofs == {"contradicted"}
    assert ("contradicted-label" in codes) == lies


@every_cell
@either
def test_what_diff_says(cell: Cell, alone: bool) -> None:
    report = scene_of(cell, alone=alone).look(command="diff")
    assert list(faults.of_diff(cell, report.timelines)) == []


@every_cell
def test_what_has_says(cell: Cell) -> None:
    scene, line = scene_of(cell), cell.line
    words = (line.newest.word, "after 4", line.running.word, line.stale.word, "after 1")

    def wrong() -> Iterator[str]:
        for whole in map(sha, words):
            for ref in (whole, whole[:7]):
                has = scene.look(command="has", argument=ref).has
                assert has is not None
                yield from faults.of_has(cell, ref, whole, has)

    assert list(wrong()) == []


@every_cell
def test_what_there_is_to_go_back_to(cell: Cell) -> None:
    plan = scene_of(cell).look(command="rollback-plan", services=("web",)).rollback
    assert plan is not None
    assert list(faults.of_rollback(cell, plan)) == []


def test_the_cells_are_those_that_were_promised() -> None:
    assert len(SCHEMES) >= 14
    ids = [cell.id for cell in cells()]
    assert len(ids) == len(set(ids))
    assert {"metadata-action-stale-github-moving", "flux-none-neither"} <= set(ids)
