"""The tables of docs/tag-schemes.md: what the program says in every cell, in a few words."""

import re

from tests.program import ROOT
from tests.verdicts.schemes.schemes import SCHEMES, Scheme
from tests.verdicts.schemes.world import LABELS, WAYS, Cell, Label, Way, scene_of
from whatsrunning.facts.answers import Problem
from whatsrunning.report.container import Container

PAGE = ROOT / "docs" / "tag-schemes.md"
_PART = re.compile(r"(<!-- made by tests: (\w+) -->\n\n)(.*?)(\n\n<!-- end -->)", re.DOTALL)
_PROOFS = {"label-only": "label only", "unlabelled": "found by digest"}


def renewed(text: str) -> str:
    """The page with its tables, and the notes beneath them, made anew."""
    notes: dict[str, str] = {}  # a letter by hint, in the order of the tables
    made: dict[str, str] = {way: _table(way, notes) for way in WAYS}
    made["notes"] = "\n".join(f"- ({letter}) {hint}" for hint, letter in notes.items())
    return _PART.sub(lambda part: f"{part[1]}{made[part[2]]}{part[4]}", text)


def _table(way: Way, notes: dict[str, str]) -> str:
    lines = ["| tags | true label | stale label | no label |", "|---|---|---|---|"]
    for scheme in SCHEMES:
        said = [_said(_cell(scheme, label, way), notes) for label in LABELS]
        lines.append(f"| {' | '.join((scheme.shown, *said))} |")
    return "\n".join(lines)


def _cell(scheme: Scheme, label: Label, way: Way) -> Cell:
    """What re-creates containers by itself, and leaves labels behind, follows a moving tag."""
    moving = label != "true" and bool(scheme.moving(scheme.line.running))
    return Cell(scheme, label, way, moving)


def _said(cell: Cell, notes: dict[str, str]) -> str:
    web = scene_of(cell).one("web")
    if not web.sha:
        return f"unknown{_note(web.revision.problem, notes)}"
    proof = _PROOFS.get(web.proof.status, web.proof.status)
    return f"{proof}, {_position(web, notes)}"


def _position(container: Container, notes: dict[str, str]) -> str:
    built = container.built.value_or(None)
    if built is None:
        return f"position unknown{_note(container.built.problem, notes)}"
    number = "" if built.builds_behind is None else f"{built.builds_behind} "
    return f"{number}{built.position}"


def _note(problem: Problem | None, notes: dict[str, str]) -> str:
    hint = problem.hint if problem else "nothing"
    return f" ({notes.setdefault(hint, chr(ord('a') + len(notes)))})"
