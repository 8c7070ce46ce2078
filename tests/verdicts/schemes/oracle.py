"""What may be said in a cell: from how its scene was built, never from the program.

| what tells a build's commit                      | where                              |
| ------------------------------------------------ | ---------------------------------- |
| a whole SHA in its tag, or its image's own label | always                             |
| the beginning of a SHA in its tag                | where a clone or GitHub has it     |
| the same, where a container's label says it all  | always                             |
| a run, a date or a version, without any label    | nowhere: a stale label stays alone |
| a SHA that reads as a date                       | nowhere, but by a container's label|

What can be told must be told. What else is said must be true, or unknown with a next step.
"""

from dataclasses import dataclass

from tests.verdicts.schemes.builds import DATED, Build
from tests.verdicts.schemes.world import Cell, Label


@dataclass(frozen=True, slots=True)
class Expected:
    """Of one container: the build that it runs, and what may be said of it.

    `told`: its revision must be told. `placed`: its position must be told, and exactly. `believed`:
    the only other build that may be named, while nothing but a label says one (`label-only`).
    """

    build: Build
    told: bool
    proofs: frozenset[str]
    placed: bool
    believed: Build | None = None

    def may_be(self, sha: str, proof: str) -> bool:
        """Whether this revision may be said under this proof."""
        believed = self.believed.sha if self.believed and proof == "label-only" else ""
        return sha in {self.build.sha, believed}


def expected(cell: Cell, container: str) -> Expected:
    """What may be said of `web`, which runs two behind the newest, or of `new`."""
    if container == "new":
        label: Label = "none" if cell.label == "none" else "true"
        return _expected(cell, cell.line.newest, label, moving=False)
    return _expected(cell, cell.line.running, cell.label, moving=cell.moving)


def _expected(cell: Cell, build: Build, label: Label, *, moving: bool) -> Expected:
    history = cell.way != "neither"
    tags_read = _by_registry(cell) or (cell.scheme.naming == "short" and history)
    told = tags_read and not _dated(build)
    by_label = label == "true" and cell.scheme.naming != "nothing" and not _dated(build)
    alone = cell.scheme.naming == "nothing" and not cell.scheme.labelled
    believed = cell.line.stale if alone and label == "stale" else None
    every_tag = tags_read and not any(map(_dated, cell.line.builds))
    proofs = _told(cell, label, moving) if told else _untold(cell, build, label)
    return Expected(build, told or by_label, proofs, every_tag and history, believed)


def _by_registry(cell: Cell) -> bool:
    return cell.scheme.naming == "whole" or cell.scheme.labelled


def _dated(build: Build) -> bool:
    return build.word == DATED


def _told(cell: Cell, label: Label, moving: bool) -> frozenset[str]:
    """The proof where every tag's commit is known."""
    if label == "stale":
        return frozenset({"contradicted"})
    says_nothing = label == "none" and moving and not cell.scheme.labelled
    return frozenset({"unlabelled" if says_nothing else "verified"})


def _untold(cell: Cell, build: Build, label: Label) -> frozenset[str]:
    """The proofs where the tags' commits are not known: never one that compares two of them."""
    if cell.scheme.naming == "nothing":
        return frozenset({"unknown", "unlabelled" if label == "none" else "label-only"})
    if label == "stale":
        return frozenset({"unknown"})
    if label == "none":
        return frozenset({"unknown", "unlabelled", "verified"})
    return frozenset({"verified", *(("label-only", "unknown") if _dated(build) else ())})
