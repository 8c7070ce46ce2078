"""Every "none" of every document, in its own word or in disguise: with a source or a tag taken away
it stays true or turns to unknown, and a look with an unknown in it is not complete."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.scene import IMAGE, NOW, digest
from tests.verdicts.losses import subsets, without
from tests.verdicts.nones import nones, places, unknowns
from tests.verdicts.test_losses import fleet
from tests.view.reading import lines
from whatsrunning.render.json.document import document
from whatsrunning.report.report import Report
from whatsrunning.view.page import blocks

COMMANDS: Mapping[str, Mapping[str, Any]] = {
    "ps": {},
    "show": {"argument": "stale"},
    "diff": {},
    "has": {"argument": "3"},
    "history": {},
    "rollback-plan": {"services": ("web",)},
}
FALSE = (
    "no build to go back to", "not built", "not-built", "| never built", "no label and no tag",
    "no such commit", "no pull request", "has no tag", "CI did not run", "no container of ours",
)  # fmt: skip
"""What a page says of what is not there."""


def said(report: Report) -> dict[str, int]:
    """How often a page says so."""
    page = "\n".join(lines(blocks(report, NOW)))
    return {words: page.count(words) for words in FALSE}


def told_falsely(before: Report, after: Report) -> list[str]:
    """What the look with less to go by says of what is not there, and the whole one does not."""
    was, now = document(before), document(after)
    there = frozenset(places(was))
    new = set(nones(now)) - set(nones(was))
    # What only this look lists (a period whose revision it could not tell) says its own problem.
    wrong = [place for place in new if place.partition("=")[0] in there]
    kept, words = said(before), said(after)
    wrong += [f"page: {text}" for text in FALSE if words[text] > kept[text]]
    unknown = sorted(set(unknowns(now)) - set(unknowns(was)))
    return wrong + ([f"complete, but {unknown[0]}"] if unknown and now["complete"] else [])


@pytest.mark.parametrize("command", COMMANDS)
def test_a_source_is_taken_away(command: str) -> None:
    scene, scope = fleet(), {"command": command, **COMMANDS[command]}
    before = scene.look(**scope)
    assert any(nones(document(before)))
    wrong = {}
    for number, queries in enumerate(subsets(list(scene.answers.asked))):
        after = without(scene, queries, "timeout" if number % 2 else "denied", **scope)
        if false := told_falsely(before, after):
            wrong[str(queries)] = false
    assert wrong == {}


@pytest.mark.parametrize("command", COMMANDS)
def test_a_tag_that_may_be_any_commit(command: str) -> None:
    """What no build was before may be the one that nobody can read."""
    scene, scope = fleet(), {"command": command, **COMMANDS[command]}
    scene.push("nightly", digest("top-nightly"), labels={})
    report = scene.look(**scope)
    report = replace(report, timelines=tuple(t for t in report.timelines if t.repository == IMAGE))
    words = ("not-built", "| never built", "no build to go back to")
    assert [said(report)[each] for each in words] == [0, 0, 0]
    built = ("built", "_built", "built_not_deployed", "candidates")
    assert [place for place in nones(document(report)) if place.endswith(built)] == []
