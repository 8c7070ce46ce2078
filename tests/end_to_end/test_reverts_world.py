"""`reverted` and `fix-waiting` on the world: reverts that are built or merged, and not deployed."""

from collections.abc import Mapping
from typing import Any

import pytest

from tests.world.everything import World
from tests.world.outage import github_down
from tests.world.prod import Prod
from tests.world.truth import Line

CODES = {"reverted", "fix-waiting"}


def _told(document: Mapping[str, Any]) -> set[tuple[str, str]]:
    return {
        (found["container"], found["code"])
        for found in document["findings"]
        if found["code"] in CODES
    }


@pytest.mark.parametrize(("clone", "github"), [(True, True), (True, False), (False, True)])
def test_what_was_reverted_and_what_contains_it(prod: Prod, clone: bool, github: bool) -> None:
    """cache runs #21 itself, docs something after it; web and others run the revert as well."""
    with github_down(prod.world, not github):
        document = prod.json("ps", clone=clone)
    assert _told(document) == {
        ("shop_cache_1", "reverted"),
        ("shop_cache_1", "fix-waiting"),
        ("shop_docs_1", "fix-waiting"),
    }
    named = prod.world.history.named
    for found in document["findings"]:
        if found["code"] in CODES:
            assert found["severity"] == "warning"
            assert named["revert"][:12] in found["message"]
        if found["code"] == "fix-waiting":
            assert "a revert of what it runs is in a build and not deployed" in found["message"]


def test_the_fleet(world: World) -> None:
    """Whatever contains #21 and not #23, on the way to the default branch's head."""
    line, named = Line(world.history), world.history.named
    main = line.reach(world.history.head)
    waits = {
        name
        for name, truth in world.fleet.truths.items()
        if truth.managed and truth.in_history and truth.state != "created" and truth.sha in main
        if named["reverted"] in line.reach(truth.sha)
        and named["revert"] not in line.reach(truth.sha)
    }
    assert waits == {"pruned"}
    told = _told(world.ask("ps", "-o", "json").json())
    assert told == {(name, "fix-waiting") for name in waits}
