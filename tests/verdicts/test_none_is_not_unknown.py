"""Every "none" of every document, in its own word or in disguise: with a source or a tag taken away
it stays true or turns to unknown, and a look with an unknown in it is not complete."""

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

import pytest

from tests.scene import IMAGE, NOW, Scene, digest, lost, sha
from tests.verdicts.losses import subsets, without
from tests.verdicts.nones import nones, places, unknowns
from tests.verdicts.test_losses import fleet
from tests.view.reading import lines
from whatsrunning.facts.github import GithubGraph
from whatsrunning.facts.registry import RegistryManifest, RegistryTags
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


def everything() -> Scene:
    """The fleet, one container that no tag is of, and one that nothing but a fork's clone knows."""
    scene = fleet()
    scene.engine = "prod"
    image = scene.image(digest("lone"), f"{IMAGE}:lone", digests=[f"{IMAGE}@{digest('top-lone')}"])
    scene.container("lone", f"{IMAGE}:lone", image, {"git.sha": sha("lone")})
    scene.commit("lone", "Alone (#9)")
    tags = scene.answers[RegistryTags(IMAGE)]
    scene.push("lone", digest("top-lone"))
    scene.answers[RegistryTags(IMAGE)] = tags  # pruned: the registry knows its digest alone
    del scene.answers[RegistryManifest(IMAGE, "lone")]
    fork = "registry.test/other/cart"
    forked = scene.image(digest("cart"), f"{fork}:1", digests=[f"{fork}@{digest('top-cart')}"])
    own = {"git.sha": sha("cart"), "git.repository": "other/cart"}
    scene.container("cart", f"{fork}:1", forked, own)
    scene.push(sha("cart"), digest("top-cart"), repository=fork)
    scene.clone("cart", repository="me/cart")
    scene.commit("cart", "Push it (#7)", repository="me/cart", github=False)
    scene.commit("cart", "Push it (#7)", repository="other/cart", local=False)
    scene.answers[GithubGraph("other/cart")] = lost(GithubGraph("other/cart"))
    return scene


@pytest.mark.parametrize("command", COMMANDS)
def test_a_source_is_taken_away(command: str) -> None:
    scene, scope = everything(), {"command": command, **COMMANDS[command]}
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
    scene, scope = everything(), {"command": command, **COMMANDS[command]}
    scene.push("nightly", digest("top-nightly"), labels={})
    report = scene.look(**scope)
    containers = tuple(c for c in report.containers if c.image.repository == IMAGE)
    timelines = tuple(t for t in report.timelines if t.repository == IMAGE)
    report = replace(report, containers=containers, timelines=timelines)
    words = ("not-built", "| never built", "no build to go back to")
    assert [said(report)[each] for each in words] == [0, 0, 0]
    built = ("built", "_built", "built_not_deployed", "candidates")
    told = (place.partition("=")[0] for place in nones(document(report)))
    assert [place for place in told if place.endswith(built)] == []
